using static Opi.Tests.TurnReplies;

namespace Opi.Tests;

public sealed class TurnOverflowTests : IDisposable
{
    private const string TooLong = """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""";

    private readonly TurnHarness _turn = new();

    public void Dispose() => _turn.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_context_that_is_too_long_is_compacted_and_sent_again(bool thrown)
    {
        Fill(8);
        var sender = new FakeSender(thrown ? Throws(Failed(400, TooLong)) : Gives(Of(TooLong)), Gives(Text("ok")));

        OpiTurn turn = _turn.Run(sender, "last");

        Assert.Equal(("ok", 1, 0), (turn.Text, turn.Rounds, turn.Retries));
        Assert.Equal(CompactionReason.Overflow, Assert.Single(turn.Compactions).Reason);
        Assert.True(sender.Requests[1].Body.GetRawText().Length < sender.Requests[0].Body.GetRawText().Length);
        Assert.Contains("last", sender.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            [TurnEventKind.Prompt, TurnEventKind.Request, TurnEventKind.Overflow, TurnEventKind.Compaction, TurnEventKind.Request, TurnEventKind.Answer],
            _turn.Events.Select(step => step.Kind));
        Assert.Empty(_turn.Time.Waits);
    }

    [Fact]
    public void The_steps_come_to_an_end_and_the_error_names_the_largest_entry()
    {
        Fill(8);
        var sender = new FakeSender([.. Enumerable.Repeat(Throws(Failed(400, TooLong)), 9)]);

        var error = Assert.Throws<TurnFailedException>(() => _turn.Run(sender, new string('x', 9000)));

        Assert.Equal((TurnFailure.Overflow, "msg-17"), (error.Failure, error.OversizedEntryId));
        Assert.Contains("'msg-17'", error.Message, StringComparison.Ordinal);
        Assert.Contains("200000", error.Message, StringComparison.Ordinal);
        Assert.IsType<ContextOverflowException>(error.InnerException);
    }

    [Fact]
    public void A_summarizer_that_fails_ends_the_turn_with_its_error()
    {
        Fill(8);
        TurnOptions options = _turn.Options() with { Compaction = new OpiCompactionPolicy { Summarizer = new Failing() } };

        Assert.Contains(
            "no summary today",
            Assert.Throws<CompactionFailedException>(() => _turn.Run(new FakeSender(Throws(Failed(400, TooLong))), "last", options)).Message,
            StringComparison.Ordinal);
        Assert.Equal("ok", _turn.Run(new FakeSender(Gives(Text("ok"))), prompt: null).Text);
    }

    private void Fill(int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            _turn.Session.AddTurn([Make.User($"question {i} {new string('q', 200)}"), Make.Assistant($"answer {i} {new string('a', 200)}", new Usage(10, 1))]);
        }
    }

    private sealed class Failing : ISummarizer
    {
        public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken) =>
            throw new CompactionFailedException(request.SessionId, "no summary today.");
    }
}
