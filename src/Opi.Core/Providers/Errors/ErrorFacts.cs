using System.Text.Json;

namespace Opi;

/// <summary>
/// What an error says at any depth: its codes, its texts, its figures. Servers hand on what the one behind them said, as JSON in a text.
/// </summary>
internal sealed class ErrorFacts
{
    private const int MaxDepth = 6;
    private const int MaxText = 4000;

    private static readonly string[] CodeNames = ["code", "type", "status", "status_code", "__type", "error_type", "error_code"];
    private static readonly string[] TextNames = ["message", "Message", "msg", "detail", "title", "error", "raw", "status_msg"];
    private static readonly string[] HolderNames = ["metadata", "errors", "previous_errors", "base_resp", "response", "innererror", "cause"];

    public List<string> Codes { get; } = [];

    public List<string> Texts { get; } = [];

    /// <summary>The window, from a separate member (llama.cpp).</summary>
    public long? Limit { get; private set; }

    /// <summary>The tokens of the request, from a separate member (llama.cpp).</summary>
    public long? Requested { get; private set; }

    public static ErrorFacts Of(string? code, string? message, JsonElement? error)
    {
        var facts = new ErrorFacts();
        facts.AddCode(code);
        facts.AddText(message, 0);
        if (error is { } body)
        {
            facts.Add(body, 0);
        }

        return facts;
    }

    private void Add(JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                AddText(value.GetString(), depth);
                break;
            case JsonValueKind.Array when depth < MaxDepth:
                foreach (JsonElement item in value.EnumerateArray().Take(20))
                {
                    Add(item, depth + 1);
                }

                break;
            case JsonValueKind.Object when depth < MaxDepth:
                foreach (string name in CodeNames)
                {
                    AddCode(value.Get(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } ? value.Text(name) : null);
                }

                Limit ??= value.Count("n_ctx");
                Requested ??= value.Count("n_prompt_tokens");
                foreach (string name in TextNames.Concat(HolderNames))
                {
                    if (value.Get(name) is { } member)
                    {
                        Add(member, depth + 1);
                    }
                }

                break;
        }
    }

    private void AddCode(string? code)
    {
        if (!string.IsNullOrEmpty(code))
        {
            Codes.Add(code[(code.LastIndexOf('#') + 1)..]);
        }
    }

    private void AddText(string? text, int depth)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        int brace = text.IndexOf('{', StringComparison.Ordinal);
        int end = text.LastIndexOf('}') + 1;
        if (brace >= 0 && end > brace && depth < MaxDepth
            && ReplyJson.TryParse(text[brace..end]) is { ValueKind: JsonValueKind.Object } inner)
        {
            Add(inner, depth + 1);
            text = text[..brace];
        }

        Texts.Add(text.Length > MaxText ? text[..MaxText] : text);
    }
}
