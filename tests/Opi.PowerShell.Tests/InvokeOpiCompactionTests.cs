namespace Opi.PowerShell.Tests;

public sealed class InvokeOpiCompactionTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.InvokeOpiCompactionCommand";

    [Theory]
    [InlineData("$s | Invoke-OpiCompaction")]
    [InlineData("Invoke-OpiCompaction $s -Reason Manual")]
    [InlineData("Invoke-OpiCompaction -Id $s.Id")]
    [InlineData("$s.Path | Invoke-OpiCompaction")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id } | Invoke-OpiCompaction")]
    public void The_result_tells_what_was_done(string script)
    {
        OpiSession session = NewSession(turns: 4);

        var result = Engine.One<OpiCompactionResult>(script);

        Assert.Equal((session.Id, CompactionReason.Manual, SummarySource.Core), (result.SessionId, result.Reason, result.SummarySource));
        Assert.Equal((6, 2, "msg-7"), (result.EntriesCompacted, result.EntriesKept, result.FirstKeptEntryId));
        Assert.Equal((16, 4), (result.TokensBefore, result.TokensAfter));
        Assert.StartsWith("Compacted 6 messages: question 1", result.Summary, StringComparison.Ordinal);
        Assert.Equal(3, result.Messages.Count);
        Assert.Equal(result.Summary, Assert.IsType<CompactionSummaryMessage>(result.Messages[0]).Text);
    }

    [Fact]
    public void A_session_given_by_id_is_compacted_on_disk_and_closed_again()
    {
        string id = StoredSession(turns: 4);

        Engine.One<OpiCompactionResult>($"Invoke-OpiCompaction {id} -Folder $folder");

        Assert.Equal(EntryType.Compaction, Engine.One<OpiEntry>($"Get-OpiEntry {id} -Folder $folder -Last 1").Type);
        Engine.One<OpiSession>($"Resume-OpiSession {id} -Folder $folder");
    }

    [Theory]
    [InlineData("Manual", "", true)]
    [InlineData("Manual", "-NoCompaction", true)]
    [InlineData("Threshold", "", false)]
    [InlineData("Threshold", "-CompactionThreshold 440", true)]
    [InlineData("Threshold", "-CompactionThreshold 441", false)]
    [InlineData("Threshold", "-CompactionThreshold 1 -NoCompaction", false)]
    [InlineData("Overflow", "", true)]
    [InlineData("Overflow", "-NoCompaction", false)]
    public void The_reason_decides_whether_it_runs(string reason, string parameters, bool runs)
    {
        OpiSession session = NewSession(turns: 4, parameters);

        RunResult result = Engine.Run($"$s | Invoke-OpiCompaction -Reason {reason} -Verbose").WithoutErrors();

        Assert.Equal(runs ? 1 : 0, result.Output.Count);
        Assert.Equal(runs ? 9 : 8, session.EntryCount);
        Assert.Equal(!runs, result.Verbose.Any(line => line.Contains("nothing to compact", StringComparison.Ordinal)));
    }

    [Fact]
    public void With_nothing_to_compact_it_says_so_only_when_asked()
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run("$s | Invoke-OpiCompaction -Verbose").WithoutErrors();

        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings);
        Assert.Contains(result.Verbose, line => line.Contains("nothing to compact", StringComparison.Ordinal));
        Assert.Equal(0, session.EntryCount);
    }

    [Fact]
    public void A_summarizer_gets_the_messages_as_its_argument_and_as_the_current_object()
    {
        NewSession(turns: 4);

        var result = Engine.One<OpiCompactionResult>("""
            $s | Invoke-OpiCompaction -Summarizer { param($messages) "$($messages.Count) $($_.Count) $($messages[0].Text)|$($_[5].Role)" }
            """);

        Assert.Equal(("6 6 question 1|assistant", SummarySource.Hook), (result.Summary, result.SummarySource));
    }

    [Fact]
    public void Lines_of_a_summarizer_become_one_text()
    {
        NewSession(turns: 4);

        Assert.Equal($"one{Environment.NewLine}two", Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Summarizer { 'one'; $null; 'two' }").Summary);
    }

    [Fact]
    public void A_summarizer_sees_the_variables_of_its_script()
    {
        NewSession(turns: 4);

        Assert.Equal("from outside", Engine.One<OpiCompactionResult>("& { $outer = 'from outside'; $s | Invoke-OpiCompaction -Summarizer { $outer } }").Summary);
    }

    [Fact]
    public void A_second_compaction_hands_the_first_summary_to_the_summarizer()
    {
        NewSession(turns: 4);
        Engine.Run("$null = $s | Invoke-OpiCompaction -Summarizer { 'first summary' }").WithoutErrors();

        Assert.Equal("first summary", Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Summarizer { $_[0].Text }").Summary);
    }

    [Theory]
    [InlineData("throw 'the model is down'", "the model is down")]
    [InlineData("$text = [int]::Parse('x'); \"In short: $text\"", "not in a correct format")]
    [InlineData("Get-OpiEntry no-such-session -Folder $folder -ErrorAction Stop", "no-such-session")]
    [InlineData("$null", "no text")]
    [InlineData("''", "no text")]
    [InlineData("\"  `n \"", "no text")]
    [InlineData("", "no text")]
    [InlineData("$s | Add-OpiTurn -User 'meanwhile' -ErrorAction Stop", "tried to change the session")]
    public void A_summarizer_that_fails_is_an_error_and_changes_nothing(string script, string reason)
    {
        OpiSession session = NewSession(turns: 4);
        byte[] before = File.ReadAllBytes(session.Path);

        RunResult result = Engine.Run($"$s | Invoke-OpiCompaction -Summarizer {{ {script} }}");

        var error = result.Error("CompactionFailed" + Command);
        Assert.Equal(session.Id, error.TargetObject);
        Assert.Contains(reason, error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(before, File.ReadAllBytes(session.Path));
        Assert.Equal(8, Engine.All<AgentMessage>("$s | Get-OpiContext").Count);
        Assert.Equal(5, Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'goes on'").Turn);
    }

    [Fact]
    public void The_summarizer_is_not_asked_when_no_compaction_is_due()
    {
        NewSession(turns: 4);

        Engine.Run("$s | Invoke-OpiCompaction -Reason Threshold -Summarizer { throw 'asked' }").WithoutErrors();
    }

    [Fact]
    public void A_call_is_not_cut_from_its_result()
    {
        NewSession();
        Engine.Run("""
            $null = Add-OpiTurn $s -Message @(
                New-OpiMessage User 'read both'
                New-OpiMessage Assistant 'first the plan'
                New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read' }, @{ Id = 'c2'; Name = 'read' }
                New-OpiMessage ToolResult 'one' -ToolCallId c1 -ToolName read
                New-OpiMessage ToolResult 'two' -ToolCallId c2 -ToolName read)
            """).WithoutErrors();

        var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction");

        Assert.Equal("msg-3", result.FirstKeptEntryId);
    }

    [Fact]
    public void The_threshold_counts_from_the_last_compaction()
    {
        OpiSession session = NewSession(turns: 4, "-CompactionThreshold 400");
        Assert.True(session.CompactionDue);

        Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Reason Threshold");

        Assert.False(session.CompactionDue);
        Assert.Empty(Engine.Run("$s | Invoke-OpiCompaction -Reason Threshold").WithoutErrors().Output);
    }

    [Theory]
    [InlineData("", "started Manual, ended done")]
    [InlineData("-Reason Overflow", "started Overflow, ended done")]
    [InlineData("-Summarizer { throw 'no' }", "started Manual, ended failed: no")]
    [InlineData("-Summarizer { '' }", "started Manual, ended failed: no text")]
    [InlineData("-Reason Threshold", "")]
    public void Events_tell_begin_and_end_in_order_and_failure_too(string parameters, string expected)
    {
        OpiSession session = NewSession(turns: 4);
        var events = new List<string>();
        session.CompactionStarted += (sender, started) => events.Add($"started {started.Reason}");
        session.CompactionEnded += (sender, ended) => events.Add(ended.Aborted ? $"ended failed: {(ended.ErrorMessage!.Contains("no text", StringComparison.Ordinal) ? "no text" : "no")}" : "ended done");

        Engine.Run("$s | Invoke-OpiCompaction " + parameters);

        Assert.Equal(expected, string.Join(", ", events));
    }

    [Fact]
    public void The_end_event_carries_the_result()
    {
        OpiSession session = NewSession(turns: 4);
        OpiCompactionResult? seen = null;
        session.CompactionEnded += (sender, ended) => seen = ended.Result;

        Assert.Same(Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction"), seen);
    }

    [Fact]
    public void Handlers_may_be_script_blocks_of_the_calling_script()
    {
        NewSession(turns: 4);

        Assert.Equal(["started", "ended"], Engine.All<string>("""
            $script:seen = @()
            $s.add_CompactionStarted({ $script:seen += 'started' })
            $s.add_CompactionEnded({ $script:seen += 'ended' })
            $null = $s | Invoke-OpiCompaction
            $script:seen
            """));
    }

    [Fact]
    public void WhatIf_changes_nothing_and_asks_no_summarizer()
    {
        OpiSession session = NewSession(turns: 4);
        IReadOnlyList<string> before = Snapshot();

        Assert.Empty(Engine.Run("$s | Invoke-OpiCompaction -Summarizer { throw 'asked' } -WhatIf").WithoutErrors().Output);

        Assert.Equal(before, Snapshot());
        Assert.Equal(8, session.ReadContext().Count);
    }

    [Theory]
    [InlineData("e02-torn-tail-no-newline")]
    [InlineData("s01-plain-1-turn")]
    public void WhatIf_writes_nothing_for_a_session_given_by_id(string golden)
    {
        CopyGolden(golden, "other");
        IReadOnlyList<string> before = Snapshot();

        Engine.Run("Invoke-OpiCompaction other -Folder $folder -WhatIf").WithoutErrors();

        Assert.Equal(before, Snapshot());
    }
}
