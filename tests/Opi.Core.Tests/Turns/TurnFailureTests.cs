using static Opi.Tests.TurnReplies;

namespace Opi.Tests;

public sealed class TurnFailureTests : IDisposable
{
    private const string Start = """data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4","content":[],"usage":{"input_tokens":100,"output_tokens":1}}}""";
    private const string Block = """data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    private const string Half = """data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Half of"}}""";
    private const string HalfCall = """data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"weather","input":{}}}""";

    private readonly TurnHarness _turn = new();

    public void Dispose() => _turn.Dispose();

    [Theory]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public void A_status_that_passes_is_tried_again(int status)
    {
        OpiTurn turn = _turn.Run(new FakeSender(Throws(Failed(status)), Throws(Failed(status)), Gives(Text("ok"))));

        Assert.Equal(("ok", 2, 1), (turn.Text, turn.Retries, turn.Rounds));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], _turn.Time.Waits);
        Assert.Equal(["user: hi", "assistant: ok"], _turn.OnDisk());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public void A_status_that_stays_is_not(int status)
    {
        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Throws(Failed(status)))));

        Assert.Equal((TurnFailure.Request, status, 1), (error.Failure, error.Status, error.Attempts));
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
        Assert.Equal(["user: hi"], _turn.OnDisk());
    }

    [Theory]
    [InlineData("""{"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"You exceeded your current quota"}}""")]
    [InlineData("""{"error":{"type":"billing_error","message":"No credit"}}""")]
    public void A_limit_that_only_money_lifts_is_not_waited_for(string body) =>
        Assert.Equal(1, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Throws(Failed(429, body))))).Attempts);

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", true)]
    [InlineData("""{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""", true)]
    [InlineData("""{"error":{"code":502,"message":"Provider returned error"}}""", true)]
    [InlineData("""{"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}}""", true)]
    [InlineData("""{"throttlingException":{"message":"Too many requests"}}""", true)]
    [InlineData("""{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""", false)]
    [InlineData("""{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT"}}""", false)]
    public void An_error_that_comes_as_a_reply_is_judged_by_its_codes(string body, bool passes)
    {
        var sender = new FakeSender(Gives(Of(body)), Gives(Text("ok")));
        if (passes)
        {
            Assert.Equal(1, _turn.Run(sender).Retries);
        }
        else
        {
            Assert.Equal(TurnFailure.Request, Assert.Throws<TurnFailedException>(() => _turn.Run(sender)).Failure);
        }
    }

    [Fact]
    public void What_the_provider_asks_to_wait_is_waited()
    {
        _turn.Run(new FakeSender(
            Throws(Failed(429, retryAfter: TimeSpan.FromSeconds(17))),
            Throws(Failed(429, """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota","details":[{"retryDelay":"7s"}]}}""")),
            Gives(Text("ok"))));

        Assert.Equal([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(7)], _turn.Time.Waits);
    }

    [Fact]
    public void A_provider_that_asks_for_more_than_is_allowed_is_not_asked_again()
    {
        var error = Assert.Throws<TurnFailedException>(
            () => _turn.Run(new FakeSender(Throws(Failed(429, retryAfter: TimeSpan.FromMinutes(10))))));

        Assert.Empty(_turn.Time.Waits);
        Assert.Contains("asks to wait 600 s, which is more than the 60 s allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_between_tries_doubles_up_to_its_limit_and_half_of_it_is_chance()
    {
        var rule = new RetryRule { MaxDelay = TimeSpan.FromSeconds(10), Random = () => 0 };
        var late = rule with { Random = () => 0.999999 };

        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(i => rule.DelayBefore(i, null)!.Value.TotalSeconds));
        Assert.Equal(0.5, late.DelayBefore(1, null)!.Value.TotalSeconds, 3);
        Assert.Equal(5, late.DelayBefore(60, null)!.Value.TotalSeconds, 3);
        Assert.InRange(late.DelayBefore(1, TimeSpan.FromSeconds(4))!.Value.TotalSeconds, 4, 4.4);
        Assert.Equal(10, late.DelayBefore(1, TimeSpan.FromSeconds(10))!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void The_last_error_says_how_often_and_why()
    {
        var sender = new FakeSender(
            Throws(Failed(429)), Throws(new SendFailedException("the connection was reset") { IsConnection = true }), Throws(Failed(529)), Throws(Failed(529)));
        TurnOptions options = _turn.Options();

        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(sender, "hi", options with { Retry = options.Retry with { Count = 3 } }));

        Assert.Equal((4, 529), (error.Attempts, error.Status));
        Assert.EndsWith(
            "failed: the server said 529. It was tried 4 times in 7 s: HTTP 429, no connection or a broken one, HTTP 529 (2 times).",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_broken_stream_was_billed_for_is_recorded_and_no_request_has_it()
    {
        var broken = new SendFailedException("The response ended prematurely.") { IsConnection = true };
        var sender = new FakeSender(Throws(broken, Line(Start), Line(Block), Line(Half), Line(HalfCall)), Gives(Text("Whole.")));

        OpiTurn turn = _turn.Run(sender);

        Assert.Equal(["user: hi", "failed: Half of", "assistant: Whole."], _turn.OnDisk());
        Assert.Equal(("Whole.", 1, 1, 200, 11), (turn.Text, turn.Rounds, turn.Retries, turn.InputTokens, turn.OutputTokens));
        Assert.DoesNotContain("Half of", sender.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_turn.Session.ReadOpenToolCalls());
        Assert.Equal(["Half of", "Whole."], _turn.Texts);
    }

    [Fact]
    public void A_connection_that_breaks_behind_the_end_of_the_answer_costs_nothing_more()
    {
        const string Delta = """data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""";
        var broken = new SendFailedException("The response ended prematurely.") { IsConnection = true };

        OpiTurn turn = _turn.Run(new FakeSender(Throws(broken, Line(Start), Line(Block), Line(Half), Line(Delta))));

        Assert.Equal(("Half of", 1, 0, 4), (turn.Text, turn.Rounds, turn.Retries, turn.OutputTokens));
        Assert.Equal(["user: hi", "assistant: Half of"], _turn.OnDisk());
    }

    [Fact]
    public void An_error_without_a_code_in_the_middle_of_a_stream_is_the_servers()
    {
        const string Begun = """{"model":"qwen3","created_at":"2026-11-25T00:00:00Z","message":{"role":"assistant","content":"Hal"},"done":false}""";

        OpiTurn turn = _turn.Run(new FakeSender(Gives(Line(Begun), Line("""{"error":"an error was encountered while running the model"}""")), Gives(Text("ok"))));

        Assert.Equal(("ok", 1), (turn.Text, turn.Retries));
    }

    [Fact]
    public void A_stream_that_ends_in_the_middle_without_an_error_is_broken_too()
    {
        OpiTurn turn = _turn.Run(new FakeSender(Gives(Line(Start), Line(Block), Line(Half)), Gives(Text("Whole."))));

        Assert.Equal(("Whole.", 1), (turn.Text, turn.Retries));
        Assert.Equal("failed: Half of", _turn.OnDisk()[1]);
    }

    [Fact]
    public void An_error_in_the_middle_of_a_stream_is_judged_by_its_codes()
    {
        const string Overloaded = """data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";
        const string Invalid = """data: {"type":"error","error":{"type":"invalid_request_error","message":"No"}}""";

        Assert.Equal(1, _turn.Run(new FakeSender(Gives(Line(Start), Line(Block), Line(Half), Line(Overloaded)), Gives(Text("ok")))).Retries);
        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Line(Start), Line(Block), Line(Half), Line(Invalid))), "again"));
        Assert.Equal((TurnFailure.Request, 1), (error.Failure, error.Attempts));
    }

    [Fact]
    public void A_turn_that_is_stopped_in_a_stream_leaves_a_whole_session_that_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var sender = new FakeSender(Throws(new OperationCanceledException(), Line(Start), Line(Block), Line(Half)));

        Assert.ThrowsAny<OperationCanceledException>(() => new TurnLoop(_turn.Session, new Stopping(sender, stop), _turn.Options()).Run(
            [new UserMessage("hi", 0)], stop.Token));

        Assert.Equal(["user: hi", "failed: Half of"], _turn.OnDisk());
        Assert.Equal("ok", _turn.Run(new FakeSender(Gives(Text("ok"))), prompt: null).Text);
        Assert.Equal(["user: hi", "failed: Half of", "assistant: ok"], _turn.OnDisk());
    }

    [Fact]
    public async Task A_wait_between_tries_is_stopped_at_once()
    {
        using var stop = new CancellationTokenSource();
        using var waiting = new ManualResetEventSlim();
        TurnOptions options = _turn.Options() with { TimeProvider = TimeProvider.System, OnEvent = step => { if (step.Kind == TurnEventKind.Retry) { waiting.Set(); } } };
        Task run = Task.Run(() => _turn.Run(new FakeSender(Throws(Failed(429, retryAfter: TimeSpan.FromSeconds(59)))), "hi", options, stop.Token));
        Assert.True(waiting.Wait(TimeSpan.FromSeconds(30)));

        stop.Cancel();

        Assert.Same(run, await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(30))));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(["user: hi"], _turn.OnDisk());
    }

    [Fact]
    public void A_sender_that_gives_nothing_or_no_reply_ends_the_turn()
    {
        Assert.Equal(TurnFailure.Sender, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives()))).Failure);
        Assert.Equal(TurnFailure.Sender, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Line(""), Line(" "))))).Failure);
        Assert.Equal(TurnFailure.Sender, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Line("rate limited"))))).Failure);
        Assert.Equal(TurnFailure.Sender, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Of("5"))))).Failure);
        Assert.Equal(TurnFailure.Sender, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Throws(new SendFailedException("boom"))))).Failure);
        Assert.Equal(["user: hi"], _turn.OnDisk());
    }

    [Fact]
    public void Two_replies_to_one_request_end_the_turn_and_both_are_billed()
    {
        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Text("a"), Text("b")))));

        Assert.Equal(TurnFailure.Sender, error.Failure);
        Assert.Contains("2 replies", error.Message, StringComparison.Ordinal);
        Assert.Equal(["user: hi", "failed: a", "failed: b"], _turn.OnDisk());
        Assert.Equal(220, _turn.Session.Usage.TotalTokens);
        Assert.Equal("ok", _turn.Run(new FakeSender(Gives(Text("ok"))), prompt: null).Text);
    }

    [Fact]
    public void A_page_of_a_proxy_is_judged_by_its_status()
    {
        var html = new TurnPiece(Line("<html>Bad gateway</html>").Value, Status: 502);

        Assert.Equal(1, _turn.Run(new FakeSender(Gives(html), Gives(Text("ok")))).Retries);
        Assert.Equal(TurnFailure.Request, Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(html with { Status = 403 })), "x")).Failure);
    }

    [Fact]
    public void An_answer_that_failed_by_itself_is_recorded_and_ends_the_turn()
    {
        const string Malformed = """{"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"MALFORMED_FUNCTION_CALL"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1,"totalTokenCount":6},"modelVersion":"gemini-2.5-pro"}""";

        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Gives(Of(Malformed)))));

        Assert.Equal(TurnFailure.Answer, error.Failure);
        Assert.Contains("MALFORMED_FUNCTION_CALL", error.Message, StringComparison.Ordinal);
        Assert.Equal(["user: hi", "failed: x"], _turn.OnDisk());
    }

    [Fact]
    public void A_filter_of_the_provider_is_a_refusal()
    {
        const string Filtered = """{"id":"c","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"I"},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""";

        OpiTurn turn = _turn.Run(new FakeSender(Gives(Of(Filtered))));

        Assert.Equal((StopReason.Refusal, "content_filter"), (turn.StopReason, turn.ErrorMessage));
    }
}
