using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Makes completions of texts: those that begin with what is typed, quoted where they need it.</summary>
internal static class Completions
{
    /// <summary>The texts that fit.</summary>
    /// <param name="word">What is typed, with or without quotes.</param>
    /// <param name="offers">The texts, with a tooltip each.</param>
    public static IEnumerable<CompletionResult> Of(string word, IEnumerable<(string Text, string Tooltip)> offers)
    {
        string typed = word.Trim('\'', '"');
        return
        [
            .. offers.Where(offer => offer.Text.Length > 0 && offer.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                .DistinctBy(offer => offer.Text)
                .Select(offer => new CompletionResult(
                    Quote(offer.Text),
                    VisibleText.Of(offer.Text),
                    CompletionResultType.ParameterValue,
                    offer.Tooltip.Length > 0 ? VisibleText.Of(offer.Tooltip) : offer.Text)),
        ];
    }

    public static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '\\' or '~') && text[0] != '-'
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
