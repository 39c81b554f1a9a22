using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet with parameters for when to compact, too.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TriggerCmdlet : CompactionCmdlet
{
    /// <summary>Tokens billed since the last compaction at which the next one is due.</summary>
    [Parameter]
    [Count]
    [ValidateRange(0, long.MaxValue)]
    public long CompactionThreshold { get; set; } = OpiCompactionPolicy.DefaultThresholdTokens;

    /// <summary>The tokens that the model's context can have, or Auto: a compaction is due by the size of the context.</summary>
    [Parameter]
    [ContextWindow]
    [ArgumentCompleter(typeof(ContextWindowCompleter))]
    public long? ContextWindow { get; set; }

    /// <summary>The tokens of the window to keep free.</summary>
    [Parameter]
    [Count]
    public long? ReserveTokens { get; set; }

    /// <summary>No compaction is ever due.</summary>
    [Parameter]
    public SwitchParameter NoCompaction { get; set; }

    /// <summary>A turn that makes a compaction due runs it at once.</summary>
    [Parameter]
    public SwitchParameter AutoCompact { get; set; }

    /// <summary>Refuses parameters that contradict each other.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ContextWindow is not null && IsGiven(nameof(CompactionThreshold)))
        {
            ThrowInvalid(
                "TwoTriggers",
                "A compaction is due by -CompactionThreshold, the tokens billed, or by -ContextWindow, the size of the context: give one of them.");
        }

        if (PolicyOver(Start) is { ContextWindow: null, ReserveTokens: not null })
        {
            ThrowInvalid(
                "ReserveWithoutWindow",
                "-ReserveTokens is what is kept free of a context window: give -ContextWindow too, a number of tokens or Auto.");
        }
    }

    /// <summary>The policy that the parameters change.</summary>
    private protected virtual OpiCompactionPolicy Start => new();

    private protected override OpiCompactionPolicy PolicyOver(OpiCompactionPolicy policy)
    {
        bool byBill = IsGiven(nameof(CompactionThreshold)); // then a policy's window does not count
        return base.PolicyOver(policy) with
        {
            ContextWindow = ContextWindow ?? (byBill ? null : policy.ContextWindow),
            ReserveTokens = ReserveTokens ?? (byBill ? null : policy.ReserveTokens),
            CompactionThreshold = byBill ? CompactionThreshold : policy.CompactionThreshold,
            NoCompaction = IsGiven(nameof(NoCompaction)) ? NoCompaction : policy.NoCompaction,
            AutoCompact = IsGiven(nameof(AutoCompact)) ? AutoCompact : policy.AutoCompact,
        };
    }
}
