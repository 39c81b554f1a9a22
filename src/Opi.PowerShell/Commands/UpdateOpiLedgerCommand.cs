using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Adds to the ledger what the agents' logs have and it does not.</summary>
[Cmdlet(VerbsData.Update, "OpiLedger", SupportsShouldProcess = true)]
[OutputType(typeof(OpiLedgerUpdate))]
public sealed class UpdateOpiLedgerCommand : OpiCmdlet
{
    private const int DefaultPatience = 30;

    /// <summary>Whose logs. All of them by default.</summary>
    [Parameter]
    [Sources(UsageSource.Ledger)]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public string[] Source { get; set; } = [UsageReading.All];

    /// <summary>Files and folders to read in place of those where the agents keep their logs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? LogPath { get; set; }

    /// <summary>The ledger's folder.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How many seconds to wait for another update to end.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = DefaultPatience;

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(() =>
    {
        var ledger = new UsageLedger(ResolveFilePath(Path ?? UsageLedger.DefaultFolder()));
        string[] paths = [.. (LogPath ?? []).SelectMany(ResolveFilePaths)];
        if (LogPath is not null && paths.Length == 0)
        {
            return;
        }

        UsageSource[] sources = [.. UsageReading.ParseSources(Source).Except([UsageSource.Ledger])];
        var query = new UsageQuery
        {
            Sources = sources,
            Required = UsageReading.NamedSources(Source),
            Paths = paths,
            LedgerFolder = ledger.Folder,
        };
        IReadOnlyList<OpiUsage> rows = this.ReadUsage(query, Cancellation).Rows;
        if (!ShouldProcess(ledger.Folder, $"Add what it lacks of {rows.Count} responses"))
        {
            return;
        }

        int damaged = 0;
        OpiLedgerUpdate update = ledger.Add(rows, TimeSpan.FromSeconds(TimeoutSec), finding => damaged += Note(finding), Cancellation);
        if (damaged > 0)
        {
            WriteWarning(
                $"{damaged} damaged line{(damaged == 1 ? "" : "s")} of the ledger '{ledger.Folder}' {(damaged == 1 ? "was" : "were")} passed "
                    + $"over and left as {(damaged == 1 ? "it is" : "they are")}. -Verbose names {(damaged == 1 ? "it" : "them")}.");
        }

        WriteObject(update);
    });

    private int Note(LedgerFinding finding)
    {
        WriteVerbose($"'{finding.Path}', line {finding.Line}: {(finding.IsTornTail ? "an unfinished last line" : finding.Reason)}.");
        return finding.IsTornTail ? 0 : 1;
    }
}
