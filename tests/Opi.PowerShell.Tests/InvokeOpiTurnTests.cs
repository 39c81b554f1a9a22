using Opi.ProviderStub;

namespace Opi.PowerShell.Tests;

/// <summary>Invoke-OpiTurn in the real engine, with the senders of examples/ against the stand-in for the providers.</summary>
public sealed class InvokeOpiTurnTests : EngineTest, IClassFixture<InvokeOpiTurnTests.Stub>
{
    private const string Command = ",Opi.PowerShell.Commands.InvokeOpiTurnCommand";
    private const string Reply = """@{ type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; content = @(@{ type = 'text'; text = 'Hello' }); stop_reason = 'end_turn'; usage = @{ input_tokens = 10; output_tokens = 5 } }""";

    private static int s_scenarios;

    private readonly Stub _stub;

    public InvokeOpiTurnTests(Stub stub)
    {
        _stub = stub;
        Engine.Run($"$reply = {Reply}");
    }

    public static TheoryData<string, string, string, bool> Senders()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach ((string file, string model, string shape) in (ReadOnlySpan<(string, string, string)>)
        [
            ("anthropic", "anthropic:claude-sonnet-4-5", "Anthropic"),
            ("openai-chat", "openai:gpt-4o", "OpenAIChat"),
            ("openai-responses", "openai:gpt-4o", "OpenAIResponses"),
            ("gemini", "gemini:gemini-2.5-pro", "Gemini"),
            ("bedrock", "bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0", "Bedrock"),
            ("ollama", "ollama:qwen3:8b", "Ollama"),
        ])
        {
            data.Add(file, model, shape, false);
            data.Add(file, model, shape, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void A_turn_with_a_tool_survives_what_servers_do(string file, string model, string shape, bool stream)
    {
        OpiTurn turn = Run(file, model, shape, stream, "429@1,torn,529,drop,error,silent,ok,503@date,ok", "-RetryCount 9 -RetryMaxDelaySec 1");

        Assert.Equal((_stub.Server.AnswerText, 2, 1, StopReason.Stop), (turn.Text, turn.Rounds, turn.ToolCalls, turn.StopReason));
        // Of Gemini and Ollama the call is one piece: where the connection breaks behind it, the answer is whole, and not asked for again.
        Assert.Equal(stream && (file is "gemini" or "ollama") ? 5 : 7, turn.Retries);
        Assert.Equal(
            ["user: read it", "assistant: ", "tool_result: content of path", $"assistant: {turn.Text}"],
            Engine.All<OpiEntry>("Get-OpiEntry $s -Type Message | Where-Object { $_.Message.StopReason -ne 'Error' }").Select(
                entry => $"{entry.Role}: {entry.Message!.Text}"));
        Assert.Equal(turn.Text, Engine.One<string>("\"$text\"")[^turn.Text!.Length..]);
        Assert.All(_stub.Server.Requests, request => Assert.Empty(request.Violations));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void An_overflow_is_met_by_a_shorter_context(string file, string model, string shape, bool stream)
    {
        OpiTurn turn = Run(file, model, shape, stream, "overflow", "", "1..4 | ForEach-Object { $null = Add-OpiTurn $s \"q $_ $('x' * 500)\" \"a $('y' * 500)\" }");

        Assert.Equal((_stub.Server.AnswerText, 2, 0), (turn.Text, turn.Rounds, turn.Retries));
        Assert.Equal(CompactionReason.Overflow, Assert.Single(turn.Compactions).Reason);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void A_refusal_ends_the_turn_with_its_reason(string file, string model, string shape, bool stream)
    {
        OpiTurn turn = Run(file, model, shape, stream, "refusal", "");

        Assert.Equal((StopReason.Refusal, 1, 0), (turn.StopReason, turn.Rounds, turn.ToolCalls));
        Assert.NotEmpty(turn.ErrorMessage!);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void Parallel_calls_are_answered_together(string file, string model, string shape, bool stream) =>
        Assert.Equal((2, 2), Run(file, model, shape, stream, "parallel", "") switch { var turn => (turn.ToolCalls, turn.Rounds) });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_paused_turn_is_sent_on(bool stream) =>
        Assert.Equal((3, 1), Run("anthropic", Sonnet, "Anthropic", stream, "pause", "") switch { var turn => (turn.Rounds, turn.ToolCalls) });

    [Theory]
    [InlineData("400", "HTTP 400")]
    [InlineData("401", "HTTP 401")]
    [InlineData("404", "HTTP 404")]
    [InlineData("422", "HTTP 422")]
    public void A_request_that_is_wrong_is_sent_once(string step, string told)
    {
        int before = _stub.Server.Requests.Count;

        RunResult result = Engine.Run(Script("anthropic", Sonnet, "Anthropic", false, step, ""));

        Assert.Contains(told, result.Error("RequestFailed" + Command).Exception.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, _stub.Server.Requests.Count);
    }

    [Fact]
    public void The_request_is_a_table_and_JSON_and_can_be_changed()
    {
        NewSession();

        RunResult result = Engine.Run("""
            $seen = [Collections.Generic.List[object]]::new()
            $null = Invoke-OpiTurn $s hi -Body ([ordered]@{ temperature = 1; metadata = @{ user_id = 'ü' } }) -Send {
                param($request)
                $seen.Add($request.Json); $seen.Add(($request | ConvertTo-Json -Depth 50 -Compress)); $seen.Add($_.ModelId); $seen.Add($request.Shape)
                $request.temperature = 0
                $seen.Add($request.Json)
                $reply
            }
            $seen
            """).WithoutErrors();

        const string Expected = """{"model":"claude-sonnet-4-5","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"temperature":1,"metadata":{"user_id":"ü"}}""";
        Assert.Equal(
            [Expected, Expected, "claude-sonnet-4-5", Provider.Anthropic, Expected.Replace("\"temperature\":1", "\"temperature\":0", StringComparison.Ordinal)],
            result.Output);
    }

    [Theory]
    [InlineData("{ }", "returned nothing")]
    [InlineData("{ $null }", "returned nothing")]
    [InlineData("{ 'rate limited' }", "not a reply of a model")]
    [InlineData("{ 5 }", "a number")]
    [InlineData("{ Get-Process -Id $PID }", "is not a reply")]
    [InlineData("{ $reply; $reply }", "2 replies")]
    [InlineData("{ throw 'boom' }", "the -Send script block failed: boom")]
    [InlineData("{ Write-Error 'bad luck' }", "the -Send script block failed: bad luck")]
    [InlineData("{ exit }", "'exit'")]
    [InlineData("{ break }", "'break'")]
    [InlineData("{ continue }", "'continue'")]
    [InlineData("{ Get-Nothing }", "Get-Nothing")]
    public void A_sender_that_is_wrong_ends_the_turn_with_one_line(string send, string told)
    {
        NewSession();

        RunResult result = Engine.Run($"foreach ($i in 1) {{ Invoke-OpiTurn $s hi -Send {send} }}; 'after'");

        string message = result.Error("SenderFailed" + Command).Exception.Message;
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal("after", Assert.Single(result.Output));
        Assert.Equal("Hello", Engine.One<OpiTurn>("Invoke-OpiTurn $s -Send { $reply }").Text);
        Assert.Equal(["hi", "Hello"], Texts().Where(text => text != "Hello").Append("Hello"));
    }

    [Theory]
    [InlineData("Start-Sleep 100")]
    [InlineData("while ($true) { }")]
    [InlineData("foreach ($i in 1..100) { Start-Sleep 1 }; $reply")]
    public void A_request_that_takes_too_long_is_stopped_and_tried_again(string work)
    {
        NewSession();

        RunResult result = Engine.Run($$"""
            $tries = 0
            Invoke-OpiTurn $s hi -TimeoutSec 1 -RetryCount 1 -RetryMaxDelaySec 0 -Send { $script:tries++; {{work}} }
            $tries
            """);

        Assert.Contains("within 1 s", result.Error("RequestFailed" + Command).Exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(result.Output));
        Assert.Equal("Hello", Engine.One<OpiTurn>("Invoke-OpiTurn $s -TimeoutSec 60 -Send { $reply }").Text);
    }

    [Fact]
    public void Errors_of_a_sender_within_a_time_are_those_without_one()
    {
        NewSession();

        Engine.Run("Invoke-OpiTurn $s hi -TimeoutSec 60 -Send { throw 'boom' }").Error("SenderFailed" + Command);
        Engine.Run("Invoke-OpiTurn $s hi -TimeoutSec 60 -Send { exit }").Error("SenderFailed" + Command);
        Engine.Run("Invoke-OpiTurn $s hi -TimeoutSec 60 -Send { }").Error("SenderFailed" + Command);
    }

    [Fact]
    public void WhatIf_sends_nothing_and_adds_nothing()
    {
        NewSession();

        Engine.Show("Invoke-OpiTurn $s hi -Send { throw 'sent' } -WhatIf");

        Assert.Empty(Texts());
    }

    [Theory]
    [InlineData("@{ messages = @() }", "messages")]
    [InlineData("@{ system = 'x' }", "system")]
    [InlineData("@{ x = [System.Threading.Thread]::CurrentThread }", "JSON")]
    public void A_body_that_cannot_be_is_refused_before_anything_is_done(string body, string told)
    {
        NewSession();

        Assert.Contains(
            told, Engine.Run($"Invoke-OpiTurn $s hi -Body {body} -Send {{ $reply }}").Error("InvalidBody" + Command).Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Texts());
    }

    [Fact]
    public void A_session_without_a_model_needs_a_shape()
    {
        Engine.Run("$s = New-OpiSession -Path $folder").WithoutErrors();

        Engine.Run("Invoke-OpiTurn $s hi -Send { $reply }").Error("ModelUnknown" + Command);
        Assert.Equal("Hello", Engine.One<OpiTurn>("Invoke-OpiTurn $s hi -As Anthropic -Send { $reply }").Text);
    }

    [Fact]
    public void An_empty_session_has_nothing_to_send_and_an_answered_one_gives_its_answer()
    {
        NewSession();

        Engine.Run("Invoke-OpiTurn $s -Send { $reply }").Error("NothingToSend" + Command);
        Engine.One<OpiTurn>("Invoke-OpiTurn $s hi -Send { $reply }");
        Assert.Equal(("Hello", 0), Engine.One<OpiTurn>("Invoke-OpiTurn $s -Send { throw 'sent' }") switch { var turn => (turn.Text, turn.Rounds) });
    }

    [Theory]
    [InlineData("Run", "ran")]
    [InlineData("Report", "No result")]
    [InlineData("@{ look = 'Run' }", "ran")]
    [InlineData("@{ look = 'Report'; '*' = 'Run' }", "No result")]
    [InlineData("@{ '*' = 'Run' }", "ran")]
    public void Calls_that_a_process_left_behind_are_run_or_reported_by_tool(string given, string result)
    {
        NewSession();
        Engine.Run("""
            $null = Add-OpiTurn $s -Message (New-OpiMessage User 'look'), (New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'look'; Arguments = @{} })
            """).WithoutErrors();

        OpiTurn turn = Engine.One<OpiTurn>($"Invoke-OpiTurn $s -OnInterrupted {given} -Tool @{{ look = {{ 'ran' }} }} -Send {{ $reply }}");

        Assert.Equal((1, 1), (turn.ToolCalls, turn.Rounds));
        Assert.StartsWith(result, Texts()[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Confirm_is_asked_of_each_call_and_not_of_the_request()
    {
        NewSession();
        Engine.Run("$calls = @{ type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; content = @(@{ type = 'tool_use'; id = 't'; name = 'look'; input = @{} }); stop_reason = 'tool_use'; usage = @{ input_tokens = 10; output_tokens = 5 } }");

        OpiTurn turn = Engine.One<OpiTurn>("$n = 0; Invoke-OpiTurn $s hi -Tool @{ look = { 'ran' } } -Confirm:$false -Send { if ($script:n++) { $reply } else { $calls } }");

        Assert.Equal((1, "ran"), (turn.ToolCalls, Texts()[2]));
    }

    private string[] Texts() => [.. Engine.All<OpiEntry>("Get-OpiEntry $s -Type Message").Select(entry => entry.Message!.Text)];

    private OpiTurn Run(string file, string model, string shape, bool stream, string scenario, string parameters, string before = "") =>
        Engine.One<OpiTurn>(Script(file, model, shape, stream, scenario, parameters, before));

    private string Script(string file, string model, string shape, bool stream, string scenario, string parameters, string before = "")
    {
        string address = $"{_stub.Server.BaseUri.GetLeftPart(UriPartial.Authority)}/s/{Interlocked.Increment(ref s_scenarios)}:{scenario}";
        string key = file == "ollama" ? "" : "-Key test";
        string path = Path.Combine(Repository.Root, "examples", "senders", file + ".ps1").Replace("'", "''", StringComparison.Ordinal);
        return $$"""
            $text = [Text.StringBuilder]::new()
            $s = New-OpiSession '{{model}}' -Path $folder
            {{before}}
            $send = & '{{path}}' -Address '{{address}}' {{key}} -Stream:${{stream}}
            Invoke-OpiTurn $s 'read it' -As {{shape}} -Send $send -Tool @{ read = { param([string] $path) "content of $path" } } -OnText { $null = $text.Append($_) } {{parameters}}
            """;
    }

    public sealed class Stub : IDisposable
    {
        public StubServer Server { get; } = StubServer.Start();

        public void Dispose() => Server.Dispose();
    }
}
