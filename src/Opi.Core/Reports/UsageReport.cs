using System.Globalization;
using System.Text;

namespace Opi;

/// <summary>
/// Collects what responses cost and writes it in one of several forms: for people, for pipelines, for monitoring and for finance. Responses
/// are priced by the catalogue; those without a known cost are counted, never taken as free.
/// </summary>
internal sealed class UsageReport
{
    private readonly ReportWriter _writer;

    /// <summary>Makes an empty report.</summary>
    /// <param name="catalog">The prices.</param>
    /// <param name="zone">The time zone of days.</param>
    /// <param name="format">The form.</param>
    public UsageReport(PricingCatalog catalog, TimeZoneInfo zone, ReportFormat format = ReportFormat.Html)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(zone);
        _writer = ReportWriter.Of(format, catalog, zone);
        Format = format;
    }

    /// <summary>The form.</summary>
    public ReportFormat Format { get; }

    /// <summary>What all responses cost together.</summary>
    public CostGroup Total => _writer.Total;

    /// <summary>Adds a response.</summary>
    public void Add(OpiUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        _writer.Add(usage);
    }

    /// <summary>Notes a file or folder that was not read: where it may hide responses, the costs are known in part only.</summary>
    /// <param name="finding">What was not read.</param>
    public void AddUnread(UsageFinding finding) => _writer.AddUnread(finding);

    /// <summary>
    /// Writes the report, whole or not at all, and readable by its owner only; except <see cref="ReportFormat.Prometheus"/>, which
    /// other users' collectors read, and <see cref="ReportFormat.GitHubSummary"/>, which is appended to the file.
    /// </summary>
    /// <param name="path">The file; its folder has to exist.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="cancellationToken">Stops the work; then there is no new file.</param>
    /// <exception cref="OpiException">ExportFailed: the file is not to be replaced, or cannot be written.</exception>
    public void Write(string path, ReportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        _writer.WriteFile(path, options, cancellationToken);
    }

    /// <summary>The report as text.</summary>
    /// <param name="options">How it is written.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public string ToText(ReportOptions options, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream();
        _writer.Write(stream, options, cancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>
    /// Commands of Azure Pipelines that a script writes to its output: the file as a summary of the run, and the variables OpiCost (in USD, the
    /// part that is known), OpiCostComplete (true or false), OpiTokens and OpiResponses.
    /// </summary>
    /// <param name="path">The file that was written; null for the variables alone.</param>
    public IReadOnlyList<string> AzureCommands(string? path)
    {
        CostGroup total = Total;
        List<string> commands = path is null ? [] : [$"##vso[task.uploadsummary]{Data(path)}"];
        foreach ((string name, string value) in (IEnumerable<(string, string)>)
        [
            ("OpiCost", total.KnownCost.ToString(CultureInfo.InvariantCulture)),
            ("OpiCostComplete", total.IsComplete ? "true" : "false"),
            ("OpiTokens", total.Cost.TotalTokens.ToString(CultureInfo.InvariantCulture)),
            ("OpiResponses", total.Cost.Responses.ToString(CultureInfo.InvariantCulture)),
        ])
        {
            commands.Add($"##vso[task.setvariable variable={name};isOutput=true]{value}");
        }

        return commands;

        static string Data(string text) => text.Replace("%", "%AZP25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
    }
}
