using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Makes a policy: how sessions compact.</summary>
[Cmdlet(VerbsCommon.New, "OpiCompactionPolicy")]
[OutputType(typeof(OpiCompactionPolicy))]
public sealed class NewOpiCompactionPolicyCommand : TriggerCmdlet
{
    /// <summary>What the summarizer should see to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Instructions { get; set; }

    /// <summary>How many tokens the summary should have at most.</summary>
    [Parameter]
    [Count]
    [ValidateRange(100, long.MaxValue)]
    public long? BudgetTokens { get; set; }

    /// <summary>How many tokens the summarizer is given at most.</summary>
    [Parameter]
    [Count]
    [ValidateRange(100, long.MaxValue)]
    public long? MaxInputTokens { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        OpiCompactionPolicy policy = PolicyOver(Start) with
        {
            Instructions = Instructions,
            BudgetTokens = BudgetTokens,
            MaxInputTokens = MaxInputTokens,
        };
        CheckInstructions(policy);
        WriteObject(policy);
    }
}
