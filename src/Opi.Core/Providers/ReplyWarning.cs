namespace Opi;

/// <summary>What a person should know of a reply that was read.</summary>
/// <param name="Kind">What makes two warnings the same one: who answered, and which member of the reply it is about.</param>
/// <param name="Text">The warning.</param>
internal sealed record ReplyWarning(string Kind, string Text)
{
    /// <summary>Whether it is about the content of the reply, and not about what it cost.</summary>
    public bool IsOfContent { get; private init; }

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["anthropic"] = "Anthropic",
        ["openai"] = "OpenAI",
        ["azure"] = "Azure",
        ["gemini"] = "Gemini",
        ["google"] = "Google",
        ["bedrock"] = "Bedrock",
        ["ollama"] = "Ollama",
        ["openrouter"] = "OpenRouter",
        ["vercel"] = "Vercel",
        ["deepseek"] = "DeepSeek",
        ["xai"] = "xAI",
        ["groq"] = "Groq",
        ["mistral"] = "Mistral",
        ["perplexity"] = "Perplexity",
        ["cerebras"] = "Cerebras",
        ["cohere"] = "Cohere",
    };

    /// <summary>
    /// What of the reply could not be kept, and what keeps the cost of an answer from being known, one warning for each kind. Where the
    /// provider stated the cost nothing keeps it from that.
    /// </summary>
    public static IReadOnlyList<ReplyWarning> Of(Message message) =>
        message is AssistantMessage answer
            ? [.. OfContent(answer).Concat(OfUsage(answer)).DistinctBy(warning => warning.Kind)]
            : [];

    private static IEnumerable<ReplyWarning> OfContent(AssistantMessage answer) =>
        answer.NotKept.GroupBy(kind => kind).Select(kind => new ReplyWarning(
            $"{answer.Provider}:content:{kind.Key}",
            $"{NameOf(answer.Provider)}'s reply has something that no message can hold, and it was left out: {kind.Key}"
                + (kind.Count() > 1 ? $" ({kind.Count()} times)." : "."))
        {
            IsOfContent = true,
        });

    private static IEnumerable<ReplyWarning> OfUsage(AssistantMessage answer) =>
        answer.Usage.Billing is { StatedCost: null } billing ? billing.Unknown.Select(reason => Of(answer.Provider, reason)) : [];

    private static string NameOf(string provider) => Names.GetValueOrDefault(provider, provider.Length > 0 ? provider : "The provider");

    private static ReplyWarning Of(string provider, string reason)
    {
        string name = NameOf(provider);
        int colon = reason.IndexOf(": ", StringComparison.Ordinal);
        int equals = reason.IndexOf('=', StringComparison.Ordinal);
        bool hasWhy = colon > 0 && (equals < 0 || colon < equals);
        string member = reason[..(hasWhy ? colon : equals > 0 ? equals : reason.Length)];
        string value = !hasWhy && equals > 0 ? reason[(equals + 1)..] : "";
        bool isNumber = double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out double number) && number > 0;
        string what = hasWhy ? $"{name}'s usage has '{member}': {reason[(colon + 2)..]}. The cost is known only in part."
            : isNumber || value.Length == 0 ? $"{name}'s usage has '{member}', which this Opi does not know: the cost is known only in part."
            : $"{name}'s usage has '{member}' with the value '{value}', which this Opi does not know: the cost is known only in part.";
        return new ReplyWarning($"{provider}:{member}", what);
    }
}
