using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Compacts the context of a session.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "OpiCompaction", SupportsShouldProcess = true)]
[OutputType(typeof(OpiCompactionResult))]
public sealed class InvokeOpiCompactionCommand : CompactionCmdlet
{
    /// <summary>The session: an open one, an id or a path.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "SessionId", "Id")]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    [ValidateNotNull]
    public SessionReference Session { get; set; } = null!;

    /// <summary>Why the session is compacted.</summary>
    [Parameter]
    [Name<CompactionReason>]
    public CompactionReason Reason { get; set; }

    /// <summary>How to compact. Other parameters override it; the session decides when a compaction is due.</summary>
    [Parameter]
    [ValidateNotNull]
    public OpiCompactionPolicy? Compaction { get; set; }

    /// <summary>What the summarizer should see to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Instructions { get; set; }

    /// <summary>How much stays, as a share of the messages.</summary>
    [Parameter]
    [ValidateSet("Quarter")]
    public string? KeepRecent { get; set; }

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

    /// <summary>The folder in which an id is looked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>How many seconds to wait for another writer to close the session.</summary>
    [Parameter]
    [Count("number of seconds")]
    [ValidateRange(0, MaxTimeout)]
    public int TimeoutSec { get; set; } = DefaultTimeout;

    /// <summary>A file system that does not lock files is accepted.</summary>
    [Parameter]
    public SwitchParameter NoLock { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (KeepRecent is not null && (IsGiven(nameof(KeepRecentTokens)) || IsGiven(nameof(KeepRecentTurns))))
        {
            ThrowInvalid("TwoKeepRules", "A compaction leaves a quarter, or so many tokens, or so many turns: give one of the three.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        _ = PathOf(Session, Folder);
        if (!ShouldProcess(Session.ToString(), "Compact the context"))
        {
            return;
        }

        OpiSession session = OpenWriter(Session, Folder, TimeoutSec, NoLock);
        bool due = session.CompactionDue;
        OpiCompactionResult? result = session.Compact(Reason, PolicyFor(session), Cancellation);
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
                    + $"the newest message or tool call with its results{(result.PinnedEntryIds.Count > 0 ? " and what is pinned are" : " alone is")}"
                    + $" more than there is room for. The largest is '{largest}': send it shortened, or ask a model with a larger window.");
        }
    }

    /// <summary>The policy of the session, or the given one, changed by the parameters that were given.</summary>
    private OpiCompactionPolicy PolicyFor(OpiSession session)
    {
        OpiCompactionPolicy policy = PolicyOver(Compaction ?? session.Compaction);
        policy = policy with
        {
            KeepRecent = KeepRecent is null ? policy.KeepRecent : Opi.KeepRecent.Quarter,
            Instructions = Instructions ?? policy.Instructions,
            BudgetTokens = IsGiven(nameof(BudgetTokens)) ? BudgetTokens : policy.BudgetTokens,
            MaxInputTokens = IsGiven(nameof(MaxInputTokens)) ? MaxInputTokens : policy.MaxInputTokens,
        };
        CheckInstructions(policy);
        return policy;
    }
}
