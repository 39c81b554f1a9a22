using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Writes what agents cost: as a page with charts, or for pipelines, monitoring and finance.</summary>
[Cmdlet(VerbsData.Export, "OpiReport", SupportsShouldProcess = true, DefaultParameterSetName = LogsSet)]
[OutputType(typeof(FileInfo), typeof(string))]
public sealed class ExportOpiReportCommand : ResponseFilterCmdlet
{
    private const string LogsSet = "Logs";
    private const string RowsSet = "Rows";

    private const string GitHubFile = "GITHUB_STEP_SUMMARY";

    private readonly UsageInputs _inputs = new();
    private UsageReport _report = null!;
    private UsageQuery _query = null!;
    private UsageFilter _filter = null!;

    /// <summary>The new file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The form; by the name of the file where it is not given.</summary>
    [Parameter]
    [Name<ReportFormat>]
    public ReportFormat? Format { get; set; }

    /// <summary>Returns the text instead of writing a file.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <summary>The account that is billed, in the form Focus.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BillingAccountId { get; set; }

    /// <summary>The responses, as Get-OpiUsage gives them, instead of reading logs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RowsSet)]
    [UsageTransformation]
    [ValidateNotNull]
    public UsageInput? InputObject { get; set; }

    /// <summary>Whose logs.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [Sources]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[]? Source { get; set; }

    /// <summary>The heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Replaces a file that is read-only too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replaces no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Path is null && !AsText && Format == ReportFormat.GitHubSummary)
        {
            Path = Environment.GetEnvironmentVariable(GitHubFile);
        }

        if (string.IsNullOrEmpty(Path) && !AsText)
        {
            string why = Format == ReportFormat.GitHubSummary ? $", since {GitHubFile} is not set: this is not a step of GitHub Actions" : "";
            Stop(new ErrorRecord(
                new ArgumentException($"There is no file to write to{why}. Give -Path, or -AsText for the text."),
                "ReportPathMissing",
                ErrorCategory.InvalidArgument,
                null));
        }

        _report = new UsageReport(ReadPrices(), TimeZone, Format ?? FormatOf(Path));
        _query = QueryOfFilters() with
        {
            Sources = UsageReading.ParseSources(Source ?? [nameof(UsageSource.Opi)]),
            Required = UsageReading.NamedSources(Source),
        };
        _filter = new UsageFilter(_query);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null && _inputs.Take(InputObject) is { } usage && _filter.Takes(usage))
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

            string? path = AsText ? null : ResolveFilePath(Path!);
            if (path is not null && !ShouldProcess(path, "Write a report of costs"))
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
                Overwrite = ExportedFile.OverwriteOf(Force, NoClobber),
                EmptyAdvice = _query.Sources is [UsageSource.Opi] ? "With -Source All the logs of every agent that Opi knows are read." : null,
            };
            options = options with { Title = Title ?? options.Title, BillingAccountId = BillingAccountId ?? options.BillingAccountId };
            Write(path, options);
        },
        Path);

    private void Write(string? path, ReportOptions options)
    {
        if (path is null)
        {
            WriteObject(_report.ToText(options, Cancellation));
        }
        else
        {
            _report.Write(path, options, Cancellation);
            if (PassThru)
            {
                this.WriteFile(path);
            }
        }

        if (_report.Format == ReportFormat.AzureDevOps && path is not null)
        {
            WriteObject(_report.AzureCommands(path), enumerateCollection: true);
        }

        bool isReported = ParameterSetName == LogsSet && !MyInvocation.ExpectingInput; // reading the logs has reported it
        if (!isReported && _report is { Format: ReportFormat.Prometheus or ReportFormat.Otlp or ReportFormat.Focus, Total.IsComplete: false })
        {
            WriteWarning(
                UnknownCostText.Of(_report.Total.Unknown, CostChoice.Auto) ?? "A part of the costs is not known: files were not read.");
        }
    }

    private static ReportFormat FormatOf(string? path) => System.IO.Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        ".md" => ReportFormat.Markdown,
        ".prom" => ReportFormat.Prometheus,
        _ => ReportFormat.Html,
    };

    private void AddLogs()
    {
        _query = Source is null ? _query with { Sources = this.SourcesHere() } : _query;
        UsageScanResult result = this.ReadUsage(_query, Cancellation);
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
