using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>
/// What providers refuse in a request, by their published references. Each provider's rules are a list in a class of its own; a rule gives
/// a line for every violation, with the place in the request.
/// </summary>
public static class ProviderRules
{
    private static readonly Dictionary<Provider, IReadOnlyList<Rule>> Rules = new()
    {
        [Provider.Anthropic] = AnthropicRules.All,
        [Provider.OpenAIChat] = OpenAIChatRules.All,
        [Provider.OpenAIResponses] = OpenAIResponsesRules.All,
        [Provider.Gemini] = GeminiRules.All,
        [Provider.GeminiInteractions] = GeminiInteractionsRules.All,
        [Provider.Bedrock] = BedrockRules.All,
        [Provider.Ollama] = OllamaRules.All,
    };

    /// <summary>The provider's rules, in the order in which they are checked.</summary>
    public static IReadOnlyList<Rule> Of(Provider provider) => Rules[provider];

    /// <summary>What is wrong with a whole request; empty when it would be accepted.</summary>
    public static IReadOnlyList<string> Validate(Provider provider, JsonElement request) =>
        request.ValueKind != JsonValueKind.Object
            ? ["the body is not a JSON object"]
            : [.. Rules[provider].SelectMany(rule => rule.Check(request))];

    /// <summary>What is wrong with the part of a request that has the messages: it is completed by a model and tools first.</summary>
    public static IReadOnlyList<string> ValidateMessages(Provider provider, JsonElement messagePart) => Validate(provider, Complete(provider, messagePart));

    /// <summary>A whole request, of the part that has the messages.</summary>
    public static JsonElement Complete(Provider provider, JsonElement messagePart)
    {
        JsonObject request = JsonObject.Create(messagePart.Clone())!;
        switch (provider)
        {
            case Provider.Anthropic:
                request["model"] = "claude-sonnet-4-5";
                request["max_tokens"] = 1024;
                break;
            case Provider.Bedrock:
                request["toolConfig"] = JsonNode.Parse("""{"tools":[{"toolSpec":{"name":"any","inputSchema":{"json":{"type":"object"}}}}]}""");
                break;
            case Provider.Gemini:
                break;
            default:
                request["model"] = "a-model";
                break;
        }

        return JsonSerializer.SerializeToElement(request);
    }
}
