using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Writes what agents cost as one page of HTML with charts.</summary>
[Cmdlet(VerbsData.Export, "OpiReport", SupportsShouldProcess = true, DefaultParameterSetName = LogsSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportOpiReportCommand : ExportCmdlet
{
    private const string LogsSet = "Logs";
    private const string RowsSet = "Rows";

    private readonly UsageInputs _inputs = new();
    private UsageReport _report = null!;
    private DateTimeOffset? _since;
    private DateTimeOffset? _until;

    /// <summary>The new file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The responses, as Get-OpiUsage gives them, in place of those in the logs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RowsSet)]
    [UsageTransformation]
    [ValidateNotNull]
    public UsageInput? InputObject { get; set; }

    /// <summary>Whose logs.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [Sources]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[]? Source { get; set; }

    /// <summary>Only responses at this time or later.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Since { get; set; }

    /// <summary>Only responses before this time, or until the end of this day.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Until { get; set; }

    /// <summary>Only responses of these models: their names, or provider:model.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UsedCompleter))]
    public string[] Model { get; set; } = [];

    /// <summary>Only responses for these projects.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UsedCompleter))]
    public string[] Project { get; set; } = [];

    /// <summary>The time zone of days; that of the machine by default.</summary>
    [Parameter]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNull]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <summary>The heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _report = new UsageReport(PricesInForce(), TimeZone);
        (_since, _until) = Span(Since, Until, TimeZone);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null && _inputs.Take(InputObject) is { } usage)
        {
            _report.Add(usage);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(
        () =>
        {
            if (!_inputs.AreWhole(this))
            {
                return;
            }

            string path = ResolveFilePath(Path);
            if (!ShouldProcess(path, "Write a report of costs"))
            {
                return;
            }

            if (ParameterSetName == LogsSet && !MyInvocation.ExpectingInput)
            {
                AddLogs();
            }

            var options = new ReportOptions
            {
                WrittenAt = DateTimeOffset.UtcNow,
                Overwrite = Overwrite,
                EmptyAdvice = "With -Source All the logs of every agent that Opi knows are read.",
            };
            _report.Write(path, Title is null ? options : options with { Title = Title }, Cancellation);
            WriteFile(path);
        },
        Path);

    private void AddLogs()
    {
        var query = new UsageQuery
        {
            Sources = UsageReading.ParseSources(Source ?? [nameof(UsageSource.Opi)]),
            Required = UsageReading.NamedSources(Source),
            Since = _since,
            Until = _until,
            Models = Model,
            Projects = Project,
        };
        UsageScanResult result = this.ReadUsage(query, Cancellation);
        foreach (UsageFinding finding in result.Findings)
        {
            _report.AddUnread(finding);
        }

        foreach (OpiUsage usage in result.Rows)
        {
            Cancellation.ThrowIfCancellationRequested();
            _report.Add(usage);
        }
    }
}
