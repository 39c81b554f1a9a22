namespace Opi;

/// <summary>Collects what one form of a report needs, and writes it.</summary>
internal abstract class ReportWriter(PricingCatalog catalog, TimeZoneInfo zone)
{
    private readonly List<CostGroups> _groups = [];

    /// <summary>The time zone of days.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>What all responses cost together.</summary>
    public CostGroup Total => _groups[0].ToTotal();

    /// <summary>The prices.</summary>
    protected PricingCatalog Catalog { get; } = catalog;

    /// <summary>Prices responses by them.</summary>
    protected UsagePricer Pricer { get; } = new(catalog);

    /// <summary>The writer of a form.</summary>
    /// <param name="format">The form.</param>
    /// <param name="catalog">The prices.</param>
    /// <param name="zone">The time zone of days.</param>
    public static ReportWriter Of(ReportFormat format, PricingCatalog catalog, TimeZoneInfo zone) => format switch
    {
        ReportFormat.Html => new HtmlReport(catalog, zone),
        ReportFormat.Markdown or ReportFormat.AzureDevOps => new MarkdownReport(catalog, zone, limit: null),
        ReportFormat.GitHubSummary => new MarkdownReport(catalog, zone, limit: 1 << 20),
        ReportFormat.Prometheus => new PrometheusReport(catalog, zone),
        ReportFormat.Otlp => new OtlpReport(catalog, zone),
        ReportFormat.Focus => new FocusReport(catalog, zone),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>Adds a response.</summary>
    public void Add(OpiUsage usage) => Add(Pricer.Price(usage));

    /// <summary>Notes a file or folder that was not read.</summary>
    public void AddUnread(UsageFinding finding) => _groups.ForEach(groups => groups.AddUnread(finding));

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public abstract void Write(Stream stream, ReportOptions options, CancellationToken cancellationToken);

    /// <summary>Writes it as a file, whole or not at all.</summary>
    /// <exception cref="ExportFailedException">The file is not to be replaced, or cannot be written.</exception>
    public virtual void WriteFile(string path, ReportOptions options, CancellationToken cancellationToken) =>
        ExportFile.Write(path, options.Overwrite, stream => Write(stream, options, cancellationToken));

    /// <summary>Adds a response with its price, which all groups share.</summary>
    protected virtual void Add(PricedUsage priced) => _groups.ForEach(groups => groups.Add(priced));

    /// <summary>Costs by keys, which each response is added to. The first ones have the total of all.</summary>
    protected CostGroups GroupBy(params CostGrouping[] by)
    {
        var groups = new CostGroups(by, Zone, Catalog) { HasTotal = _groups.Count == 0 };
        _groups.Add(groups);
        return groups;
    }
}
