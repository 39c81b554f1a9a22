using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Adds to the ledger what the agents' logs, or other ledgers, have and it does not.</summary>
[Cmdlet(VerbsData.Update, "OpiLedger", SupportsShouldProcess = true, DefaultParameterSetName = LogsSet)]
[OutputType(typeof(OpiLedgerUpdate))]
public sealed class UpdateOpiLedgerCommand : OpiCmdlet
{
    private const string LogsSet = "Logs";
    private const string FromSet = "From";

    private readonly List<string> _others = [];
    private readonly List<UsageFinding> _unread = [];
    private int _damaged;

    /// <summary>Whose logs. All of them by default.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [Sources(UsageSource.Ledger)]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[] Source { get; set; } = [UsageReading.All];

    /// <summary>Files and folders to read instead of the agents' own log folders.</summary>
    [Parameter(ParameterSetName = LogsSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>Other ledgers to take over: their folders, folders that have some in them, or files.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] From { get; set; } = [];

    /// <summary>The machine of lines that name none.</summary>
    [Parameter(ParameterSetName = FromSet)]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The user of lines that name none.</summary>
    [Parameter(ParameterSetName = FromSet)]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The ledger's folder.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How many seconds to wait for another update to end.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; } = DefaultTimeout;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in From)
        {
            ForItem(() => _others.AddRange(ResolveFilePaths(path)), path);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        var ledger = new UsageLedger(ResolveFilePath(Path ?? UsageLedger.DefaultFolder()));
        OpiLedgerUpdate? update = ParameterSetName == FromSet ? Merge(ledger) : Add(ledger);
        if (update is null)
        {
            return;
        }

        foreach (UsageFinding finding in _unread)
        {
            WriteUnread(finding);
        }

        if (_damaged > 0)
        {
            string where = ParameterSetName == FromSet ? "these ledgers" : $"the ledger '{ledger.Folder}'";
            WriteWarning(
                $"{_damaged} damaged line{(_damaged == 1 ? "" : "s")} of {where} {(_damaged == 1 ? "was" : "were")} passed "
                    + $"over and left as {(_damaged == 1 ? "it is" : "they are")}. -Verbose names {(_damaged == 1 ? "it" : "them")}.");
        }

        WriteObject(update);
    });

    private OpiLedgerUpdate? Add(UsageLedger ledger)
    {
        string[] paths = [.. (LogPath ?? []).SelectMany(ResolveFilePaths)];
        if (LogPath is not null && paths.Length == 0)
        {
            return null;
        }

        UsageSource[] sources = [.. UsageReading.ParseSources(Source).Except([UsageSource.Ledger])];
        var query = new UsageQuery
        {
            Sources = sources,
            Required = UsageReading.NamedSources(Source),
            Paths = paths,
            LedgerFolder = ledger.Folder,
        };
        var logs = LogStates.Of(query, TimeProvider.System, Cancellation); // before they are read: what is added meanwhile is for the next update
        IReadOnlyCollection<UsageSource> known = ledger.KnownSources(logs);
        IReadOnlyList<OpiUsage> rows = Read(query, logs, known);
        return ShouldProcess(ledger.Folder, $"Add what it lacks of {UnknownCostText.Count(rows.Count, "response", "responses")}")
            ? ledger.Update(rows, logs, known, TimeSpan.FromSeconds(TimeoutSec), Note, Cancellation)
            : null;
    }

    /// <summary>Reads the logs of which the ledger may lack something. What could not be read whole is read again at the next update.</summary>
    private IReadOnlyList<OpiUsage> Read(UsageQuery query, LogStates logs, IReadOnlyCollection<UsageSource> known)
    {
        UsageSource[] sources = [.. query.Sources.Except(known)];
        if (sources.Length == 0)
        {
            return [];
        }

        UsageScanResult result = this.ReadUsage(query with { Sources = sources, Required = [.. query.Required.Except(known)] }, Cancellation);
        foreach (UsageSource source in sources.Where(source => result.Findings.Any(finding => finding.Source is null || finding.Source == source)))
        {
            logs.Remove(source);
        }

        return result.Rows;
    }

    private OpiLedgerUpdate? Merge(UsageLedger ledger)
    {
        if (_others.Count == 0 || !ShouldProcess(ledger.Folder, $"Add what it lacks of the ledgers in {string.Join(", ", _others)}"))
        {
            return null;
        }

        long unnamed = 0;
        var options = new LedgerMergeOptions
        {
            Machine = Machine,
            User = User,
            Damaged = Note,
            Unread = _unread.Add,
            Unnamed = lines => unnamed = lines,
        };
        OpiLedgerUpdate update = ledger.Merge(_others, TimeSpan.FromSeconds(TimeoutSec), options, Cancellation);
        if (unnamed > 0)
        {
            WriteWarning(
                $"{UnknownCostText.Count(unnamed, "line names no machine", "lines name no machine")}, and will be taken for usage of the machine "
                    + "that reads them: earlier versions of Opi wrote no machine. -Machine gives them one.");
        }

        return update;
    }

    private void Note(LedgerFinding finding)
    {
        WriteVerbose($"'{finding.Path}', line {finding.Line}: {(finding.IsTornTail ? "an unfinished last line" : finding.Reason)}.");
        _damaged += finding.IsTornTail ? 0 : 1;
    }

    private void WriteUnread(UsageFinding finding)
    {
        string message = $"Nothing was taken over from '{finding.Path}': {finding.Reason}.";
        WriteError(new ErrorRecord(
            new PSInvalidOperationException(VisibleText.Of(message), finding.Error),
            finding.Error is null ? "NotALedger" : "FileNotAccessible",
            finding.Error is null ? ErrorCategory.InvalidData : ErrorCategory.ReadError,
            finding.Path));
    }
}
