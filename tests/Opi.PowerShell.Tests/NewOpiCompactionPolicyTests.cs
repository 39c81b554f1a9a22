namespace Opi.PowerShell.Tests;

public sealed class NewOpiCompactionPolicyTests : EngineTest
{
    [Fact]
    public void A_policy_says_all_that_a_session_is_opened_with()
    {
        OpiSession session = NewSession(
            "-Compaction (New-OpiCompactionPolicy -ContextWindow 64000 -ReserveTokens 4000 -KeepRecentTurns 2 -Strategy Core -BudgetTokens 700 -MaxInputTokens 5000)");

        Assert.Equal((64_000L, 4_000L, 60_000L), (session.ContextWindow, session.ReserveTokens, session.CompactionThreshold));
        Assert.Equal(
            new OpiCompactionPolicy
            {
                ContextWindow = 64_000,
                ReserveTokens = 4_000,
                KeepRecent = KeepRecent.Turns(2),
                Strategy = CompactionStrategy.Core,
                BudgetTokens = 700,
                MaxInputTokens = 5_000,
            },
            session.Compaction);
    }

    [Fact]
    public void Without_parameters_it_is_what_holds_without_one()
    {
        OpiSession with = NewSession("-Compaction (New-OpiCompactionPolicy)"), without = NewSession();

        Assert.Equal(without.Compaction, with.Compaction);
        Assert.Equal((without.ContextWindow, without.CompactionThreshold), (with.ContextWindow, with.CompactionThreshold));
    }

    [Theory]
    [InlineData("-ContextWindow 9000", 9_000L, "20000 tokens", CompactionStrategy.Core)]
    [InlineData("-KeepRecentTurns 3", 64_000L, "3 turns", CompactionStrategy.Core)]
    [InlineData("-Strategy Digest", 64_000L, "20000 tokens", CompactionStrategy.Digest)]
    [InlineData("-CompactionStrategy ClearToolResults", 64_000L, "20000 tokens", CompactionStrategy.ClearToolResults)]
    public void What_is_said_beside_it_goes_before_it(string parameters, long window, string keep, CompactionStrategy strategy)
    {
        OpiSession session = NewSession("-Compaction (New-OpiCompactionPolicy -ContextWindow 64000 -KeepRecentTokens 20000 -Strategy Core) " + parameters);

        Assert.Equal((window, keep, strategy), (session.ContextWindow, session.Compaction.KeepRecent.ToString(), session.Compaction.Strategy));
    }

    [Fact]
    public void A_threshold_beside_it_goes_before_its_window()
    {
        OpiSession session = NewSession("-Compaction (New-OpiCompactionPolicy -ContextWindow 64000 -ReserveTokens 100) -CompactionThreshold 500 -NoCompaction:$false");

        Assert.Equal(((long?)null, 500L), (session.ContextWindow, session.CompactionThreshold));
    }

    [Fact]
    public void It_holds_for_a_resumed_session_for_one_compaction_and_for_a_measure()
    {
        string id = StoredSession(turns: 4);
        Engine.Run("$policy = New-OpiCompactionPolicy -ContextWindow 64000 -KeepRecentTurns 3 -Summarizer { param($messages, $request) $request.Instructions } -Instructions 'keep all'").WithoutErrors();

        Assert.Equal(64_000, Engine.One<OpiContextMeasure>($"Measure-OpiContext {id} -Folder $folder -Compaction $policy").ContextWindow);
        var result = Engine.One<OpiCompactionResult>($"Invoke-OpiCompaction {id} -Folder $folder -Compaction $policy");
        Assert.Equal(("keep all", 6), (result.Summary, result.EntriesKept));
        var session = Engine.One<OpiSession>($"Resume-OpiSession {id} -Folder $folder -Compaction $policy");
        Assert.Equal((64_000L, "3 turns"), (session.ContextWindow, session.Compaction.KeepRecent.ToString()));
        Assert.Equal(SummarySource.Digest, Engine.One<OpiCompactionResult>($"Invoke-OpiCompaction {id} -Folder $folder -Compaction $policy -Strategy Digest -KeepRecentTurns 1").SummarySource);
    }

    [Theory]
    [InlineData("New-OpiCompactionPolicy -Instructions x", "InstructionsWithoutSummarizer")]
    [InlineData("$s | Invoke-OpiCompaction -Instructions x", "InstructionsWithoutSummarizer")]
    [InlineData("$s | Invoke-OpiCompaction -Instructions x -Strategy Core", "InstructionsWithoutSummarizer")]
    [InlineData("New-OpiCompactionPolicy -Strategy ClearToolResults -Summarizer { 'x' }", "SummaryOfNothing")]
    [InlineData("New-OpiSession -Path $folder -Strategy ClearToolResults -Summarizer { 'x' }", "SummaryOfNothing")]
    [InlineData("New-OpiCompactionPolicy -KeepRecentTokens 5 -KeepRecentTurns 5", "TwoKeepRules")]
    [InlineData("$s | Invoke-OpiCompaction -KeepRecentTokens 5 -KeepRecentTurns 5", "TwoKeepRules")]
    [InlineData("$s | Invoke-OpiCompaction -KeepRecentTokens 5 -KeepRecent Quarter", "TwoKeepRules")]
    [InlineData("New-OpiCompactionPolicy -ContextWindow 5000 -CompactionThreshold 5000", "TwoTriggers")]
    [InlineData("New-OpiCompactionPolicy -ReserveTokens 5000", "ReserveWithoutWindow")]
    public void What_contradicts_itself_is_one_clear_error(string script, string id)
    {
        NewSession(turns: 4);
        IReadOnlyList<string> before = Snapshot();

        Assert.Equal(id, Engine.Run(script).Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Instructions_are_in_the_prompt_and_cannot_leave_their_place()
    {
        NewSession(turns: 4);

        string prompt = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Instructions 'keep </instructions> names' -Summarizer { param($messages, $request) $request.Prompt }").Summary;

        Assert.Contains("<instructions>\nkeep <\\/instructions> names\n</instructions>", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_reports_what_is_kept_pinned_recoverable_and_named()
    {
        NewSession(turns: 4);
        Engine.Run("$s | Set-OpiSession -Pin msg-2").WithoutErrors();

        var result = Engine.One<OpiCompactionResult>("($r = $s | Invoke-OpiCompaction)");

        Assert.Equal(["msg-2", "msg-7", "msg-8"], result.KeptEntryIds);
        Assert.Equal(["msg-2"], result.PinnedEntryIds);
        Assert.Equal(["msg-1", "msg-3", "msg-4", "msg-5", "msg-6"], result.RecoverableEntryIds);
        Assert.Equal(["Original request: 1", "Later requests: 2", "Last state: 1"], result.DigestSections.Select(section => section.ToString()));
        Assert.Equal((5, 3), (result.EntriesCompacted, result.EntriesKept));
        string shown = Engine.One<string>("$r | Out-String -Width 80");
        Assert.Contains("Pinned           : 1: msg-2", shown, StringComparison.Ordinal);
        Assert.Contains("Recoverable      : 5: msg-1, msg-3, msg-4 ... msg-6", shown, StringComparison.Ordinal);
        Assert.Contains("Digest names     : Original request: 1, Later requests: 2, Last state: 1", shown, StringComparison.Ordinal);
        Assert.Equal(5, Engine.All<OpiEntry>("$s | Get-OpiEntry -EntryId $r.RecoverableEntryIds").Count);
    }
}
