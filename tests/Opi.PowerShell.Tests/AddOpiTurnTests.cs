using Opi.Tests;
using System.Text.Json;

namespace Opi.PowerShell.Tests;

public sealed class AddOpiTurnTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.AddOpiTurnCommand";

    [Fact]
    public void A_text_turn_is_on_disk_when_it_returns()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'hi' -Assistant 'hello' -InputTokens 1200 -OutputTokens 300 -CacheReadTokens 20 -CacheWriteTokens 3");

        Assert.Equal((session.Id, 1), (turn.SessionId, turn.Turn));
        Assert.Equal((1200, 300, 20, 3, 1523), (turn.InputTokens, turn.OutputTokens, turn.CacheReadTokens, turn.CacheWriteTokens, turn.TotalTokens));
        Assert.Equal(0.00811725m, turn.Cost);
        Assert.Equal(["msg-1", "msg-2"], turn.EntryIds);
        Assert.Null(turn.CompactionReason);
        Assert.Equal(["user: hi", "assistant: hello"], Lines(session.Path));
    }

    [Theory]
    [InlineData("Add-OpiTurn $s 'hi' 'hello'", "user: hi", "assistant: hello")]
    [InlineData("Add-OpiTurn -Session $s -User 'hi'", "user: hi")]
    [InlineData("Add-OpiTurn $s -Assistant 'hello'", "assistant: hello")]
    [InlineData("Add-OpiTurn $s -User '' -Assistant 'hello'", "assistant: hello")]
    [InlineData("Add-OpiTurn $s.Path 'hi'", "user: hi")]
    [InlineData("Add-OpiTurn -Id $s.Id 'hi'", "user: hi")]
    [InlineData("Add-OpiTurn -SessionId $s.Id 'hi'", "user: hi")]
    [InlineData("Add-OpiTurn -Path $s.Path 'hi'", "user: hi")]
    [InlineData("$s.Id | Add-OpiTurn -User 'hi'", "user: hi")]
    [InlineData("[pscustomobject]@{ Path = $s.Path } | Add-OpiTurn -User 'hi'", "user: hi")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id; User = 'hi'; Assistant = 'hello' } | Add-OpiTurn", "user: hi", "assistant: hello")]
    public void The_session_and_the_texts_bind_in_every_way(string script, params string[] lines)
    {
        OpiSession session = NewSession();

        Engine.One<OpiTurn>(script);

        Assert.Equal(lines, Lines(session.Path));
    }

    [Fact]
    public void What_is_not_known_of_a_usage_is_reported_once_an_open_session()
    {
        const string Reply = """'{"type":"message","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":9,"foo_tokens":5}}'""";

        RunResult result = Engine.Run($$"""
            $s = New-OpiSession -Folder $folder -Model anthropic:claude-sonnet-4-5
            1..3 | ForEach-Object { $s | Add-OpiTurn -User hi -Response {{Reply}} }
            $t = New-OpiSession -Folder $folder -Model anthropic:claude-sonnet-4-5
            $t | Add-OpiTurn -User hi -Response {{Reply}}
            """).WithoutErrors();

        string warning = Assert.Single(result.Warnings.Distinct());
        Assert.Equal("Anthropic's usage has 'foo_tokens', which this Opi does not know: the cost is known only in part.", warning);
        Assert.Equal(2, result.Warnings.Count);
        Assert.All(result.Output.OfType<OpiTurn>(), turn => Assert.Null(turn.Cost));
    }

    [Fact]
    public void A_session_given_by_id_is_closed_after_the_call()
    {
        string id = StoredSession();

        var turn = Engine.One<OpiTurn>($"Add-OpiTurn {id} -Folder $folder -User 'once more'");

        Assert.Equal(2, turn.Turn);
        Assert.Empty(Engine.All<OpiSession>("Get-OpiSession -Open | Where-Object Id -eq '" + id + "'"));
        Engine.One<OpiSession>($"Resume-OpiSession {id} -Folder $folder");
    }

    [Fact]
    public void Each_piped_session_gets_the_turn()
    {
        StoredSession();
        StoredSession();

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>("Get-OpiSession -Folder $folder | Add-OpiTurn -User 'to all'");

        Assert.Equal([2, 2], turns.Select(turn => turn.Turn));
        Assert.Equal(2, turns.Select(turn => turn.SessionId).Distinct().Count());
    }

    [Fact]
    public void Each_row_is_a_turn()
    {
        OpiSession session = NewSession();

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>("""
            [pscustomobject]@{ User = 'q1'; Assistant = 'a1'; InputTokens = '1000'; OutputTokens = '100'; CacheReadTokens = '5'; CacheWriteTokens = '7'; Model = 'openai:gpt-4o'; StopReason = 'Length' },
            [pscustomobject]@{ User = 'q2'; Assistant = 'a2'; InputTokens = '2000'; OutputTokens = '200'; CacheReadTokens = '0'; CacheWriteTokens = '0'; Model = 'openai:gpt-4o'; StopReason = 'Stop' } |
                Add-OpiTurn -Session $s
            """);

        Assert.Equal([(1000, 100, 5, 7), (2000, 200, 0, 0)], turns.Select(turn => (turn.InputTokens, turn.OutputTokens, turn.CacheReadTokens, turn.CacheWriteTokens)));
        AssistantMessage answer = Answers(session.Path)[0];
        Assert.Equal(("openai:gpt-4o", StopReason.Length), (answer.ModelSpec, answer.StopReason));
        Assert.Equal((3000, 300, 2), (session.Usage.InputTokens, session.Usage.OutputTokens, session.Usage.Turns));
    }

    [Fact]
    public void An_empty_cell_is_not_a_value()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>("[pscustomobject]@{ User = 'q'; Assistant = 'a'; InputTokens = ''; OutputTokens = ''; CacheReadTokens = ''; CacheWriteTokens = ''; Model = ''; StopReason = '' } | Add-OpiTurn $s");

        Assert.Null(turn.Cost);
        AssistantMessage answer = Assert.Single(Answers(session.Path));
        Assert.Equal((Sonnet, StopReason.Stop), (answer.ModelSpec, answer.StopReason));
        Assert.False(answer.Usage.IsKnown);
        Assert.Equal(1, session.Usage.UnknownUsageTurns);
    }

    [Fact]
    public void A_row_leaves_nothing_to_the_next()
    {
        OpiSession session = NewSession();

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>("""
            [pscustomobject]@{ User = 'q1'; Assistant = 'a1'; InputTokens = 1000; Model = 'openai:gpt-4o'; StopReason = 'Length' },
            [pscustomobject]@{ Assistant = 'a2' } | Add-OpiTurn $s
            """);

        Assert.Equal([1000, 0], turns.Select(turn => turn.InputTokens));
        Assert.Equal(["user: q1", "assistant: a1", "assistant: a2"], Lines(session.Path));
        AssistantMessage answer = Answers(session.Path)[1];
        Assert.Equal((Sonnet, StopReason.Stop), (answer.ModelSpec, answer.StopReason));
    }

    [Theory]
    [InlineData("InputTokens")]
    [InlineData("OutputTokens")]
    [InlineData("CacheReadTokens")]
    [InlineData("CacheWriteTokens")]
    public void A_bad_count_in_a_row_is_an_error_that_names_it_and_the_next_row_goes_on(string column)
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run($$"""
            [pscustomobject]@{ User = 'bad'; Assistant = 'a'; {{column}} = '-5' },
            [pscustomobject]@{ User = 'worse'; Assistant = 'a'; {{column}} = 'many' },
            [pscustomobject]@{ User = 'good'; Assistant = 'a'; {{column}} = '5' } | Add-OpiTurn $s
            """);

        Assert.Equal(["user: good", "assistant: a"], Lines(session.Path));
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.Contains($"'{column}'", error.Exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_count_with_a_fraction_is_refused_instead_of_rounded()
    {
        // '1.200' is twelve hundred in a German sheet; read as 1 it would make the cost wrong in silence.
        NewSession();

        Engine.Run("$s | Add-OpiTurn -User q -Assistant a -InputTokens '1.200'").BindingError("InputTokens");
    }

    [Fact]
    public void Several_messages_are_one_turn_with_the_sum_of_their_tokens()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>("""
            $messages = @(
                New-OpiMessage User 'read a.txt'
                New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read'; Arguments = @{ path = 'a.txt' } } -InputTokens 100 -OutputTokens 10 -Model $model
                New-OpiMessage ToolResult 'text' -ToolCallId c1 -ToolName read
                New-OpiMessage Assistant 'It says text.' -InputTokens 200 -OutputTokens 20 -Model $model
            )
            Add-OpiTurn $s -Message $messages
            """);

        Assert.Equal((1, 300, 30), (turn.Turn, turn.InputTokens, turn.OutputTokens));
        Assert.Equal(0.00135m, turn.Cost);
        Assert.Equal(["msg-1", "msg-2", "msg-3", "msg-4"], turn.EntryIds);
        Assert.Equal(1, session.Turns);
    }

    [Fact]
    public void Tokens_given_for_a_turn_are_stored_with_its_last_answer_so_that_resuming_gives_the_same()
    {
        OpiSession session = NewSession();
        var turn = Engine.One<OpiTurn>("""
            Add-OpiTurn $s -InputTokens 900 -OutputTokens 90 -Message @(
                New-OpiMessage User 'q'
                New-OpiMessage Assistant 'first' -InputTokens 1 -OutputTokens 1
                New-OpiMessage Assistant 'last' -InputTokens 2 -OutputTokens 2)
            """);
        CumulativeUsage before = session.Usage;

        Engine.Run("$s | Close-OpiSession").WithoutErrors();
        var resumed = Engine.One<OpiSession>("Resume-OpiSession $s");

        Assert.Equal((900, 90), (turn.InputTokens, turn.OutputTokens));
        Assert.Equal([0, 900], Answers(session.Path).Select(answer => answer.Usage.InputTokens));
        Assert.Equal(before, resumed.Usage);
    }

    [Fact]
    public void Entries_of_one_session_can_be_piped_into_another()
    {
        string source = StoredSession(turns: 2);
        OpiSession session = NewSession();

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>($"Get-OpiEntry {source} -Folder $folder -Type Message | Add-OpiTurn -Session $s");

        Assert.Equal(4, turns.Count);
        Assert.Equal(["user: question 1", "assistant: answer 1", "user: question 2", "assistant: answer 2"], Lines(session.Path));
    }

    [Fact]
    public void Zero_tokens_that_were_given_cost_nothing_and_are_not_unknown()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 0");

        Assert.Equal(0m, turn.Cost);
        Assert.Equal(0, session.Usage.UnknownUsageTurns);
    }

    [Fact]
    public void A_model_without_price_leaves_the_cost_unknown()
    {
        NewSession();

        RunResult result = Engine.Run("$s | Add-OpiTurn -User q -Assistant a -InputTokens 10 -Model acme:giant-1");

        Assert.Null(Assert.IsType<OpiTurn>(Assert.Single(result.WithoutErrors().Output)).Cost);
    }

    [Fact]
    public void The_reason_tells_when_a_compaction_is_due()
    {
        OpiSession session = NewSession("-CompactionThreshold 200");

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>("1..2 | ForEach-Object { $s | Add-OpiTurn -User q -Assistant a -InputTokens 100 }");

        Assert.Equal([null, CompactionReason.Threshold], turns.Select(turn => turn.CompactionReason));
        Assert.All(turns, turn => Assert.Null(turn.Compaction));
        Assert.True(session.CompactionDue);
    }

    [Fact]
    public void AutoCompact_compacts_with_the_turn_that_makes_it_due()
    {
        OpiSession session = NewSession("-CompactionThreshold 200 -AutoCompact");

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>("1..2 | ForEach-Object { $s | Add-OpiTurn -User q -Assistant a -InputTokens 100 }");

        Assert.Null(turns[0].Compaction);
        Assert.Equal((CompactionReason.Threshold, 3, 1), (turns[1].Compaction!.Reason, turns[1].Compaction!.EntriesCompacted, turns[1].Compaction!.EntriesKept));
        Assert.False(session.CompactionDue);
    }

    [Theory]
    [InlineData("throw '529'", "529")]
    [InlineData("break", "break")]
    [InlineData("''", "no text")]
    public void A_turn_is_given_though_the_compaction_behind_it_failed(string summarizer, string reason)
    {
        OpiSession session = NewSession($"-CompactionThreshold 200 -AutoCompact -Summarizer {{ {summarizer} }}");
        Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 100");

        RunResult result = Engine.Run("$ErrorActionPreference = 'Stop'; $s | Add-OpiTurn -User q -Assistant a -InputTokens 100 -ErrorAction Stop").WithoutErrors();

        var turn = Assert.IsType<OpiTurn>(Assert.Single(result.Output));
        Assert.Equal((2, CompactionReason.Threshold, null), (turn.Turn, turn.CompactionReason, turn.Compaction));
        Assert.Contains(reason, turn.CompactionError!.Message, StringComparison.Ordinal);
        Assert.Contains("turn 2 is saved", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(4, session.EntryCount);
    }

    [Fact]
    public void A_turn_goes_on_until_the_next_prompt()
    {
        NewSession();

        Assert.Equal([1, 1, 2], Engine.All<int>("""
            $call = New-OpiMessage Assistant calling -ToolCall @{ Id = 'a1'; Name = 'x' } -Model $model -InputTokens 10 -OutputTokens 1
            ($s | Add-OpiTurn -Message (New-OpiMessage User q1), $call).Turn
            ($s | Add-OpiTurn -Message (New-OpiMessage ToolResult r -ToolCallId a1 -ToolName x), (New-OpiMessage Assistant done -Model $model -InputTokens 20 -OutputTokens 2)).Turn
            ($s | Add-OpiTurn -User q2 -Assistant a2 -InputTokens 1 -OutputTokens 1).Turn
            """));
        Assert.Equal([1, 2], Engine.All<int>("Get-OpiCost $s -By Turn | ForEach-Object Turn"));
        Assert.Equal([2, 2, 2], Engine.All<int>("$s.Turns; $s | Close-OpiSession; $s = Resume-OpiSession $s.Path; $s.Turns; (Get-OpiSession $s).Turns"));
    }

    [Fact]
    public void WhatIf_adds_nothing_to_an_open_session()
    {
        OpiSession session = NewSession(turns: 1);
        IReadOnlyList<string> before = Snapshot();

        RunResult result = Engine.Run("$s | Add-OpiTurn -User q -Assistant a -WhatIf").WithoutErrors();

        Assert.Empty(result.Output);
        Assert.Equal(before, Snapshot());
        Assert.Equal(1, session.Turns);
    }

    [Theory]
    [InlineData("e02-torn-tail-no-newline")]
    [InlineData("e04-complete-last-line-no-newline")]
    [InlineData("s01-plain-1-turn")]
    public void WhatIf_writes_nothing_for_a_session_given_by_id(string golden)
    {
        CopyGolden(golden, "other");
        IReadOnlyList<string> before = Snapshot();

        RunResult result = Engine.Run("Add-OpiTurn other -Folder $folder -User q -Assistant a -WhatIf").WithoutErrors();

        Assert.Empty(result.Output);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_turn_without_text_is_an_error_about_the_session_and_the_next_row_goes_on()
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run("[pscustomobject]@{ User = ''; Assistant = '' }, [pscustomobject]@{ User = 'q'; Assistant = '' } | Add-OpiTurn $s");

        var error = result.Error("EmptyTurn" + Command);
        Assert.Equal(session.Id, error.TargetObject);
        Assert.Contains("-User or -Assistant", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["user: q"], Lines(session.Path));
    }

    [Theory]
    [InlineData("$s | Add-OpiTurn -User q -InputTokens 5")]
    [InlineData("$s | Add-OpiTurn -Message (New-OpiMessage User q) -OutputTokens 5")]
    public void Tokens_without_an_answer_are_an_error_and_nothing_is_written(string script)
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run(script);

        Assert.Equal(session.Id, result.Error("UsageWithoutAnswer" + Command).TargetObject);
        Assert.Empty(Lines(session.Path));
    }

    [Theory]
    [InlineData("Add-OpiTurn $s -User q -Message (New-OpiMessage User q)", "AmbiguousParameterSet")]
    [InlineData("Add-OpiTurn $s -Message @()", "ParameterArgumentValidationError")]
    [InlineData("Add-OpiTurn $s -Message 'text'", "CannotConvertArgumentNoMessage")]
    [InlineData("Add-OpiTurn $null -User q", "ParameterArgumentTransformationError")]
    public void What_does_not_fit_is_refused_before_anything_is_written(string script, string id)
    {
        OpiSession session = NewSession();

        Engine.Run(script).Error(id + Command);

        Assert.Empty(Lines(session.Path));
    }

    [Theory]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -StopReason Bored")]
    [InlineData("[pscustomobject]@{ User = 'q'; Assistant = 'a'; StopReason = 'Bored' } | Add-OpiTurn $s")]
    public void An_unknown_stop_reason_is_refused(string script)
    {
        OpiSession session = NewSession();

        Engine.Run(script).BindingError("StopReason");

        Assert.Empty(Lines(session.Path));
    }

    [Fact]
    public void Buffered_turns_are_read_back_at_once_and_after_closing()
    {
        OpiSession session = NewSession(turns: 50, "-Durability Buffered");

        Assert.Equal(100, Engine.All<OpiEntry>("Get-OpiEntry $s").Count);
        Engine.Run("$s | Close-OpiSession").WithoutErrors();
        Assert.Equal(100, Lines(session.Path).Length);
    }

    [Fact]
    public void Text_arrives_as_it_was_given()
    {
        OpiSession session = NewSession();
        string text = "ä 漢字 🙂 \"quoted\" \\ tab\t\nnew line \0 end";
        Engine.Set("text", text);

        Engine.One<OpiTurn>("$s | Add-OpiTurn -User $text");

        Assert.Equal("user: " + text, Assert.Single(Lines(session.Path)));
    }

    private static string[] Lines(string path) => [.. Messages(path).Select(message => $"{message.Role}: {message.Text}")];

    private static AssistantMessage[] Answers(string path) => [.. Messages(path).OfType<AssistantMessage>()];

    private static List<Message> Messages(string path)
    {
        using var reader = SessionReader.Open(path);
        Assert.All(SharedText.ReadAllLines(path), line => JsonDocument.Parse(line).Dispose());
        return [.. reader.Entries.Select(reader.Read).OfType<MessageEntry>().Select(entry => entry.Message)];
    }

    private const string Hello =
        """'{"id":"c1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"""
        + """ "finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}'""";

    private const string HelloObject = """
        [pscustomobject]@{
            id = 'c1'; object = 'chat.completion'; model = 'gpt-4o'; user = 'end-user'; provider = 'Novita'; Message = 'first'; Answer = @('Hello'); History = @(@{ role = 'user' })
            choices = @([pscustomobject]@{ index = 0; message = [pscustomobject]@{ role = 'assistant'; content = 'Hello' }; finish_reason = 'stop' })
            usage = [pscustomobject]@{ prompt_tokens = 20; completion_tokens = 9; total_tokens = 29 } }
        """;

    [Theory]
    [InlineData(Hello + " | Add-OpiTurn -Session $s -User q")]
    [InlineData(HelloObject + " | Add-OpiTurn -Session $s -User q")]
    [InlineData("(" + HelloObject + ") | Add-OpiTurn $s -User { 'q' }")]
    [InlineData(Hello + " | ConvertTo-OpiMessage | Add-OpiTurn -Session $s -User q")]
    [InlineData("[pscustomobject]@{ User = 'q'; Response = " + Hello + " } | Add-OpiTurn -Session $s")]
    public void A_reply_by_the_pipe_is_a_turn(string script)
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>(script);

        Assert.Equal((20, 9), (turn.InputTokens, turn.OutputTokens));
        Assert.Equal(["user: q", "assistant: Hello"], Lines(session.Path));
    }

    [Fact]
    public void Pieces_by_the_pipe_are_one_turn_and_whole_replies_one_each()
    {
        OpiSession session = NewSession();

        IReadOnlyList<OpiTurn> turns = Engine.All<OpiTurn>($$$"""
            '{"candidates":[{"content":{"parts":[{"text":"Os"}]}}],"modelVersion":"m","usageMetadata":{"promptTokenCount":1000,"totalTokenCount":1000}}',
            '{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}],"modelVersion":"m","usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":2,"totalTokenCount":1002}}',
            {{{Hello}}} | Add-OpiTurn -Session $s -User q
            """);

        Assert.Equal([1002L, 29], turns.Select(turn => turn.TotalTokens));
        Assert.Equal(["user: q", "assistant: Oslo", "user: q", "assistant: Hello"], Lines(session.Path));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Foo = 1 } | Add-OpiTurn -Session $s -User q", "UnknownReply")]
    [InlineData("7 | Add-OpiTurn -Session $s -User q", "UnknownReply")]
    [InlineData("'just words' | Add-OpiTurn -Session $s -User q", "UnknownReply")]
    [InlineData("[pscustomobject]@{ User = 'q'; Assistant = 'a'; Provider = 'Bored' } | Add-OpiTurn -Session $s", "InvalidColumn")]
    [InlineData("[pscustomobject]@{ User = 'q'; Assistant = 'a'; Timestamp = '03/04/2026' } | Add-OpiTurn -Session $s", "InvalidColumn")]
    [InlineData("[pscustomobject]@{ User = 'q'; Message = 'words' } | Add-OpiTurn -Session $s", "InvalidColumn")]
    [InlineData(HelloObject + " | Add-OpiTurn -User q", "SessionMissing")]
    [InlineData("$s | Add-OpiTurn 'a prompt' 'an answer'", "SessionTwice")]
    [InlineData("Get-OpiSession -Folder $folder | Add-OpiTurn 'a prompt' 'an answer'", "SessionTwice")]
    public void What_by_the_pipe_cannot_be_used_is_an_error_and_adds_nothing(string script, string id)
    {
        OpiSession session = NewSession();

        Engine.Run(script).Error(id + Command);

        Assert.Empty(Lines(session.Path));
    }

    [Fact]
    public void A_turn_without_an_answer_has_no_cost()
    {
        NewSession();

        Assert.Null(Engine.One<OpiTurn>("$s | Add-OpiTurn -User q").Cost);
    }

    [Fact]
    public void Imported_turns_are_counted_at_their_time()
    {
        NewSession();

        Engine.Run("""
            [pscustomobject]@{ User = 'q'; Assistant = 'a'; InputTokens = 1000; OutputTokens = 10; Timestamp = '2025-03-04T05:06:07Z' } | Add-OpiTurn $s
            $s | Add-OpiTurn -User q -Assistant a -InputTokens 5 -OutputTokens 5 -Timestamp 2025-02-03T00:00:00Z
            $s | Add-OpiTurn -Message (New-OpiMessage User x), (New-OpiMessage Assistant y -Timestamp 2025-01-02T00:00:00Z -InputTokens 5 -OutputTokens 5)
            """).WithoutErrors();

        Assert.Equal(["2025-01-02", "2025-02-03", "2025-03-04"], Engine.All<string>("Get-OpiCost $s -By Day -TimeZone UTC | ForEach-Object Day").Order());
    }

    [Theory]
    [InlineData("choices = @([pscustomobject]@{ message = '@{role=assistant; content=Hello}' })")]
    [InlineData("choices = 'System.Object[]'")]
    [InlineData("type = 'message'; role = 'assistant'; content = @([pscustomobject]@{ type = 'tool_use'; id = 't'; name = 'f'; input = '@{a=1}' })")]
    [InlineData("type = 'message'; role = 'assistant'; content = @('@{type=text; text=Hi}')")]
    [InlineData("output = [pscustomobject]@{ message = [pscustomobject]@{ content = '@{text=Hi}' } }")]
    [InlineData("object = 'response'; output = @([pscustomobject]@{ type = 'message'; content = '@{type=output_text; text=Hi}' })")]
    [InlineData("candidates = @([pscustomobject]@{ content = '@{parts=System.Object[]}' })")]
    public void A_reply_that_was_cut_is_refused_and_says_how(string members)
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run($"$s | Add-OpiTurn -User q -Response ([pscustomobject]@{{ {members}; usage = [pscustomobject]@{{ input_tokens = 5; output_tokens = 5 }} }})");

        Assert.Contains("-Depth", result.Error("UnknownReply" + Command).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Lines(session.Path));
    }
}
