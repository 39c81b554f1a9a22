using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Puts the caller's members into the request of a conversation.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The limit of an answer's tokens where the provider requires one and the caller gives none. Every model of Anthropic accepts it.
    /// </summary>
    public const int DefaultMaxTokens = 4096;

    /// <summary>Members that hold the conversation, by every provider's name. They are the session's.</summary>
    public static readonly IReadOnlyList<string> Conversation =
        ["messages", "input", "contents", "system", "instructions", "systemInstruction", "system_instruction"];

    /// <summary>The model that a request goes to, as <c>provider:model</c>: named by the caller's members, else the session's.</summary>
    public static string? ModelOf(JsonElement? body, string? sessionModel)
    {
        string provider = ModelName.Split(sessionModel).Provider;
        return body?.Text("model") is { Length: > 0 } named ? ModelName.Join(provider, named) ?? sessionModel : sessionModel;
    }

    /// <summary>
    /// The whole body. An object of the caller's joins one of the same name, a list of tools goes behind the turn's tools, and everything else
    /// of the caller's takes the place of what was there.
    /// </summary>
    /// <param name="request">The part that has the conversation.</param>
    /// <param name="model">The model as <c>provider:model</c>; null when not known.</param>
    /// <param name="body">The caller's members; null for none.</param>
    public static JsonElement Complete(ProviderRequest request, string? model, JsonElement? body)
    {
        var whole = new JsonObject();
        string name = ModelName.Split(model).Model;
        if (name.Length > 0 && request.Provider is not (Provider.Gemini or Provider.Bedrock)) // whose address names the model
        {
            whole["model"] = name;
        }

        if (request.Provider == Provider.Anthropic)
        {
            whole["max_tokens"] = DefaultMaxTokens;
        }

        ProviderJson.Merge(whole, request.Body);
        if (body is { } given)
        {
            Merge(whole, ExtraMembers.ToObject(given, JsonCursor.MaxDepth), isTop: true);
        }

        return whole.ToElement();
    }

    private static void Merge(JsonObject into, JsonObject from, bool isTop)
    {
        foreach ((string name, JsonNode? value) in from)
        {
            if (into[name] is JsonObject known && value is JsonObject more)
            {
                Merge(known, more, isTop: false);
            }
            else if (isTop && name == "tools" && into[name] is JsonArray tools && value is JsonArray others)
            {
                foreach (JsonNode? tool in others)
                {
                    tools.Add(tool?.DeepClone());
                }
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
