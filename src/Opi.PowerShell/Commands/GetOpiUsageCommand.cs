using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the billed responses of sessions and of other agents' logs, a row each.</summary>
[Cmdlet(VerbsCommon.Get, "OpiUsage", DefaultParameterSetName = PathSet)]
[OutputType(typeof(OpiUsage))]
public sealed class GetOpiUsageCommand : OpiCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _paths = [];

    /// <summary>Whose logs.</summary>
    [Parameter]
    [ValidateSet(nameof(UsageSource.Opi), nameof(UsageSource.ClaudeCode), nameof(UsageSource.Codex), nameof(UsageSource.Pi), nameof(UsageSource.Gemini), nameof(UsageSource.OpenCode), nameof(UsageSource.Ledger), UsageReading.All)]
    public string[]? Source { get; set; }

    /// <summary>Files and folders to read in place of those where the agents keep their logs.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The same, as they are: wildcards in them mean themselves.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Only responses at this time or later.</summary>
    [Parameter]
    [IsoTime]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only responses before this time.</summary>
    [Parameter]
    [IsoTime]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Only responses of this model: its name, or provider:model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Only responses for this project.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Project { get; set; }

    /// <summary>Which cost of a response counts where there are several.</summary>
    [Parameter]
    public CostChoice CostFrom { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => PricesInForce();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in LiteralPath ?? [])
        {
            ForItem(() => _paths.AddRange(ResolveExisting(path)), path);
        }

        foreach (string path in Path ?? [])
        {
            ForItem(() => _paths.AddRange(ResolveFilePaths(path)), path);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        bool named = Path is not null || LiteralPath is not null || MyInvocation.ExpectingInput;
        if (named && _paths.Count == 0)
        {
            return;
        }

        UsageScanResult result = this.ReadUsage(
            new UsageQuery
            {
                Sources = UsageReading.ParseSources(Source ?? [named ? UsageReading.All : nameof(UsageSource.Opi)]),
                Required = UsageReading.NamedSources(Source),
                Paths = _paths,
                CostFrom = CostFrom,
                Since = Since,
                Until = Until,
                Model = Model,
                Project = Project,
            },
            Cancellation);
        if (!named && Source is null && result.ResponseCount == 0 && result.IdleTurns.Count == 0)
        {
            this.TellOfOtherLogs();
        }

        WriteObject(result.Rows, enumerateCollection: true);
    });
}
