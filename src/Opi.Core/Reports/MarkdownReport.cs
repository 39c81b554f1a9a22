using System.Text;

namespace Opi;

/// <summary>
/// A report as tables of Markdown. With much to show, the tables have the rows that cost most, and say how many there are.
/// </summary>
internal sealed class MarkdownReport : ReportWriter
{
    private const int MaxName = 60;

    // How many rows a table may have: the first that fits.
    private static readonly int[] Rows = [50, 25, 12, 6, 3, 0];

    private readonly CostGroups _sources;
    private readonly CostGroups _models;
    private readonly CostGroups _days;
    private readonly CostGroups _projects;
    private readonly string _priceDate;
    private readonly long? _limit;

    /// <summary>Makes an empty report.</summary>
    /// <param name="catalog">The prices.</param>
    /// <param name="zone">The time zone of days.</param>
    /// <param name="limit">How many bytes the file may have that the report is added to; null for a new file.</param>
    public MarkdownReport(PricingCatalog catalog, TimeZoneInfo zone, long? limit)
        : base(catalog, zone)
    {
        _limit = limit;
        _sources = GroupBy(CostGrouping.Source);
        _models = GroupBy(CostGrouping.Model);
        _days = GroupBy(CostGrouping.Day);
        _projects = GroupBy(CostGrouping.Project);
        _priceDate = catalog.Date;
    }

    /// <inheritdoc/>
    public override void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        stream.Write(Encoding.UTF8.GetBytes(Text(options, Rows[0])));
    }

    /// <inheritdoc/>
    public override void WriteFile(string path, ReportOptions options, CancellationToken cancellationToken)
    {
        if (_limit is { } limit)
        {
            ExportFile.Append(path, limit, room => Fit(options, room));
        }
        else
        {
            base.WriteFile(path, options, cancellationToken);
        }
    }

    /// <summary>The report in so many bytes, with fewer rows where all of them would be too long.</summary>
    /// <exception cref="IOException">Even the shortest is too long.</exception>
    private byte[] Fit(ReportOptions options, long room)
    {
        foreach (int rows in Rows)
        {
            byte[] text = Encoding.UTF8.GetBytes(Text(options, rows));
            if (text.Length <= room)
            {
                return text;
            }
        }

        throw new IOException(FormattableString.Invariant($"it has room for {Math.Max(0, room)} bytes more only, and the report is longer."));
    }

    private string Text(ReportOptions options, int rows)
    {
        var text = new StringBuilder();
        Line(text, $"## {MarkdownText.Inline(options.Title)}");
        CostGroup total = Total;
        OpiCost cost = total.Cost;
        if (cost.Responses == 0)
        {
            Line(text, $"No response was found. {MarkdownText.Inline(options.EmptyAdvice ?? "")}".TrimEnd());
            return text.ToString();
        }

        string span = total is { First: { } first, Last: { } last } ? $", {Day(first)} to {Day(last)}" : "";
        Line(
            text,
            $"**{ReportAmount.Of(total).Escaped()}** for {ReportText.Plural(cost.Responses, "response", "responses")} and "
                + $"{ReportText.Plural(cost.TotalTokens, "token", "tokens")}{span}.");
        if (UnknownReasons.Of(total) is { } reasons)
        {
            Line(text, $"> The costs are too low. {MarkdownText.Inline(reasons)}");
        }

        Table(text, "Source", _sources.ToRows(), rows);
        Table(text, "Model", _models.ToRows(), rows);
        Table(text, "Day", _days.ToRows(), rows);
        Table(text, "Project", _projects.ToRows(), rows);
        string written = options.WrittenAt is { } at ? $"Written {ReportText.Time(TimeZoneInfo.ConvertTime(at, Zone))}. " : "";
        Line(text, $"{written}Days in {MarkdownText.Inline(Zone.Id)}. Costs in US dollars, prices of {_priceDate}. This is not an invoice.");
        return text.ToString();
    }

    private static void Table(StringBuilder text, string by, IReadOnlyList<CostGroup> groups, int most)
    {
        if (most == 0 || groups.All(group => group.Keys[0] is null))
        {
            return; // no room, or nothing is known of it
        }

        // by day in their order, the last ones; else those that cost most first
        CostGroup[] rows = by == "Day"
            ? [.. groups.Skip(groups.Count - most)]
            : [.. groups.OrderByDescending(group => group.KnownCost).Take(most)];
        text.Append("| ").Append(by).Append(" | Responses | Input | Output | Cache read | Cache write | Cost |\n")
            .Append("|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (CostGroup row in rows)
        {
            OpiCost cost = row.Cost;
            string name = row.Keys[0] switch
            {
                null => "(not known)",
                DateOnly day => ReportText.Day(day),
                var key => ReportText.Cut($"{key}", MaxName),
            };
            text.Append("| ").Append(MarkdownText.Inline(name)).Append(" | ").AppendJoin(
                " | ",
                ReportText.Count(cost.Responses),
                ReportText.Count(cost.InputTokens),
                ReportText.Count(cost.OutputTokens),
                ReportText.Count(cost.CacheReadTokens),
                ReportText.Count(cost.CacheWriteTokens),
                ReportAmount.Of(row).Escaped()).Append(" |\n");
        }

        if (rows.Length < groups.Count)
        {
            string which = by == "Day" ? $"The last {rows.Length} of {groups.Count} days." : $"The {rows.Length} of {groups.Count} that cost most.";
            text.Append('\n').Append(which).Append('\n');
        }

        text.Append('\n');
    }

    private string Day(DateTimeOffset time) => ReportText.Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Zone).DateTime));

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\n\n");
}
