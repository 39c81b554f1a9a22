using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Recognises the error of a context that is too long among a provider's errors, and reads the figures in it. First the status, then codes,
/// then sentences that say it; ambiguous words come last. A limit of tokens in a time is another error: waiting helps
/// there, and a shorter context need not.
/// </summary>
internal static class ContextOverflow
{
    /// <summary>A sentence begins at the start, or after a punctuation mark; it may begin with an article.</summary>
    private const string Begin = @"(?<=^|[.:;,!?>(\[{'""\n-]\s{0,3}|because )(?:(?:the|your|this|an?|requested) )?";

    private static readonly string[] Codes = [.. OverflowTable.Rules.SelectMany(rule => rule.Codes)];

    private static readonly Regex[] Sentences = [.. OverflowTable.Rules.SelectMany(rule => rule.Sentences).OrderBy(Figures).Select(Words)];

    private static readonly Regex[] LooseSentences = [.. OverflowTable.LooseSentences.Select(Words)];

    private static readonly Regex RateLimit = new(
        @"^429$|rate.?limit|throttl|quota|too many requests|resource.?exhausted|overloaded|\bTPM\b|\bRPM\b|please wait|(?:per|a|each) "
            + @"(?:second|min|minute|hour|day)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>What is wrong is a member of the request, whose value may say anything.</summary>
    private static readonly Regex OtherFault = new(
        @"^\s*(?:invalid (?:schema|value|type|'|json)|missing required|unknown (?:parameter|name)|unrecognized|unsupported|tools?[.\[])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex QuotedWord = new(@"(?<=^|[\s(\[{:=,])(['""`])([^\s'""`]+)\1", RegexOptions.CultureInvariant);

    /// <summary>A sentence that is quoted is not the error's own, unless it is its message.</summary>
    private static readonly Regex QuotedSentence = new(
        @"(?<!(?:message|msg|detail|error)['""]?\s?[:=]\s?)(?<=^|[\s(\[{:=,])(['""`])(?=\S).{0,2000}?\s.{0,2000}?\1(?=$|[\s.,;:!?)\]}])",
        RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>The error that a provider's reply is.</summary>
    /// <param name="provider">Whose reply it is.</param>
    /// <param name="code">Its code, as the provider gave it.</param>
    /// <param name="message">Its words.</param>
    /// <param name="error">The error as a whole; null when there is no more of it.</param>
    public static ProviderErrorException ErrorOf(string provider, string? code, string? message, JsonElement? error = null)
    {
        ErrorFacts facts = ErrorFacts.Of(code, message, error);
        if (!IsOverflow(facts, out Match? match))
        {
            return new ProviderErrorException(provider, code, message) { IsTransient = TransientError.Of(facts.Codes) };
        }

        long? limit = facts.Limit ?? Figure(match, "limit");
        long? requested = facts.Requested ?? Figure(match, "requested");
        return new ContextOverflowException(
            provider, code, message, limit, TokenMath.Add(requested, requested is null ? null : Figure(match, "more")));
    }

    private static bool IsOverflow(ErrorFacts facts, out Match? match)
    {
        string[] texts = [.. facts.Texts.Select(OwnWords)];
        Match? sentence = Find(Sentences, texts);
        match = sentence ?? Find(LooseSentences, texts);
        bool isTyped = facts.Codes.Exists(code => Codes.Contains(code, StringComparer.OrdinalIgnoreCase));
        if (facts.Codes.Exists(IsOtherStatus))
        {
            return facts.Codes.Contains("exceed_context_size_error"); // llama.cpp answered it with 500 at first
        }

        if (isTyped)
        {
            return true;
        }

        if (match is null || facts.Codes.Exists(IsOtherCode) || texts.Any(text => RateLimit.IsMatch(text) || OtherFault.IsMatch(text)))
        {
            return false;
        }

        return sentence is not null
            || facts.Codes.TrueForAll(code => OverflowTable.GeneralCodes.Contains(code, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A status by which the request may not even have been read: keys, rights, limits in a time, a server that failed.</summary>
    private static bool IsOtherStatus(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status)
            && status is 401 or 402 or 403 or 404 or 429 or (>= 500 and < 600);

    private static bool IsOtherCode(string code) =>
        RateLimit.IsMatch(code) || OverflowTable.OtherCodes.Contains(code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sentences with more figures are looked for first.</summary>
    private static int Figures(string sentence) =>
        sentence.Contains("?<more>", StringComparison.Ordinal) ? 0 : sentence.Contains("?<requested>", StringComparison.Ordinal) ? 1 : 2;

    private static string OwnWords(string text) => QuotedSentence.Replace(QuotedWord.Replace(text, "$2"), "");

    private static Match? Find(Regex[] sentences, string[] texts) =>
        sentences.SelectMany(sentence => texts.Select(text => sentence.Match(text))).FirstOrDefault(found => found.Success);

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
            Begin + "(?:" + pattern.Replace("#", @"\d[\d,_]*", StringComparison.Ordinal) + ")",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
}
