using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>
/// OpenAI Responses. Summaries of the reasoning become thinking. Of generated images only the name is kept; tools that run at the provider have
/// no place in a message and are left out.
/// </summary>
internal sealed partial class OpenAIResponsesShape
{
    public const string ProviderName = "openai";

    public override Provider Provider => Provider.OpenAIResponses;

    public override string Name => ProviderName;

    public override string DataName => "openai-responses";

    public override string LookedFor => "'output', with object 'response'";

    public override bool Is(JsonElement reply) =>
        reply.Is("object", "response") || (reply.Get("output") is { ValueKind: JsonValueKind.Array } && reply.Get("status") is not null);

    public override bool CouldBe(JsonElement reply) => reply.Get("output") is not null && reply.Object("output")?.Object("message") is null;

    public override bool IsEvent(JsonElement chunk) =>
        chunk.Get("type") is { ValueKind: JsonValueKind.String } type && type.GetString()!.StartsWith("response.", StringComparison.Ordinal);

    public override Reply Read(JsonElement reply)
    {
        if (reply.Text("status") is "queued" or "in_progress")
        {
            throw new UnknownReplyException($"The response '{reply.Text("id")}' is {reply.Text("status")}: ask for it again when it is completed.");
        }

        var result = new Reply(ProviderName) { Id = reply.Text("id"), Model = reply.Text("model"), Billed = ResponsesUsage.Instance.Take(reply) };
        foreach (JsonElement item in reply.Items("output"))
        {
            AddItem(result, item);
        }

        string? reason = reply.Object("incomplete_details")?.Text("reason");
        switch (reply.Text("status"))
        {
            case "incomplete":
                result.Stop(reason ?? "incomplete", [], ["max_output_tokens"], []);
                break;
            case "cancelled":
                result.Stop(Reply.CutOff, [], [], []);
                break;
            default:
                result.Stop(null, [], [], []);
                break;
        }

        return result;
    }

    /// <summary>The events of a stream as the whole reply: the last one has it, unless the stream was cut off.</summary>
    public override JsonElement Assemble(IReadOnlyList<JsonElement> events)
    {
        JsonElement[] items = [.. events.Where(
            item => item.Is("type", "response.output_item.done")).Select(item => item.Object("item")).OfType<JsonElement>()];
        JsonElement? last = events.Select(item => item.Object("response")).LastOrDefault(response => response is not null);
        JsonObject reply = last is { } known ? JsonObject.Create(known)! : new JsonObject { ["object"] = "response" };
        if (last is null || last.Value.Text("status") is "queued" or "in_progress")
        {
            reply["status"] = "cancelled";
        }

        if (last?.Items("output").Any() != true)
        {
            reply["output"] = new JsonArray([.. items.Select(item => JsonNode.Parse(item.GetRawText()))]);
        }

        return JsonSerializer.SerializeToElement(reply);
    }

    /// <summary>Adds an item of an answer; in a request a message needs no type, and its content may be a text.</summary>
    public static void AddItem(Reply result, JsonElement item)
    {
        switch (item.Text("type") ?? "message")
        {
            case "message":
                foreach (JsonElement part in item.Items("content"))
                {
                    result.AddText(part.ValueKind == JsonValueKind.String ? part.GetString() : part.Text("text") ?? part.Text("refusal"));
                }

                break;
            case "reasoning":
                JsonElement[] pieces = [.. item.Items("content")];
                string text = string.Join("\n\n", (pieces.Length > 0 ? pieces : item.Items("summary")).Select(piece => piece.Text("text")));
                result.AddThinking(text, encryptedContent: item.Text("encrypted_content"), id: item.Text("id"));
                break;
            case "function_call":
                result.AddCall(item.Text("call_id") ?? item.Text("id"), item.Text("name"), ReplyJson.Arguments(item.Get("arguments")));
                break;
            case "image_generation_call":
                result.AddImage($"image/{item.Text("output_format") ?? "png"}");
                break;
            case "custom_tool_call":
                // Its input is free text; arguments are JSON.
                result.AddCall(
                    item.Text("call_id") ?? item.Text("id"), item.Text("name"), new JsonObject { ["input"] = item.Text("input") }.ToJsonString());
                break;
        }
    }
}
