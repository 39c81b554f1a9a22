using System.Text.RegularExpressions;

namespace Opi.CompactionRun;

/// <summary>
/// Stands in for a model that summarises: notes each mark that the prompt shows it, the newest first, until the budget is full. No model is as
/// thorough or as dull, but all rules have the same one, so that what differs is what they show it.
/// </summary>
internal static partial class StandInModel
{
    public static string Summarize(string prompt, long budgetTokens)
    {
        var marks = new List<string>();
        long tokens = 0;
        foreach (Match match in Marks().Matches(prompt).Reverse())
        {
            string mark = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value;
            if (marks.Contains(mark))
            {
                continue;
            }

            tokens += TokenEstimator.CountText(mark) + 1;
            if (tokens > budgetTokens)
            {
                break;
            }

            marks.Add(mark);
        }

        marks.Reverse();
        return "Notes: " + string.Join(' ', marks);
    }

    /// <summary>Requests and errors, files that were written, and files that stand in earlier notes.</summary>
    [GeneratedRegex("""\b([RE]\d{5})\b|(?:edit|write)\(\{"(?:path|file_path)":"(src/f\d{4}\.cs)|(?<![":/\w])(src/f\d{4}\.cs)(?!")""")]
    private static partial Regex Marks();
}
