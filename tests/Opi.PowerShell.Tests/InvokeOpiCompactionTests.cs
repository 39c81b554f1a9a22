using Opi.Tests;

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

        Assert.Equal((session.Id, CompactionReason.Manual, SummarySource.Digest), (result.SessionId, result.Reason, result.SummarySource));
        Assert.Equal((6, 2, "msg-7"), (result.EntriesCompacted, result.EntriesKept, result.FirstKeptEntryId));
        Assert.Equal((16, 4), (result.TokensBefore, result.TokensAfter));
        Assert.StartsWith("Digest of 6 messages", result.Summary, StringComparison.Ordinal);
        Assert.Equal(3, result.Messages.Count);
        Assert.Equal(result.Summary, Assert.IsType<CompactionSummaryMessage>(result.Messages[0]).Text);
    }

    [Fact]
    public void Opis_text_is_a_strategy()
    {
        NewSession(turns: 4);

        var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Strategy Core");

        Assert.Equal(SummarySource.Core, result.SummarySource);
        Assert.StartsWith("Compacted 6 messages: question 1", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_tools_can_be_cleared_and_read_by_their_ids()
    {
        NewSession();
        Engine.Run(
            """
            $log = 'x' * 5000
            foreach ($i in 1..3) {
                $null = $s | Add-OpiTurn -Message (New-OpiMessage User "q$i"),
                    (New-OpiMessage Assistant -ToolCall @{ Id = "c$i"; Name = 'run'; Arguments = @{} }),
                    (New-OpiMessage ToolResult $log -ToolCallId "c$i" -ToolName run), (New-OpiMessage Assistant "a$i")
            }
            """).WithoutErrors();

        var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Strategy ClearToolResults -KeepRecentTurns 1");

        Assert.Equal(["msg-3", "msg-7"], result.ClearedEntryIds);
        Assert.Equal((SummarySource.None, ""), (result.SummarySource, result.Summary));
        Assert.Equal(["msg-3", "msg-7"], Engine.All<string>("$s | Get-OpiContext | Where-Object Cleared | ForEach-Object EntryId"));
        Assert.Equal([5000, 5000], Engine.All<int>("$s | Get-OpiEntry -EntryId ($s | Get-OpiEntry -Type ToolResultsCleared).EntryIds | ForEach-Object { $_.Message.Text.Length }"));
        string shown = Engine.One<string>("$null = $s | Add-OpiTurn -User more -Assistant ok; $s.Path | Invoke-OpiCompaction -Strategy ClearToolResults -KeepRecentTurns 1 | Format-List | Out-String -Width 80");
        Assert.Contains("Recoverable      : 1: msg-11", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Summary  ", shown, StringComparison.Ordinal);
        Assert.Empty(Engine.Run("$s | Invoke-OpiCompaction -Strategy ClearToolResults").WithoutErrors().Output);
        Assert.Equal("CompactionFailed" + Command, Engine.Run("$s | Invoke-OpiCompaction -Strategy ClearToolResults -Reason Overflow").Errors.Single().FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("break")]
    [InlineData("continue")]
    [InlineData("exit 3")]
    [InlineData("'half'; break outer")]
    public void A_jump_in_a_script_block_stays_in_it(string jump)
    {
        NewSession(turns: 4);

        RunResult result = Engine.Run($"$after = 0; :outer foreach ($i in 1, 2) {{ $null = $s | Invoke-OpiCompaction -Summarizer {{ {jump} }}; $null = $s | Measure-OpiContext -TokenCounter {{ {jump} }}; $after++ }}; $after");

        Assert.Equal([2], result.Output.Select(item => (int)item!));
        Assert.Equal(4, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.Contains($"'{jump.Replace("'half'; ", "", StringComparison.Ordinal).Split(' ')[0]}'", error.Exception.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'REPLY'")]
    [InlineData("'REPLY' -split '(?<=,)'")] // in pieces, as curl gives it line by line
    [InlineData("'REPLY' | ConvertFrom-Json")]
    public void A_reply_as_text_is_read_as_a_reply(string output)
    {
        NewSession(turns: 4);
        const string Reply = """{"id":"m","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":"in short"}],"stop_reason":"end_turn","usage":{"input_tokens":900,"output_tokens":90}}""";

        var result = Engine.One<OpiCompactionResult>($"$s | Invoke-OpiCompaction -Summarizer {{ {output.Replace("REPLY", Reply, StringComparison.Ordinal)} }}");

        Assert.Equal(("in short", 900), (result.Summary, result.Usage!.InputTokens));
    }

    [Theory]
    [InlineData("[user]: wants tests")]
    [InlineData("{ not json")]
    [InlineData("""{"goal":"all tests pass"}""")]
    public void A_text_that_only_begins_like_a_reply_is_the_summary(string text)
    {
        NewSession(turns: 4);

        Assert.Equal(text, Engine.One<OpiCompactionResult>($"$s | Invoke-OpiCompaction -Summarizer {{ '{text}' }}").Summary);
    }

    [Fact]
    public void An_error_as_JSON_text_is_a_failure()
    {
        NewSession(turns: 4);

        RunResult result = Engine.Run("""$s | Invoke-OpiCompaction -Summarizer { '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}' }""");

        Assert.Contains("Overloaded", result.Error("CompactionFailed" + Command).Exception.Message, StringComparison.Ordinal);
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
    [InlineData("Overflow", "-NoCompaction", true)]
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

    [Theory]
    [InlineData("-KeepRecent Quarter", "msg-7", 2)]
    [InlineData("-KeepRecentTurns 1", "msg-7", 2)]
    [InlineData("-KeepRecentTurns 3", "msg-3", 6)]
    [InlineData("-KeepRecentTokens 28", "msg-5", 4)] // seven a message
    [InlineData("-KeepRecentTokens 33", "msg-5", 4)]
    public void What_stays_is_a_quarter_or_so_many_tokens_or_turns(string parameters, string first, int kept)
    {
        NewSession(turns: 4);

        var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction " + parameters);

        Assert.Equal((first, kept), (result.FirstKeptEntryId, result.EntriesKept));
    }

    [Theory]
    [InlineData("-KeepRecentTurns 0", "KeepRecentTurns")]
    [InlineData("-KeepRecentTokens 0", "KeepRecentTokens")]
    [InlineData("-KeepRecent Half", "KeepRecent")]
    [InlineData("-Strategy Model", "Strategy")]
    [InlineData("-BudgetTokens 1", "BudgetTokens")]
    public void What_cannot_stay_is_an_error_of_binding(string parameters, string parameter)
    {
        OpiSession session = NewSession(turns: 4);

        Engine.Run("$s | Invoke-OpiCompaction " + parameters).BindingError(parameter);

        Assert.Equal(8, session.EntryCount);
    }

    [Fact]
    public void A_digest_is_brought_up_to_date_by_the_next_one()
    {
        NewSession(turns: 4);
        Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Strategy Digest");

        var result = Engine.One<OpiCompactionResult>("$null = $s | Add-OpiTurn -User 'question 5' -Assistant 'answer 5'; $s | Invoke-OpiCompaction -Strategy Digest");

        Assert.Equal(SummarySource.Digest, result.SummarySource);
        Assert.Equal(
            ["Digest of 9 messages [opi-digest/1]", "## Original request", "- question 1", "## Later requests", "- question 2", "- question 3", "- question 4", "- question 5", "## Last state", "- assistant: answer 4"],
            result.Summary.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_summarizer_gets_the_request_as_its_second_argument()
    {
        NewSession(turns: 4);
        Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Summarizer { 'first summary' }");
        Engine.Run("$null = 5..9 | ForEach-Object { $s | Add-OpiTurn -User \"question $_\" -Assistant \"answer $_\" }").WithoutErrors();

        var result = Engine.One<OpiCompactionResult>("""
            $s | Invoke-OpiCompaction -BudgetTokens 700 -MaxInputTokens 5000 -Summarizer {
                param($messages, $request)
                $script:request = $request
                "$($messages.Count) $($request.Messages.Count) $($request.PreviousSummary) $($request.BudgetTokens) $($request.MaxInputTokens) $($request.Attempt) $($request.Reason) $($request.SessionId -eq $s.Id)"
            }
            """);

        Assert.Equal("10 10 first summary 700 5000 1 Manual True", result.Summary);
        string prompt = Engine.One<string>("$request.Prompt");
        Assert.Contains("[user]: question 5", prompt, StringComparison.Ordinal);
        Assert.Contains("<previous-summary>\nfirst summary\n</previous-summary>", prompt, StringComparison.Ordinal);
        Assert.Contains("## Critical context", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("question 9", prompt, StringComparison.Ordinal); // it stays
    }

    [Theory]
    [InlineData("@{ Summary = 'in short'; InputTokens = 900; OutputTokens = 90; CacheReadTokens = 9; Model = 'openai:gpt-4o' }", 900, 90, "openai:gpt-4o")]
    [InlineData("[pscustomobject]@{ summary = 'in short'; outputTokens = '90' }", 0, 90, Sonnet)]
    [InlineData("New-OpiMessage Assistant 'in short' -Model openai:gpt-4o -InputTokens 900 -OutputTokens 90", 900, 90, "openai:gpt-4o")]
    [InlineData("@{ type = 'message'; role = 'assistant'; model = 'claude-haiku-4-5'; content = @(@{ type = 'text'; text = 'in short' }); stop_reason = 'end_turn'; usage = @{ input_tokens = 900; output_tokens = 90 } }", 900, 90, "anthropic:claude-haiku-4-5")]
    [InlineData("[pscustomobject]@{ model = 'llama3.2'; message = [pscustomobject]@{ role = 'assistant'; content = 'in short' }; done = $true; done_reason = 'stop'; prompt_eval_count = 900; eval_count = 90 }", 900, 90, "ollama:llama3.2")]
    public void What_a_summary_cost_is_part_of_the_sessions_cost_also_when_it_is_opened_again(string output, long input, long outputTokens, string model)
    {
        OpiSession session = NewSession(turns: 4);

        var result = Engine.One<OpiCompactionResult>($"$s | Invoke-OpiCompaction -Summarizer {{ {output} }}");

        Assert.Equal(("in short", SummarySource.Hook), (result.Summary, result.SummarySource));
        Assert.Equal((input, outputTokens), (result.Usage!.InputTokens, result.Usage.OutputTokens));
        CumulativeUsage before = session.Usage;
        Assert.Equal((400 + input, 40 + outputTokens, 4), (before.InputTokens, before.OutputTokens, before.Turns));
        Assert.Equal(before, Engine.One<OpiSession>("$s | Close-OpiSession; Resume-OpiSession $s.Path").Usage);
        var entry = Engine.One<OpiEntry>("Get-OpiEntry $s.Path -Last 1");
        Assert.Equal((EntryType.Compaction, model, result.Usage), (entry.Type, entry.ModelSpec, entry.Usage));
        var cost = Engine.One<OpiCost>("Get-OpiCost $s.Path");
        Assert.Equal((before.TotalTokens, 4), (cost.TotalTokens, cost.Turns));
    }

    [Theory]
    [InlineData("@{ Summary = ''; InputTokens = 900 }", "no text")]
    [InlineData("New-OpiMessage Assistant 'half a' -StopReason Length -InputTokens 900", "cut off")]
    [InlineData("New-OpiMessage Assistant 'let me see' -ToolCall @{ Id = 'c'; Name = 'ls' } -StopReason ToolUse -InputTokens 900", "called a tool")]
    [InlineData("New-OpiMessage Assistant 'x' -StopReason Error -ErrorMessage 'overloaded' -InputTokens 900", "overloaded")]
    public void What_a_failed_compaction_spent_is_kept_and_nothing_else_changes(string output, string reason)
    {
        OpiSession session = NewSession(turns: 4);

        RunResult result = Engine.Run($"$s | Invoke-OpiCompaction -Summarizer {{ {output} }}");

        Assert.Contains(reason, result.Error("CompactionFailed" + Command).Exception.Message, StringComparison.Ordinal);
        Assert.Equal(8, session.ReadContext().Count);
        Assert.Equal((1_300, 4), (session.Usage.InputTokens, session.Usage.Turns));
        Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'goes on'");
        CumulativeUsage before = session.Usage;
        var resumed = Engine.One<OpiSession>("$s | Close-OpiSession; ($s = Resume-OpiSession $s.Path)");
        Assert.Equal(before, resumed.Usage);
        Assert.Equal(9, resumed.ReadContext().Count);
        OpiEntry entry = Engine.All<OpiEntry>("Get-OpiEntry $s.Path")[8];
        Assert.Equal((EntryType.CompactionFailure, Sonnet, 900), (entry.Type, entry.ModelSpec, entry.Usage!.InputTokens));
        Assert.Contains(reason, entry.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1_340, Engine.One<OpiCost>("Get-OpiCost $s.Path").TotalTokens);
    }

    [Fact]
    public void What_the_session_was_opened_with_holds_until_a_call_says_otherwise()
    {
        NewSession(turns: 4, "-CompactionStrategy Digest -KeepRecentTurns 2 -Summarizer { \"model, $($_.Count)\" }");

        Assert.Equal(("model, 4", 4), Did("-Verbose"));
        Assert.Equal(("model, 3", 2), Did("-KeepRecentTurns 1")); // the summary and a turn
        Assert.Equal((SummarySource.Digest, 1), (Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Strategy Digest -KeepRecent Quarter").SummarySource, 1));

        (string Summary, int Kept) Did(string parameters)
        {
            var result = Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction " + parameters);
            return (result.Summary, result.EntriesKept);
        }
    }

    [Fact]
    public void With_AutoCompact_a_summarizer_of_the_session_runs_at_a_turns_end()
    {
        NewSession(turns: 3, "-CompactionThreshold 440 -AutoCompact -Summarizer { @{ Summary = 'by itself'; InputTokens = 5 } }");

        var turn = Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 105 -OutputTokens 5");

        Assert.Equal(("by itself", 5), (turn.Compaction!.Summary, turn.Compaction.Usage!.InputTokens));
    }

    [Fact]
    public void A_summarizer_of_another_runspace_is_an_error_and_no_deadlock()
    {
        OpiSession session = NewSession(turns: 4, "-Summarizer { 'from another' }");
        using var other = new Engine();
        other.Set("s", session);

        RunResult result = other.Run("$s | Invoke-OpiCompaction");

        Assert.Contains("another runspace", result.Error("CompactionFailed" + Command).Exception.Message, StringComparison.Ordinal);
        other.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Summarizer { 'from here' }");
    }

    [Theory]
    [InlineData("$s | Invoke-OpiCompaction -Reason Threshold")]
    [InlineData("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1")]
    public void A_suspended_compaction_says_so_each_time(string script)
    {
        OpiSession session = NewSession(turns: 4, "-CompactionThreshold 1 -Summarizer { '' }");
        for (int i = 0; i < 3; i++)
        {
            Engine.Run("$s | Invoke-OpiCompaction -Reason Threshold").Error("CompactionFailed" + Command);
        }

        Assert.True(session.CompactionSuspended);
        string warning = Assert.Single(Engine.Run(script).WithoutErrors().Warnings);
        Assert.Contains("suspended", warning, StringComparison.Ordinal);
        Assert.Contains(session.Id, warning, StringComparison.Ordinal);

        Engine.One<OpiCompactionResult>("$s | Invoke-OpiCompaction -Strategy Core");
        Assert.Empty(Engine.Run(script).Warnings);
    }

    [Fact]
    public void What_cutting_cannot_make_small_is_reported_with_its_name()
    {
        OpiSession session = NewSession(turns: 4);
        Engine.Run("$null = $s | Add-OpiTurn -User ('x ' * 9000)").WithoutErrors();

        RunResult result = Engine.Run("$s | Invoke-OpiCompaction -Reason Overflow").WithoutErrors();

        Assert.Equal("msg-9", Assert.IsType<OpiCompactionResult>(Assert.Single(result.Output)).OversizedEntryId);
        Assert.Contains("'msg-9'", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throw [System.Management.Automation.ErrorRecord]::new([Exception]::new('prompt is too long'), 'ContextOverflow', 'InvalidData', $null)")]
    [InlineData("return @{ type = 'error'; error = @{ type = 'invalid_request_error'; message = 'prompt is too long: 209000 tokens > 200000 maximum' } }")]
    [InlineData("@{ type = 'error'; error = @{ type = 'invalid_request_error'; message = 'prompt is too long: 209000 tokens > 200000 maximum' } } | ConvertTo-OpiMessage")]
    public void A_summarizer_whose_model_finds_its_input_too_long_is_called_again_with_less(string refusal)
    {
        NewSession(turns: 4);
        Engine.Run("$asked = @()").WithoutErrors();

        var result = Engine.One<OpiCompactionResult>($"$s | Invoke-OpiCompaction -Summarizer {{ param($messages, $request) $script:asked += $request.Prompt.Length; if ($request.Attempt -lt 3) {{ {refusal} }} 'in short' }}");

        Assert.Equal("in short", result.Summary);
        IReadOnlyList<int> lengths = Engine.All<int>("$asked");
        Assert.Equal(3, lengths.Count);
        Assert.Equal(lengths.OrderDescending(), lengths);
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
        byte[] before = SharedText.ReadAllBytes(session.Path);

        RunResult result = Engine.Run($"$s | Invoke-OpiCompaction -Summarizer {{ {script} }}");

        var error = result.Error("CompactionFailed" + Command);
        Assert.Equal(session.Id, error.TargetObject);
        Assert.Contains(reason, error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
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
