namespace Opi;

/// <summary>Why costs are not known, or only in part, in sentences.</summary>
internal static class UnknownReasons
{
    private const int MaxNames = 10;
    private const int MaxLength = 60;

    /// <summary>The reasons for a report; null when its cost is complete.</summary>
    public static string? Of(CostGroup total)
    {
        List<string> reasons = [.. Of(total.Unknown, name => ReportText.Cut(name, MaxLength))];
        if (total.Cost.UnreadFiles > 0)
        {
            reasons.Add($"{ReportText.Plural(total.Cost.UnreadFiles, "file or folder was", "files and folders were")} not read.");
        }

        return reasons.Count > 0 ? string.Join(' ', reasons) : null;
    }

    /// <summary>The reasons, each a sentence.</summary>
    /// <param name="unknown">How many responses there are of each reason.</param>
    /// <param name="show">Makes the text of a name, which may come from a log.</param>
    /// <param name="lack">What the named models do not have.</param>
    public static IEnumerable<string> Of(UnknownCosts unknown, Func<string, string> show, string lack = "no price")
    {
        string[] models = [.. unknown.Models.Keys.Where(model => model.Length > 0)];
        if (models.Length > 0)
        {
            int count = models.Sum(model => unknown.Models[model]);
            yield return $"{ReportText.Plural(count, "response has", "responses have")} {lack}: {Names(models, show)}.";
        }

        if (unknown.Models.TryGetValue("", out int nameless))
        {
            yield return $"{ReportText.Plural(nameless, "response names", "responses name")} no model.";
        }

        if (unknown.Details.Count > 0)
        {
            yield return $"A part of some responses has no price: {Names([.. unknown.Details.Keys], show)}.";
        }

        if (unknown.Unreported > 0)
        {
            yield return $"The tokens of {ReportText.Plural(unknown.Unreported, "response", "responses")} were not reported.";
        }

        if (unknown.TooLarge > 0)
        {
            yield return $"{ReportText.Plural(unknown.TooLarge, "response costs", "responses cost")} too much to be added.";
        }
    }

    private static string Names(string[] names, Func<string, string> show) =>
        string.Join(", ", names.Take(MaxNames).Select(show)) + (names.Length > MaxNames ? $" and {names.Length - MaxNames} more" : "");
}
