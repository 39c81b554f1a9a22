namespace Opi.PowerShell.Tests;

/// <summary>The engine lacks ConvertFrom-Json: replies are built by hand as it would give them, or are text.</summary>
public sealed class ConvertToOpiMessageTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.ConvertToOpiMessageCommand";

    private const string Anthropic = """
        $reply = [pscustomobject]@{
            id = 'msg_1'; type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5-20250929'
            content = @(
                [pscustomobject]@{ type = 'text'; text = 'I read it.' }
                [pscustomobject]@{ type = 'tool_use'; id = 't1'; name = 'read'; input = [pscustomobject]@{ path = 'a.txt'; lines = @(1, 2) } })
            stop_reason = 'tool_use'; stop_sequence = $null
            usage = [pscustomobject]@{ input_tokens = [long]100; output_tokens = 10.0; cache_read_input_tokens = $null; cache_creation_input_tokens = 5 }
        }
        """;

    public ConvertToOpiMessageTests() => Engine.Set("data", Path.Combine(Repository.Root, "tests", "data", "replies"));

    [Theory]
    [InlineData("$reply | ConvertTo-OpiMessage")]
    [InlineData("ConvertTo-OpiMessage $reply")]
    [InlineData("ConvertTo-OpiMessage -InputObject $reply -Provider anthropic")]
    [InlineData("ConvertTo-OpiMessage @($reply)")]
    public void An_object_becomes_an_answer(string script)
    {
        var message = Engine.One<AssistantMessage>($"{Anthropic}; {script}");

        Assert.Equal(("I read it.", "anthropic:claude-sonnet-4-5-20250929", StopReason.ToolUse, "msg_1"), (message.Text, message.ModelSpec, message.StopReason, message.ResponseId));
        Assert.Equal(new ToolCallContent("t1", "read", """{"path":"a.txt","lines":[1,2]}"""), Assert.Single(message.ToolCalls));
        Assert.Equal(new Usage(100, 10, 0, 5), message.Usage with { Billing = null });
    }

    /// <summary>Each piece of Gemini has the sum of the tokens so far.</summary>
    [Fact]
    public void Pieces_of_Gemini_in_a_pipeline_are_one_reply_and_billed_once()
    {
        AssistantMessage[] messages = [.. Engine.All<AssistantMessage>("""
            ('{"candidates":[{"content":{"parts":[{"text":"Os"}]}}],"modelVersion":"m",' +
                '"usageMetadata":{"promptTokenCount":1000,"totalTokenCount":1000}}'),
            ('{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}],"modelVersion":"m",' +
                '"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":2,"totalTokenCount":1002}}'),
            ('{"candidates":[{"content":{"parts":[{"text":"whole"}]},"finishReason":"STOP"}],"modelVersion":"m",' +
                '"usageMetadata":{"promptTokenCount":7}}') | ConvertTo-OpiMessage
            """)];

        Assert.Equal(["Oslo", "whole"], messages.Select(message => message.Text));
        Assert.Equal([1002L, 7], messages.Select(message => message.Usage.TotalTokens));
    }

    /// <summary>A number that is none in JSON is a wrong value like any other; the same finding is told once a call.</summary>
    [Fact]
    public void What_is_not_known_of_the_usage_is_one_warning_a_call()
    {
        RunResult result = Engine.Run($$"""
            {{Anthropic}}
            $reply.usage = [pscustomobject]@{ input_tokens = 100; foo_tokens = 5; output_tokens = [double]::NaN }
            $reply, $reply | ConvertTo-OpiMessage
            """).WithoutErrors();

        Assert.Equal(
            [
                "Anthropic's usage has 'foo_tokens', which this Opi does not know: the cost is known only in part.",
                "Anthropic's usage has 'output_tokens': NaN is not a count. The cost is known only in part.",
            ],
            result.Warnings.Order(StringComparer.Ordinal));
        Assert.Equal(2, result.Output.Count);
    }

    [Theory]
    [InlineData("@{ choices = @(@{ message = @{ content = 'hi' }; finish_reason = 'stop' }); model = 'gpt-4o'; usage = @{ prompt_tokens = 9; completion_tokens = 2 } }")]
    [InlineData("[ordered]@{ choices = @{ message = @{ content = 'hi' }; finish_reason = 'stop' }; model = 'gpt-4o'; usage = @{ prompt_tokens = 9.0; completion_tokens = 2 } }")]
    [InlineData("[pscustomobject]@{ choices = [pscustomobject]@{ message = [pscustomobject]@{ content = 'hi'; refusal = $null }; finish_reason = 'stop' }; model = 'gpt-4o'; usage = [pscustomobject]@{ prompt_tokens = 9; completion_tokens = 2 } }")]
    [InlineData("'{\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}],\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}'")]
    public void Tables_lists_of_one_and_text_are_taken(string reply)
    {
        foreach (string script in (string[])[$"{reply} | ConvertTo-OpiMessage", $"ConvertTo-OpiMessage ({reply})", $"$r = {reply}; ,@($r) | ConvertTo-OpiMessage"])
        {
            var message = Engine.One<AssistantMessage>(script);
            Assert.Equal(("hi", "openai:gpt-4o", 9, 2), (message.Text, message.ModelSpec, message.Usage.InputTokens, message.Usage.OutputTokens));
        }
    }

    [Theory]
    [InlineData("anthropic.sse")]
    [InlineData("openai-chat.sse")]
    [InlineData("openai-responses.sse")]
    [InlineData("anthropic.json")]
    [InlineData("ollama.json")]
    public void Text_and_its_lines_are_one_reply(string file)
    {
        Engine.Set("file", file);

        foreach (string script in (string[])["[IO.File]::ReadAllText(\"$data/$file\") | ConvertTo-OpiMessage", "[IO.File]::ReadAllLines(\"$data/$file\") | ConvertTo-OpiMessage", "ConvertTo-OpiMessage ([IO.File]::ReadAllLines(\"$data/$file\"))"])
        {
            var message = Engine.One<AssistantMessage>(script);
            Assert.Equal(("I read the file.", StopReason.ToolUse), (message.Text, message.StopReason));
        }
    }

    [Fact]
    public void Lines_and_chunks_of_a_stream_end_with_their_last()
    {
        var lines = Engine.One<AssistantMessage>("""
            '{"model":"m","message":{"content":"Os"},"done":false}', '{"model":"m","message":{"content":"lo."},"done":true,"done_reason":"stop","eval_count":2}' | ConvertTo-OpiMessage
            """);
        var chunks = Engine.One<AssistantMessage>("""
            @{ choices = @(@{ delta = @{ content = 'Os' } }) }, @{ choices = @(@{ delta = @{ content = 'lo.' }; finish_reason = 'stop' }) }, @{ choices = @(); usage = @{ prompt_tokens = 5; completion_tokens = 2 } } | ConvertTo-OpiMessage
            """);

        Assert.Equal(("Oslo.", StopReason.Stop, 2), (lines.Text, lines.StopReason, lines.Usage.OutputTokens));
        Assert.Equal(("Oslo.", StopReason.Stop, 5), (chunks.Text, chunks.StopReason, chunks.Usage.InputTokens));
    }

    [Fact]
    public void The_model_is_the_callers_where_given()
    {
        var message = Engine.One<AssistantMessage>($"{Anthropic}; $reply | ConvertTo-OpiMessage -Model bedrock:anthropic.claude");

        Assert.Equal(("bedrock:anthropic.claude", "claude-sonnet-4-5-20250929"), (message.ModelSpec, message.ResponseModel));
    }

    [Fact]
    public void A_text_that_looked_like_a_time_is_text_again()
    {
        Assert.Equal("2026-11-24T13:45:00Z", Engine.One<AssistantMessage>(
            "@{ choices = @(@{ message = @{ content = [datetime]::SpecifyKind('2026-11-24T13:45:00', 'Utc') } }) } | ConvertTo-OpiMessage").Text);
    }

    [Fact]
    public void An_error_of_the_provider_is_an_error_about_it_and_the_next_reply_goes_on()
    {
        RunResult result = Engine.Run($"{Anthropic}; $bad = @{{ type = 'error'; error = @{{ type = 'overloaded_error'; message = 'Overloaded' }} }}; $bad, $reply | ConvertTo-OpiMessage");

        Assert.Equal("The reply of anthropic is an error: overloaded_error: Overloaded", result.Error("ProviderError" + Command).Exception.Message);
        Assert.IsType<AssistantMessage>(Assert.Single(result.Output));
    }

    [Theory]
    [InlineData("@{ answer = 42 } | ConvertTo-OpiMessage")]
    [InlineData("'some words' | ConvertTo-OpiMessage")]
    [InlineData("ConvertTo-OpiMessage ''")]
    [InlineData("ConvertTo-OpiMessage @()")]
    [InlineData("5 | ConvertTo-OpiMessage")]
    [InlineData("$loop = @{}; $loop.self = $loop; $loop | ConvertTo-OpiMessage")]
    [InlineData("@{ choices = @() } | ConvertTo-OpiMessage -Provider Gemini")]
    public void What_is_not_a_reply_is_an_error(string script)
    {
        RunResult result = Engine.Run(script);

        result.Error("UnknownReply" + Command);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("$null | ConvertTo-OpiMessage", "InputObject")]
    [InlineData("ConvertTo-OpiMessage @{ a = 1 } -Provider Nobody", "Provider")]
    public void What_cannot_be_bound_is_refused(string script, string parameter) => Engine.Run(script).BindingError(parameter);

    [Fact]
    public void A_turn_takes_the_reply_with_its_tokens_and_model()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>($"{Anthropic}; $s | Add-OpiTurn -User 'read a.txt' -Response $reply");

        Assert.Equal((100, 10, 0, 5), (turn.InputTokens, turn.OutputTokens, turn.CacheReadTokens, turn.CacheWriteTokens));
        Assert.Equal(0.00046875m, turn.Cost);
        AssistantMessage answer = Answer(session);
        Assert.Equal(("anthropic:claude-sonnet-4-5-20250929", "msg_1", StopReason.ToolUse), (answer.ModelSpec, answer.ResponseId, answer.StopReason));
        Assert.Equal("t1", Assert.Single(answer.ToolCalls).Id);
    }

    [Theory]
    [InlineData("-Response $reply")]
    [InlineData("-Response $reply -Provider Anthropic")]
    [InlineData("-User '' -Response $reply")]
    public void A_reply_alone_is_a_turn(string parameters)
    {
        NewSession();

        Assert.Single(Engine.One<OpiTurn>($"{Anthropic}; $s | Add-OpiTurn {parameters}").EntryIds);
    }

    [Fact]
    public void A_row_has_its_reply()
    {
        OpiSession session = NewSession();

        Engine.All<OpiTurn>($"{Anthropic}; [pscustomobject]@{{ User = 'q'; Response = $reply }}, [pscustomobject]@{{ User = 'q'; Response = $reply; Model = 'openai:gpt-4o'; Provider = 'Anthropic' }} | Add-OpiTurn $s");

        Assert.Equal(("I read it.", "openai:gpt-4o"), (Answer(session).Text, Answer(session).ModelSpec));
        Assert.Equal((2, 200), (session.Turns, session.Usage.InputTokens));
    }

    [Fact]
    public void Tokens_and_model_that_are_given_take_the_place_of_the_replys()
    {
        OpiSession session = NewSession();

        var turn = Engine.One<OpiTurn>($"{Anthropic}; $s | Add-OpiTurn -User q -Response $reply -InputTokens 7 -Model openai:gpt-4o");

        Assert.Equal((7, 0, 0), (turn.InputTokens, turn.OutputTokens, turn.CacheWriteTokens));
        Assert.Equal("openai:gpt-4o", Answer(session).ModelSpec);
    }

    [Fact]
    public void A_server_of_another_name_is_known_by_the_session()
    {
        var session = Engine.One<OpiSession>("($s = New-OpiSession deepseek:deepseek-chat -Path $folder)");

        Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Response @{ choices = @(@{ message = @{ content = 'hi' } }); model = 'deepseek-chat' }");

        Assert.Equal("deepseek:deepseek-chat", Answer(session).ModelSpec);
    }

    [Theory]
    [InlineData("@{ error = @{ message = 'Bad key'; type = 'invalid_request_error' } }", "ProviderError")]
    [InlineData("'<html>'", "UnknownReply")]
    [InlineData("''", "UnknownReply")]
    public void A_reply_that_is_none_adds_nothing(string reply, string id)
    {
        OpiSession session = NewSession();

        Engine.Run($"$s | Add-OpiTurn -User q -Response {reply}").Error(id + ",Opi.PowerShell.Commands.AddOpiTurnCommand");

        Assert.Equal(0, session.Turns);
    }

    [Theory]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -Response @{}", "ReplyAndText")]
    [InlineData("$s | Add-OpiTurn -User q -StopReason Stop -Response @{}", "ReplyAndText")]
    [InlineData("$s | Add-OpiTurn -Message (New-OpiMessage User q) -Response @{}", "AmbiguousParameterSet")]
    [InlineData("$s | Add-OpiTurn -User q -Response $null", "ParameterArgumentValidationError")]
    public void A_reply_stands_alone(string script, string id)
    {
        NewSession();

        Engine.Run(script).Error(id + ",Opi.PowerShell.Commands.AddOpiTurnCommand");
    }

    [Fact]
    public void An_answer_without_tool_calls_has_none_for_a_script_too() =>
        Assert.Equal([true, false], Engine.All<bool>($"{Anthropic}; $reply, @{{ choices = @(@{{ message = @{{ content = 'hi' }} }}) }} | ConvertTo-OpiMessage | ForEach-Object {{ [bool] $_.ToolCalls }}"));

    private static AssistantMessage Answer(OpiSession session)
    {
        using var reader = SessionReader.Open(session.Path);
        return reader.Entries.Select(reader.Read).OfType<MessageEntry>().Select(entry => entry.Message).OfType<AssistantMessage>().Last();
    }
}
