namespace Opi;

internal sealed partial class ReportPage
{
    private const int BlockRows = 50;

    /// <summary>How fast the money goes: the blocks of five hours, their rates, and what the current one will have cost at its end.</summary>
    private void WriteBurn()
    {
        CostGroup[] blocks = [.. _report.ByBlock.ToRows().Where(block => block.Keys[0] is DateTimeOffset).Reverse()];
        if (blocks.Length == 0)
        {
            return; // it is not known when the responses came
        }

        using HtmlElement section = BeginSection(
            "Burn",
            "Blocks of five hours of work, as some subscriptions count their limits. The rate is what an hour cost, from the first to the last "
                + "response of a block.");
        if (_options.WrittenAt is { } now && blocks[0] is var last && last.Ends > now && last.First <= now)
        {
            string ahead = last.BurnRate is { } rate && last.Projected(now) is { } projected
                ? $", {ReportText.Money(rate)} an hour. At this rate it will have cost {ReportText.Money(projected)} at its end."
                : ". Its rate is not known.";
            string soFar = $"The current block ends at {TimeOf(last.Ends)}. So far it cost {ReportAmount.Of(last)}";
            _html.Element("p", soFar + ahead, ("class", "now")).Line();
        }

        CostGroup[] dearest = [.. blocks.OrderByDescending(block => block.KnownCost).Take(TopRows)];
        _charts.DrawRows(
            "burn",
            "The blocks that cost most",
            string.Join(", ", dearest.Select(block => $"{TimeOf(block.Keys[0])}: {Value(block)}")) + ".",
            [.. dearest.Select(block => new ChartWriter.Row(
                TimeOf(block.Keys[0]),
                Value(block),
                $"{TimeOf(block.Keys[0])} to {TimeOf(block.Ends)}\n{Value(block)}",
                [new(block.KnownCost, ChartWriter.ColourOf(0))]))]);
        WriteTable(
            blocks.Length > BlockRows ? $"The last {BlockRows} blocks" : "Blocks",
            ["Begun", "Ends", "Responses", "Tokens", "Cost", "An hour", "Projected"],
            blocks.Take(BlockRows).Select(block => (string[])
            [
                TimeOf(block.Keys[0]),
                TimeOf(block.Ends),
                ReportText.Count(block.Cost.Responses),
                ReportText.Count(block.Cost.TotalTokens),
                ReportAmount.Of(block).ToString(),
                block.BurnRate is { } rate ? ReportText.Money(rate) : "-",
                _options.WrittenAt is { } at && block.Projected(at) is { } projected ? ReportText.Money(projected) : "-",
            ]));

        string TimeOf(object? time) => ReportText.Time(TimeZoneInfo.ConvertTime((DateTimeOffset)time!, _report.Zone));

        static string Value(CostGroup block) =>
            block.BurnRate is { } rate ? $"{ReportAmount.Of(block)}, {ReportText.Money(rate)} an hour" : ReportAmount.Of(block).ToString();
    }
}
