using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Compacts the context of a session.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "OpiCompaction", DefaultParameterSetName = "Quarter", SupportsShouldProcess = true)]
[OutputType(typeof(OpiCompactionResult))]
public sealed class InvokeOpiCompactionCommand : WritingCmdlet
{
    /// <summary>Why the session is compacted.</summary>
    [Parameter]
    [Name<CompactionReason>]
    public CompactionReason Reason { get; set; }

    /// <summary>How much stays, as a share of the messages.</summary>
    [Parameter(ParameterSetName = "Quarter")]
    [ValidateSet("Quarter")]
    public string? KeepRecent { get; set; }

    /// <summary>How many tokens of the newest messages stay, about.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Tokens")]
    [Count]
    [ValidateRange(1, long.MaxValue)]
    public long KeepRecentTokens { get; set; }

    /// <summary>How many of the newest turns stay.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Turns")]
    [Count("number of turns")]
    [ValidateRange(1, int.MaxValue)]
    public int KeepRecentTurns { get; set; }

    /// <summary>What makes the summary.</summary>
    [Parameter]
    [Name<CompactionStrategy>]
    public CompactionStrategy Strategy { get; set; }

    /// <summary>Makes the summary.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Summarizer { get; set; }

    /// <summary>How many tokens the summary should have at most.</summary>
    [Parameter]
    [Count]
    [ValidateRange(100, long.MaxValue)]
    public long BudgetTokens { get; set; }

    /// <summary>How many tokens the summarizer is given at most.</summary>
    [Parameter]
    [Count]
    [ValidateRange(100, long.MaxValue)]
    public long MaxInputTokens { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        _ = PathOf(Session, Folder);
        if (!ShouldProcess(Session.ToString(), "Compact the context"))
        {
            return;
        }

        OpiSession session = OpenWriter();
        bool due = session.CompactionDue;
        OpiCompactionResult? result = session.Compact(Reason, OptionsFor(session), Cancellation);
        if (result is null && due && Reason == CompactionReason.Threshold && session.CompactionSuspended)
        {
            WriteWarning(SuspendedWarning(session));
        }
        else if (result is null)
        {
            string notDue = Reason == CompactionReason.Threshold ? ", or no compaction due, or one is running" : "";
            WriteVerbose($"Session '{session.Id}': nothing to compact{notDue}.");
        }
        else
        {
            WarnOfSize(result);
            WriteObject(result);
        }
    });

    private void WarnOfSize(OpiCompactionResult result)
    {
        if (result.OversizedEntryId is { } largest)
        {
            WriteWarning(
                $"Session '{result.SessionId}': the context is still too large, about {result.ContextTokens} tokens, and cutting cannot help: "
                    + $"the newest message or tool call with its results alone is more than there is room for. The largest is '{largest}': send "
                    + $"it shortened, or ask a model with a larger window.");
        }
    }

    /// <summary>What the session was opened with, but for what is said here.</summary>
    private CompactionOptions OptionsFor(OpiSession session)
    {
        CompactionOptions options = session.CompactionOptions;
        options = ParameterSetName switch
        {
            "Tokens" => options with { KeepRecent = Opi.KeepRecent.Tokens(KeepRecentTokens) },
            "Turns" => options with { KeepRecent = Opi.KeepRecent.Turns(KeepRecentTurns) },
            _ when KeepRecent is not null => options with { KeepRecent = Opi.KeepRecent.Quarter },
            _ => options,
        };
        options = Summarizer is not null ? options with { Summarizer = new ScriptBlockSummarizer(Summarizer) }
            : IsGiven(nameof(Strategy)) ? options with { Summarizer = null }
            : options;
        return options with
        {
            Strategy = IsGiven(nameof(Strategy)) ? Strategy : options.Strategy,
            BudgetTokens = IsGiven(nameof(BudgetTokens)) ? BudgetTokens : options.BudgetTokens,
            MaxInputTokens = IsGiven(nameof(MaxInputTokens)) ? MaxInputTokens : options.MaxInputTokens,
        };
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
