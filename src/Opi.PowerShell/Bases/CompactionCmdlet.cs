using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet with parameters for how to compact: a policy, and the common parts of one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CompactionCmdlet : OpiCmdlet
{
    /// <summary>What makes the context smaller, where no summarizer does.</summary>
    [Parameter]
    [Alias("CompactionStrategy")]
    [Name<CompactionStrategy>]
    public CompactionStrategy Strategy { get; set; } = CompactionStrategy.Digest;

    /// <summary>Makes the summary of a compaction.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Summarizer { get; set; }

    /// <summary>How many tokens of the newest messages a compaction leaves, about.</summary>
    [Parameter]
    [Count]
    [ValidateRange(1, long.MaxValue)]
    public long KeepRecentTokens { get; set; }

    /// <summary>How many of the newest turns a compaction leaves.</summary>
    [Parameter]
    [Count("number of turns")]
    [ValidateRange(1, int.MaxValue)]
    public int KeepRecentTurns { get; set; }

    /// <summary>Refuses parameters that contradict each other.</summary>
    protected override void BeginProcessing()
    {
        if (IsGiven(nameof(KeepRecentTokens)) && IsGiven(nameof(KeepRecentTurns)))
        {
            ThrowInvalid("TwoKeepRules", "A compaction leaves so many tokens or so many turns: give -KeepRecentTokens or -KeepRecentTurns.");
        }

        if (Summarizer is not null && IsGiven(nameof(Strategy)) && Strategy == CompactionStrategy.ClearToolResults)
        {
            ThrowInvalid(
                "SummaryOfNothing", "-Strategy ClearToolResults makes no summary, so that -Summarizer would never be asked: give one of them.");
        }
    }

    /// <summary>A policy changed by the parameters that were given. A given strategy replaces the policy's summarizer.</summary>
    private protected virtual OpiCompactionPolicy PolicyOver(OpiCompactionPolicy policy)
    {
        if (Summarizer is not null)
        {
            policy = policy with { Summarizer = new ScriptBlockSummarizer(Summarizer) };
        }
        else if (IsGiven(nameof(Strategy)))
        {
            policy = policy with { Summarizer = null, Instructions = null };
        }

        return policy with
        {
            Strategy = IsGiven(nameof(Strategy)) ? Strategy : policy.Strategy,
            KeepRecent = IsGiven(nameof(KeepRecentTokens)) ? KeepRecent.Tokens(KeepRecentTokens)
                : IsGiven(nameof(KeepRecentTurns)) ? KeepRecent.Turns(KeepRecentTurns)
                : policy.KeepRecent,
        };
    }

    /// <summary>Refuses a policy with instructions but no summarizer to follow them.</summary>
    private protected void CheckInstructions(OpiCompactionPolicy policy)
    {
        if (policy is { Instructions: not null, Summarizer: null })
        {
            ThrowInvalid(
                "InstructionsWithoutSummarizer",
                $"-Instructions are for a summarizer, and the strategy {policy.Strategy} asks none: give -Summarizer, or pin what must stay "
                    + "(Set-OpiSession -Pin).");
        }
    }

    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private protected void ThrowInvalid(string id, string message) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(message), id, ErrorCategory.InvalidArgument, null));
}
