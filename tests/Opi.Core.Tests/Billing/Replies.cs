using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>The smallest replies around a usage.</summary>
internal static class Replies
{
    public const string Model = "some-model";

    /// <summary>Reads a reply as the answer of a provider.</summary>
    public static AssistantMessage Read(JsonNode reply, string? model = null, Provider? shape = null) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(reply), shape, model, 1)));

    public static JsonObject Anthropic(JsonNode usage, string model = Model, params JsonNode[] blocks) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = new JsonArray([.. blocks, new JsonObject { ["type"] = "text", ["text"] = "ok" }]),
        ["stop_reason"] = "end_turn",
        ["usage"] = usage,
    };

    public static JsonObject Chat(JsonNode usage, string model = Model) => new()
    {
        ["id"] = "c",
        ["object"] = "chat.completion",
        ["model"] = model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "ok" },
            ["finish_reason"] = "stop",
        }),
        ["usage"] = usage,
    };

    public static JsonObject Responses(JsonNode usage, string model = Model, params JsonNode[] items) => new()
    {
        ["id"] = "resp_1",
        ["object"] = "response",
        ["status"] = "completed",
        ["model"] = model,
        ["output"] = new JsonArray(
        [
            .. items,
            JsonNode.Parse("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]}"""),
        ]),
        ["usage"] = usage,
    };

    public static JsonObject Gemini(JsonNode usage, string model = Model) => new()
    {
        ["candidates"] = new JsonArray(JsonNode.Parse("""{"content":{"parts":[{"text":"ok"}],"role":"model"},"finishReason":"STOP"}""")),
        ["usageMetadata"] = usage,
        ["modelVersion"] = model,
    };

    public static JsonObject Interactions(JsonNode usage, string model = Model, params JsonNode[] steps) => new()
    {
        ["id"] = "v1_1",
        ["object"] = "interaction",
        ["status"] = "completed",
        ["model"] = model,
        ["steps"] = new JsonArray([.. steps, JsonNode.Parse("""{"type":"model_output","content":[{"type":"text","text":"ok"}]}""")]),
        ["usage"] = usage,
    };

    public static JsonObject Bedrock(JsonNode usage) => new()
    {
        ["output"] = JsonNode.Parse("""{"message":{"role":"assistant","content":[{"text":"ok"}]}}"""),
        ["stopReason"] = "end_turn",
        ["usage"] = usage,
    };

    public static JsonObject Ollama(JsonObject counts, string model = Model)
    {
        var reply = new JsonObject { ["model"] = model, ["message"] = JsonNode.Parse("""{"role":"assistant","content":"ok"}"""), ["done"] = true };
        foreach ((string name, JsonNode? value) in counts)
        {
            reply[name] = value?.DeepClone();
        }

        return reply;
    }

    /// <summary>The reply of a shape.</summary>
    public static JsonObject Of(string shape, JsonNode usage) => shape switch
    {
        "Anthropic" => Anthropic(usage),
        "OpenAIChat" => Chat(usage),
        "OpenAIResponses" => Responses(usage),
        "Gemini" => Gemini(usage),
        "GeminiInteractions" => Interactions(usage),
        "Bedrock" => Bedrock(usage),
        "Ollama" => Ollama((JsonObject)usage),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    /// <summary>A file of tests/data/usage.</summary>
    public static string Data(string name) => Path.Combine(Repository.Root, "tests", "data", "usage", name);
}
