using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Tells the error of a context that is too long from other errors of a provider, by its code or by its words, and reads the figures in them. A limit
/// of tokens in a time is another error: waiting helps there, and a shorter context need not.
/// </summary>
internal static class ContextOverflow
{
    private const int MaxText = 4000;

    private static readonly string[] Codes =
        ["context_length_exceeded", "model_context_window_exceeded", "exceed_context_size_error", "request_too_large"];

    private static readonly Regex RateLimit = Words(
        @"^429$|rate.?limit|throttl|quota|too many requests|resource.?exhausted|overloaded|\bTPM\b|\bRPM\b|(?:per|a|each) "
            + @"(?:second|min|minute|hour|day)\b");

    /// <summary>What providers say, those with figures first. # stands for a figure.</summary>
    private static readonly Regex[] Wordings =
    [
        Words(@"prompt is too long: (?<requested>#) tokens > (?<limit>#)"), // Anthropic
        Words(@"exceed context limit: (?<requested>#) \+ (?<more>#) > (?<limit>#)"), // Anthropic, with max_tokens
        Words(@"prompt is too long: (?<requested>#), model maximum context length: (?<limit>#)"), // Fireworks
        // vLLM, with max_tokens
        Words(@"too large: (?<more>#)\. .{0,60}maximum context length is (?<limit>#) tokens and your request has (?<requested>#)"),
        // OpenAI, DeepSeek, OpenRouter, vLLM
        Words(
            @"maximum context length is (?<limit>#)(?: tokens)?.{0,80}?(?:requested|resulted in|contains?|has)(?: about| at least)? (?<requested>#)"),
        Words(@"passed (?<requested>#) input tokens.{0,120}?context length is only (?<limit>#)"), // vLLM
        Words(@"\(length (?<requested>#)\) is longer than the maximum model length of (?<limit>#)"), // vLLM
        // Gemini
        Words(
            @"input token count(?: of)?(?: \(?(?<requested>#)\)?)? exceeds the maximum number of (?:input )?tokens(?: allowed)?(?: \(?(?<limit>#))?"),
        Words(@"maximum prompt length is (?<limit>#)(?: but the request contains (?<requested>#))?"), // xAI
        Words(@"request(?: \((?<requested>#) tokens\))? exceeds the available context size(?: \((?<limit>#))?"), // llama.cpp
        Words(@"prompt contains (?<requested>#) tokens.{0,60}?too large for model with (?<limit>#)"), // Mistral
        Words(@"token count of (?<requested>#) exceeds the limit of (?<limit>#)"), // GitHub Copilot
        Words(@"\((?<requested>#) tokens\) is longer than the model'?s context length \((?<limit>#)"), // Together
        Words(@"prompt has (?<requested>#) tokens?, but the configured context size is (?<limit>#)"), // Docker, llama.cpp
        Words(@"cannot exceed (?<limit>#) - received (?<requested>#)"), // Cohere
        Words(@"exceeded model token limit(?:: (?<limit>#)(?: \(requested: (?<requested>#))?)?"), // Moonshot
        Words(@"context length of only (?<limit>#)"), // LM Studio
        Words(@"range of input length should be \[#, ?(?<limit>#)\]"), // Alibaba
        Words(@"exceeds (?:the )?(?:model'?s )?maximum context length(?: of |\s*\()?(?<limit>#)?"), // LiteLLM
        Words(@"maximum context length is (?<limit>#)"),
        Words(
            "prompt (?:is )?too long|input is too long|exceeds? the context window|context window exceeds|reduce the length of the "
                + "(?:messages|prompt)"
            + "|greater than the context length|exceeds? (?:the |max(?:imum)? )?context length|exceeded (?:the |max(?:imum)? )?context "
            + "length|context (?:length|size) (?:has been )?exceeded"
            + "|number of input tokens exceeds maximum length"), // Bedrock, OpenAI, MiniMax, Groq, LM Studio, Ollama
    ];

    /// <summary>The error that a provider's reply is.</summary>
    /// <param name="provider">Whose reply it is.</param>
    /// <param name="code">Its code, as it is told.</param>
    /// <param name="message">Its words.</param>
    /// <param name="error">The error as a whole; null when there is no more of it.</param>
    public static ProviderErrorException ErrorOf(string provider, string? code, string? message, JsonElement? error = null)
    {
        string words = $"{message} {error?.Get("metadata", "raw")}"; // OpenRouter hands on what the provider behind it said
        words = words.Length > MaxText ? words[..MaxText] : words;
        string?[] codes = [code, error?.Text("code"), error?.Text("type")];
        Match? match = Array.Find(Array.ConvertAll(Wordings, wording => wording.Match(words)), found => found.Success);
        bool told = codes.Intersect(Codes).Any();
        if (!told && (match is null || RateLimit.IsMatch(words) || codes.Any(text => text is not null && RateLimit.IsMatch(text))))
        {
            return new ProviderErrorException(provider, code, message);
        }

        long? limit = error?.Count("n_ctx") ?? Figure(match, "limit");
        long? requested = error?.Count("n_prompt_tokens") ?? Figure(match, "requested");
        return new ContextOverflowException(
            provider, code, message, limit, TokenMath.Add(requested, requested is null ? null : Figure(match, "more")));
    }

    private static long? Figure(Match? match, string name) =>
        match?.Groups[name] is { Success: true, Value: var text }
            && long.TryParse(
                text.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long figure)
            ? figure
            : null;

    private static Regex Words(string pattern) =>
        new(
            pattern.Replace("#", @"\d[\d,_]*", StringComparison.Ordinal),
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
}
