using System.Text.RegularExpressions;

namespace Opi.CompactionRun;

/// <summary>
/// Finds the facts that a text has. As a stand-in for a model that summarises it notes each of them, the newest first, until its budget is full:
/// no model is as thorough, but all rules have the same one.
/// </summary>
internal static partial class FactModel
{
    public static HashSet<string> Known(string text) => [.. Probes().Matches(text).Select(match => match.Value)];

    public static string Summarize(string text, long budgetTokens)
    {
        var notes = new List<string>();
        var seen = new HashSet<string>();
        long tokens = 0;
        foreach (Match match in Probes().Matches(text).Reverse().Where(match => seen.Add(match.Value)))
        {
            tokens += TokenEstimator.CountText(match.Value) + 1;
            if (tokens > budgetTokens)
            {
                break;
            }

            notes.Add(match.Value);
        }

        notes.Reverse();
        return "Notes: " + string.Join(' ', notes);
    }

    [GeneratedRegex(@"src/\w+/Kx\d{5}q\w+\.cs|Kx\d{5}q|1\d{5}")]
    private static partial Regex Probes();
}
