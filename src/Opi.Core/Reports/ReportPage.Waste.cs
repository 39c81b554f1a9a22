namespace Opi;

internal sealed partial class ReportPage
{
    private const int WasteRows = 20;

    /// <summary>What was paid for nothing, as far as the responses alone tell: what tools read again stands in the messages.</summary>
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

        (WasteKind Kind, decimal Known, int Unknown, OpiWaste[] Rows)[] kinds =
        [
            .. waste.GroupBy(row => row.Kind)
                .Select(kind => (kind.Key, kind.Sum(row => row.Cost ?? 0), kind.Count(row => row.Cost is null), kind.ToArray()))
                .OrderByDescending(kind => kind.Item2).ThenBy(kind => kind.Key),
        ];
        _charts.DrawRows(
            "waste",
            "Cost of waste by kind",
            string.Join(", ", kinds.Select(kind => $"{kind.Kind}: {Cost(kind.Known, kind.Unknown)}")) + ".",
            [.. kinds.Select(kind => new ChartWriter.Row(
                kind.Kind.ToString(),
                Cost(kind.Known, kind.Unknown),
                $"{kind.Kind}\n{Cost(kind.Known, kind.Unknown)}\n{ReportText.Count(kind.Rows.Length)} times",
                [new(kind.Known, ChartWriter.ColourOf(0))]))]);
        WriteTable(
            "Waste by kind",
            ["Kind", "Times", "Tokens", "Cost"],
            kinds.Select(kind => (string[])
            [
                kind.Kind.ToString(),
                ReportText.Count(kind.Rows.Length),
                ReportText.Count(kind.Rows.Aggregate(0L, (sum, row) => TokenMath.Add(sum, row.Tokens))),
                Cost(kind.Known, kind.Unknown),
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
                row.Cost is { } cost ? ReportText.Money(cost) : "unknown",
                row.Detail,
            ]));

        static string Cost(decimal known, int unknown) =>
            unknown == 0 ? ReportText.Money(known) : known == 0 ? "unknown" : $">= {ReportText.Money(known)}";
    }
}
