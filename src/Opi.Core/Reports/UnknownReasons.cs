namespace Opi;

/// <summary>Why a cost is known in part only, in sentences for a report.</summary>
internal static class UnknownReasons
{
    private const int Named = 10;
    private const int MaxName = 60;
    private const string NoModel = "(no model)";

    /// <summary>The reasons; null when the cost is complete.</summary>
    public static string? Of(CostGroup total)
    {
        var reasons = new List<string>();
        UnknownCosts unknown = total.Unknown;
        if (unknown.Models.Count > 0)
        {
            string models = Names([.. unknown.Models.Keys.Select(model => model.Length > 0 ? model : NoModel)]);
            reasons.Add($"{ReportText.Plural(unknown.Models.Values.Sum(), "response has", "responses have")} no price: {models}.");
        }

        if (unknown.Details.Count > 0)
        {
            reasons.Add($"A part of some responses has no price: {Names([.. unknown.Details.Keys])}.");
        }

        if (unknown.Unreported > 0)
        {
            reasons.Add($"Of {ReportText.Plural(unknown.Unreported, "response", "responses")} nobody reported the tokens.");
        }

        if (unknown.TooLarge > 0)
        {
            reasons.Add($"{ReportText.Plural(unknown.TooLarge, "response costs", "responses cost")} too much to be added.");
        }

        if (total.Cost.UnreadFiles > 0)
        {
            reasons.Add($"{ReportText.Plural(total.Cost.UnreadFiles, "file or folder was", "files and folders were")} not read.");
        }

        return reasons.Count > 0 ? string.Join(' ', reasons) : null;
    }

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(Named).Select(name => ReportText.Cut(name, MaxName)))
            + (names.Length > Named ? $", and {names.Length - Named} more" : "");
}
