using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>The messages of a request to a provider, as messages: the way back from <see cref="ProviderRequest"/>.</summary>
/// <param name="Messages">User, assistant and tool results, in their order. Usage is not known: requests have none.</param>
/// <param name="Warnings">What a message has no place for, a line each.</param>
internal sealed record ProviderMessages(IReadOnlyList<Message> Messages, IReadOnlyList<string> Warnings)
{
    private readonly ValueList<Message> _messages = new(Messages);
    private readonly ValueList<string> _warnings = new(Warnings);

    /// <summary>User, assistant and tool results, in their order. Usage is not known: requests have none.</summary>
    public IReadOnlyList<Message> Messages { get => _messages.Items; init => _messages = new(value); }

    /// <summary>What a message has no place for, a line each.</summary>
    public IReadOnlyList<string> Warnings { get => _warnings.Items; init => _warnings = new(value); }

    private static readonly string[] ResponsesItems =
    [
        "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "reasoning", "item_reference",
        "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "x_search_call",
        "mcp_call", "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "tool_search_call", "tool_search_output",
        "local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output",
        "computer_call", "computer_call_output", "compaction", "configuration_update", "program", "program_output", "additional_tools",
    ];
    private static readonly string[] SystemTexts = ["system", "systemInstruction", "system_instruction", "instructions"];
    private static readonly string[] ResponsesParts = ["input_text", "output_text", "input_image"];
    private static readonly string[] AnthropicBlocks =
    [
        "tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document", "search_result", "server_tool_use", "mcp_tool_use",
        "container_upload", "compaction", "fallback",
    ];

    private static readonly string[] BedrockBlocks =
    [
        "text", "image", "toolUse", "toolResult", "reasoningContent", "citationsContent", "document", "video", "audio", "searchResult",
        "guardContent", "cachePoint",
    ];

    /// <summary>Reads a request, the list of its messages, or one message.</summary>
    /// <param name="value">It as JSON, or as text that holds JSON, also in lines.</param>
    /// <param name="provider">Its shape; null to recognise it.</param>
    /// <param name="model">The model that was asked, as <c>provider:model</c>; null for the shape's provider.</param>
    /// <param name="timestampMs">The time of the messages; null for now.</param>
    /// <returns>The messages; null when the value is something else.</returns>
    /// <exception cref="UnknownReplyException">Nothing of them can be read in the named shape.</exception>
    public static ProviderMessages? TryParse(JsonElement value, Provider? provider = null, string? model = null, long? timestampMs = null)
    {
        JsonElement request = JsonHalves.Mend(ReplyText.TryParse(value) ?? value);
        if (OfExtensionsAI(request) is { Length: > 0 } foreign)
        {
            var messages = new RequestReader("", model, timestampMs ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            Array.ForEach(foreign, item => ExtensionsAIReply.ReadMessage(item, messages));
            return new ProviderMessages(messages.Messages, messages.Warnings);
        }

        if (ItemsOf(request, provider) is not { Length: > 0 } items)
        {
            return null;
        }

        Provider? found = provider ?? ShapeOf(request, items);
        ProviderShape shape = ProviderShape.Of(found ?? Provider.OpenAIChat);
        var reader = new RequestReader(
            found is null ? "" : shape.Name, model, timestampMs ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        if (Array.Exists(SystemTexts, name => request.Get(name) is not null))
        {
            reader.LeftOut("system text");
        }

        foreach (JsonElement item in items)
        {
            shape.ReadMessage(item, reader);
        }

        if (provider is { } named && reader.Messages.Count == 0 && ShapeOf(request, items) is { } other && other != named)
        {
            throw new UnknownReplyException($"The messages have the shape of {other}, and nothing of them can be read in that of {named}.");
        }

        return new ProviderMessages(reader.Messages, reader.Warnings);
    }

    public static bool IsMessage(JsonElement value) =>
        IsResponsesItem(value)
        || InteractionsStep.Is(value)
        || (ExtensionsAIReply.IsMessage(value) && !ExtensionsAIReply.IsUpdate(value))
        || value.Get("parts") is not null
        || (value.Get("role") is { ValueKind: JsonValueKind.String }
            && (value.Get("content") is not null || value.Get("tool_calls") is not null || value.Get("images") is not null)
            && !ProviderShape.Of(Provider.Anthropic).Is(value));

    /// <summary>The messages of a conversation of Microsoft.Extensions.AI; null when the value is something else.</summary>
    private static JsonElement[]? OfExtensionsAI(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && ExtensionsAIReply.Is(value))
        {
            return null; // a reply
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
            : value.Get("messages") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()]
            : [value];
        return Array.TrueForAll(items, item => ExtensionsAIReply.IsMessage(item) && !ExtensionsAIReply.IsUpdate(item)) ? items : null;
    }

    private static JsonElement[]? ItemsOf(JsonElement request, Provider? provider)
    {
        if (request.ValueKind == JsonValueKind.Array)
        {
            JsonElement[] listed = [.. request.EnumerateArray()];
            bool areItems = provider == Provider.OpenAIResponses || Array.Exists(listed, IsMessage);
            return All(listed, item => areItems && IsItem(item));
        }

        if (request.Get("choices") is not null || request.Get("output") is not null || request.Get("candidates") is not null
            || ProviderShape.Of(Provider.GeminiInteractions).Is(request))
        {
            return null; // a reply
        }

        return IsMessage(request) ? [request]
            : request.Get("input") is { ValueKind: JsonValueKind.String } text
                ? [new JsonObject { ["role"] = "user", ["content"] = text.GetString() }.ToElement()]
            : All(
                [.. (request.Get("messages") ?? request.Get("contents") ?? request.Get("input")).Items()],
                item => item.Get("role") is { ValueKind: JsonValueKind.String } || (request.Get("input") is not null && IsItem(item)));

        // An item of a kind that is not known must not cost the others.
        static bool IsItem(JsonElement item) => item.Get("type") is { ValueKind: JsonValueKind.String };

        static JsonElement[]? All(JsonElement[] items, Func<JsonElement, bool> orIs) =>
            Array.TrueForAll(items, item => IsMessage(item) || orIs(item)) ? items : null;
    }

    private static Provider? ShapeOf(JsonElement request, JsonElement[] items)
    {
        JsonElement[] blocks = [.. items.SelectMany(item => item.Items("content")).Where(block => block.ValueKind == JsonValueKind.Object)];
        return request.Get("contents") is not null || items.Any(item => item.Get("parts") is not null) ? Provider.Gemini
            : IsInteractionsInput(request, items) ? Provider.GeminiInteractions
            : request.Get("input") is not null || items.Any(IsResponsesItem) ? Provider.OpenAIResponses
            : blocks.Any(block => block.Get("type") is null && BedrockBlocks.Any(name => block.Get(name) is not null)) ? Provider.Bedrock
            : blocks.Any(block => AnthropicBlocks.Contains(block.Text("type"))) ? Provider.Anthropic
            : request.Get("system") is not null ? Provider.Anthropic
            : items.Any(item => item.Get("tool_name") is not null || item.Get("images") is not null
                || item.Items("tool_calls").Any(call => call.Get("function", "arguments") is { ValueKind: JsonValueKind.Object })) ? Provider.Ollama
            : items.Any(item => item.Get("tool_calls") is not null || item.Text("role") is "tool" or "developer")
                || blocks.Any(block => block.Is("type", "image_url")) ? Provider.OpenAIChat
            : null;
    }

    private static bool IsInteractionsInput(JsonElement request, JsonElement[] items) =>
        items.Any(InteractionsStep.Is)
        || (request.Get("input") is not null && items.Any(item => InteractionsStep.IsContent(item) || item.Is("role", "model")));

    private static bool IsResponsesItem(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && (ResponsesItems.Contains(value.Text("type"))
            || (value.Is("type", "message") && (value.Is("role", "user") || value.Get("content") is { ValueKind: JsonValueKind.String }))
            || value.Get("parts") is not null
        || (
            value.Get("role") is not null
                && value.Items("content").Any(part => part.ValueKind == JsonValueKind.Object && ResponsesParts.Contains(part.Text("type")))));
}
