using static Opi.Tests.TurnReplies;

namespace Opi.Tests;

public sealed class TurnLoopTests : IDisposable
{
    private readonly TurnHarness _turn = new();

    public void Dispose() => _turn.Dispose();

    [Fact]
    public void The_prompt_is_on_the_disk_before_the_request_and_the_answer_before_the_tools()
    {
        IReadOnlyList<string>? atRequest = null, atTool = null, atSecond = null;
        var sender = new FakeSender(
            _ => { atRequest = _turn.OnDisk(); return [Calls("c1")]; },
            _ => { atSecond = _turn.OnDisk(); return [Text("Sunny.")]; });
        var tools = new FakeTools(_ => { atTool = _turn.OnDisk(); return "sun"; });

        OpiTurn turn = _turn.Run(sender, "Weather?", _turn.Options() with { Tools = tools });

        Assert.Equal(["user: Weather?"], atRequest);
        Assert.Equal(["user: Weather?", "assistant: call c1"], atTool);
        Assert.Equal(["user: Weather?", "assistant: call c1", "result c1: sun"], atSecond);
        Assert.Equal(("Sunny.", 2, 1, 0, StopReason.Stop), (turn.Text, turn.Rounds, turn.ToolCalls, turn.Retries, turn.StopReason));
        Assert.Equal((200, 20, 0.0009m), (turn.InputTokens, turn.OutputTokens, turn.Cost)); // claude-sonnet-4: 3 and 15 USD a million
        Assert.Equal(["msg-2", "msg-3", "msg-4", "msg-5"], turn.EntryIds); // the first entry names the model
    }

    [Fact]
    public void The_request_has_the_conversation_the_tools_the_system_and_the_callers_members()
    {
        var sender = new FakeSender(Gives(Text("ok")));
        TurnOptions options = _turn.Options() with
        {
            System = "Be short.",
            Tools = new FakeTools(_ => ""),
            Body = Of("""{"max_tokens":7,"metadata":{"user_id":"u"},"tools":[{"type":"web_search_20250305","name":"web_search"}]}""").Value,
        };

        _turn.Run(sender, "hi", options);

        string body = Assert.Single(sender.Requests).Body.GetRawText();
        Assert.Equal(
            """{"model":"claude-sonnet-4","max_tokens":7,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"system":"Be short.","tools":[{"name":"weather","description":"The weather of a city.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},{"type":"web_search_20250305","name":"web_search"}],"metadata":{"user_id":"u"}}""",
            body);
    }

    [Fact]
    public void Parallel_calls_are_answered_together_and_each_result_is_recorded_as_it_comes()
    {
        var seen = new List<int>();
        var sender = new FakeSender(Gives(Calls("a", "b", "c")), Gives(Text("done")));
        var tools = new FakeTools(call => { seen.Add(_turn.OnDisk().Count); return call.Id; });

        OpiTurn turn = _turn.Run(sender, "x", _turn.Options() with { Tools = tools });

        Assert.Equal([2, 3, 4], seen);
        Assert.Equal(3, turn.ToolCalls);
        Assert.Contains("\"tool_use_id\":\"c\"", sender.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(3, sender.Requests[1].Context.Count(message => message is ToolResultMessage));
    }

    [Fact]
    public void A_call_that_its_tools_left_without_a_result_gets_one_that_says_so()
    {
        var sender = new FakeSender(Gives(Calls("a", "b")), Gives(Text("done")));

        _turn.Run(sender, "x", _turn.Options() with { Tools = new FakeTools(call => call.Id == "a" ? null : "fine") });

        Assert.Contains("result b: fine", _turn.OnDisk());
        Assert.Contains(_turn.OnDisk(), line => line.StartsWith("error a: No result", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_tools_the_turn_ends_at_a_call()
    {
        OpiTurn turn = _turn.Run(new FakeSender(Gives(Calls("a"))));

        Assert.Equal((StopReason.ToolUse, 1, 0), (turn.StopReason, turn.Rounds, turn.ToolCalls));
        Assert.Single(_turn.Session.ReadOpenToolCalls());
    }

    [Fact]
    public void A_call_in_an_answer_that_was_cut_is_not_run_and_the_model_is_told()
    {
        var sender = new FakeSender(Gives(Of(Calls("a").Value.GetRawText().Replace("tool_use\",\"usage", "max_tokens\",\"usage", StringComparison.Ordinal))), Gives(Text("ok")));
        var tools = new FakeTools(_ => "never");

        _turn.Run(sender, "x", _turn.Options() with { Tools = tools });

        Assert.Empty(tools.Ran);
        Assert.Contains(_turn.OnDisk(), line => line.StartsWith("error a: Not run", StringComparison.Ordinal));
    }

    [Fact]
    public void A_paused_turn_is_sent_on_without_a_prompt()
    {
        var sender = new FakeSender(Gives(Text("Searching.", "pause_turn")), Gives(Text("Found.")));

        OpiTurn turn = _turn.Run(sender);

        Assert.Equal(("Found.", 2), (turn.Text, turn.Rounds));
        Assert.Equal(["user: hi", "assistant: Searching.", "assistant: Found."], _turn.OnDisk());
    }

    [Fact]
    public void A_refusal_ends_the_turn_with_its_reason()
    {
        OpiTurn turn = _turn.Run(new FakeSender(Gives(Text("I cannot.", "refusal"))));

        Assert.Equal((StopReason.Refusal, "I cannot.", "refusal"), (turn.StopReason, turn.Text, turn.ErrorMessage));
        Assert.Equal(0, _turn.Run(new FakeSender(), prompt: null).Rounds);
    }

    [Fact]
    public void A_model_that_calls_tools_for_ever_comes_to_an_end_and_the_turn_can_go_on()
    {
        var sender = new FakeSender([.. Enumerable.Range(0, 3).Select(i => Gives(Calls($"c{i}")))]);
        TurnOptions options = _turn.Options() with { Tools = new FakeTools(_ => "again"), MaxRounds = 3 };

        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(sender, "x", options));

        Assert.Equal((TurnFailure.Rounds, 3, 3), (error.Failure, error.Turn!.Rounds, error.Turn.ToolCalls));
        Assert.Equal("result c2: again", _turn.OnDisk()[^1]);
        Assert.Equal("done", _turn.Run(new FakeSender(Gives(Text("done"))), prompt: null).Text);
    }

    [Fact]
    public void A_session_without_a_prompt_has_nothing_to_send()
    {
        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(), prompt: null));

        Assert.Equal(TurnFailure.NothingToSend, error.Failure);
        Assert.Empty(_turn.OnDisk());
    }

    [Fact]
    public void A_turn_that_was_answered_is_given_again_and_nothing_is_sent()
    {
        _turn.Run(new FakeSender(Gives(Text("once"))));

        OpiTurn again = _turn.Run(new FakeSender(), prompt: null);

        Assert.Equal(("once", 0, 0L, null), (again.Text, again.Rounds, again.TotalTokens, again.Cost));
    }

    [Fact]
    public void A_prompt_that_waits_for_its_answer_is_not_added_twice()
    {
        Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Throws(Failed(401))), "Weather?"));

        OpiTurn turn = _turn.Run(new FakeSender(Gives(Text("Sun."))), "Weather?");

        Assert.Equal(["user: Weather?", "assistant: Sun."], _turn.OnDisk());
        Assert.Equal(1, turn.Turn);
    }

    [Fact]
    public void Whoever_takes_up_a_turn_without_an_answer_knows_the_model_from_the_file()
    {
        Assert.Throws<TurnFailedException>(() => _turn.Run(new FakeSender(Throws(Failed(401)))));
        string path = _turn.Session.Path;
        _turn.Session.Dispose();

        using OpiSession again = OpiSession.Resume(path, new SessionOptions { Durability = Durability.Buffered });

        Assert.Equal(Make.Sonnet, again.Model);
        var sender = new FakeSender(Gives(Text("ok")));
        Assert.Equal("ok", new TurnLoop(again, sender, _turn.Options()).Run([], CancellationToken.None).Text);
        Assert.Equal(Make.Sonnet, sender.Requests[0].Model);
    }

    [Fact]
    public void The_same_prompt_after_an_answer_is_another_one()
    {
        _turn.Run(new FakeSender(Gives(Text("a"))), "go on");
        _turn.Run(new FakeSender(Gives(Text("b"))), "go on");

        Assert.Equal(["user: go on", "assistant: a", "user: go on", "assistant: b"], _turn.OnDisk());
    }

    /// <summary>The model of the tests of resuming: it asks for two tools, then for one, then it is done, by what it sees and nothing else.</summary>
    private static IEnumerable<TurnPiece> Model(TurnRequest request)
    {
        int results = request.Context.Count(message => message is ToolResultMessage);
        return [results == 0 ? Calls("a", "b") : results == 2 ? Calls("c") : Text("done")];
    }

    [Theory]
    [InlineData(null, nameof(InterruptedCall.Run))]
    [InlineData("x", nameof(InterruptedCall.Run))]
    [InlineData(null, nameof(InterruptedCall.Report))]
    [InlineData("x", nameof(InterruptedCall.Report))]
    public void A_turn_goes_on_from_each_entry_at_which_it_was_broken_off(string? prompt, string onInterrupted)
    {
        var interrupted = Enum.Parse<InterruptedCall>(onInterrupted);
        _turn.Run(new FakeSender(Model, Model, Model), "x", _turn.Options() with { Tools = new FakeTools(call => call.Id) });
        IReadOnlyList<string> whole = _turn.OnDisk();
        string[] expected = ["user: x", "assistant: call a call b", "result a: a", "result b: b", "assistant: call c", "result c: c", "assistant: done"];
        Assert.Equal(expected, whole);

        for (int entries = 1; entries < whole.Count; entries++)
        {
            using TurnHarness next = _turn.After(entries);
            var sender = new FakeSender(Model, Model, Model);
            var tools = new FakeTools(call => call.Id) { Interrupted = interrupted };

            OpiTurn turn = next.Run(sender, prompt, next.Options() with { Tools = tools });

            int answers = whole.Skip(entries).Count(line => line.StartsWith("assistant", StringComparison.Ordinal));
            Assert.Equal((answers, answers, "done"), (sender.Requests.Count, turn.Rounds, turn.Text));
            Assert.Equal(
                expected,
                next.OnDisk().Select(line => line.StartsWith("error ", StringComparison.Ordinal) ? $"result {line[6]}: {line[6]}" : line));
            int open = entries == 2 ? 2 : entries is 3 or 5 ? 1 : 0;
            Assert.Equal(
                interrupted == InterruptedCall.Report ? open : 0, next.OnDisk().Count(line => line.StartsWith("error ", StringComparison.Ordinal)));
            int missing = expected.Skip(entries).Count(line => line.StartsWith("result", StringComparison.Ordinal));
            Assert.Equal(missing - (interrupted == InterruptedCall.Report ? open : 0), tools.Ran.Count);
        }
    }

    [Fact]
    public void Another_prompt_comes_behind_the_results_of_calls_that_were_interrupted()
    {
        _turn.Run(new FakeSender(Gives(Calls("a"))), "x"); // without tools, as a process that ended at the call

        _turn.Run(new FakeSender(Gives(Text("ok"))), "y", _turn.Options() with { Tools = new FakeTools(_ => "never") });

        Assert.Equal("user: x|assistant: call a|error a: " + TurnLoop.Interrupted + "|user: y|assistant: ok", string.Join('|', _turn.OnDisk()));
    }

    [Fact]
    public void Results_that_the_prompt_brings_are_those_of_the_open_calls()
    {
        _turn.Run(new FakeSender(Gives(Calls("a"))), "x");
        var result = new ToolResultMessage("a", "weather", [new TextContent("rain")], 0);

        new TurnLoop(_turn.Session, new FakeSender(Gives(Text("ok"))), _turn.Options()).Run([result], CancellationToken.None);

        Assert.Equal(["user: x", "assistant: call a", "result a: rain", "assistant: ok"], _turn.OnDisk());
    }

    [Fact]
    public void Steps_are_reported_in_order_with_what_they_are_about()
    {
        var sender = new FakeSender(Throws(Failed(529)), Gives(Calls("a")), Gives(Text("ok")));

        _turn.Run(sender, "x", _turn.Options() with { Tools = new FakeTools(_ => "r") });

        Assert.Equal(
            ["Prompt 0", "Request 1", "Retry 1", "Request 1", "Answer 1", "ToolCall 1", "ToolResult 1", "Request 2", "Answer 2"],
            _turn.Events.Select(step => $"{step.Kind} {step.Round}"));
        Assert.Equal(TimeSpan.FromSeconds(1), _turn.Events[2].Delay);
        Assert.Equal(2, _turn.Events[3].Attempt);
        Assert.Equal("a", _turn.Events[5].Call!.Id);
    }

    [Fact]
    public void Listeners_that_fail_are_reported_once_and_the_turn_goes_on()
    {
        int calls = 0;
        TurnOptions options = _turn.Options() with
        {
            OnEvent = _ => { calls++; throw new InvalidOperationException("no ear"); },
            OnText = _ => throw new InvalidOperationException("no eye"),
        };

        OpiTurn turn = _turn.Run(new FakeSender(Gives(Text("ok"))), "x", options);

        Assert.Equal(("ok", 1), (turn.Text, calls));
        Assert.Equal(2, _turn.Warnings.Count);
        Assert.Contains("no ear", _turn.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("no eye", _turn.Warnings[1], StringComparison.Ordinal);
    }
}
