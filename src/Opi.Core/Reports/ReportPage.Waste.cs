namespace Opi;

internal sealed partial class ReportPage
{
    private const int WasteRows = 20;

    /// <summary>What was paid for nothing, as far as the responses show it: what tools read again is known from messages only.</summary>
    private void WriteWaste()
    {
        IReadOnlyList<OpiWaste> waste = _report.FindWaste(_cancellation);
        using HtmlElement section = BeginSection("Waste", waste.Count == 0
            ? "No miss of a cache, failed compaction or retry was found."
            : "What was paid beyond what a hit of the cache would have cost, and for failed compactions and retries, at list prices.");
        if (waste.Count == 0)
        {
            return;
        }

        (WasteKind Kind, ReportAmount Cost, OpiWaste[] Rows)[] kinds =
        [
            .. waste.GroupBy(row => row.Kind)
                .Select(kind => (Kind: kind.Key, Cost: ReportAmount.Sum(kind.Select(CostOf)), Rows: kind.ToArray()))
                .OrderByDescending(kind => kind.Cost.Known).ThenBy(kind => kind.Kind),
        ];
        _charts.DrawRows(
            "waste",
            "Cost of waste by kind",
            string.Join(", ", kinds.Select(kind => $"{kind.Kind}: {kind.Cost}")) + ".",
            [.. kinds.Select(kind => new ChartWriter.Row(
                kind.Kind.ToString(),
                kind.Cost.ToString(),
                $"{kind.Kind}\n{kind.Cost}\n{ReportText.Plural(kind.Rows.Length, "time", "times")}",
                [new(kind.Cost.Known, ChartWriter.ColourOf(0))]))]);
        WriteTable(
            "Waste by kind",
            ["Kind", "Times", "Tokens", "Cost"],
            kinds.Select(kind => (string[])
            [
                kind.Kind.ToString(),
                ReportText.Count(kind.Rows.Length),
                ReportText.Count(kind.Rows.Aggregate(0L, (sum, row) => TokenMath.Add(sum, row.Tokens))),
                kind.Cost.ToString(),
            ]));
        WriteTable(
            "The dearest waste",
            ["Kind", "Time", "Session", "Project", "Tokens", "Cost", "What happened"],
            waste.OrderByDescending(row => row.Cost ?? 0).Take(WasteRows).Select(row => (string[])
            [
                row.Kind.ToString(),
                row.Timestamp is { } time ? ReportText.Time(TimeZoneInfo.ConvertTime(time, _report.Zone)) : "-",
                Name(row.Session, NoSession),
                Name(row.Project, NoProject),
                ReportText.Count(row.Tokens),
                CostOf(row).ToString(),
                row.Detail,
            ]));

        static ReportAmount CostOf(OpiWaste row) => new(row.Cost ?? 0, row.Cost is not null);
    }
}
