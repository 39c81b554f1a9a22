namespace Opi.Tests;

/// <summary>Summarizers and handlers are foreign code: they run outside the session's lock, and whatever they do stays theirs.</summary>
public class SummarizerThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // only so that a deadlock ends the test

    [Fact]
    public async Task Nothing_of_a_session_waits_for_its_summarizer()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        var answer = new TaskCompletionSource<SummaryResult?>();
        var waiting = new WaitingSummarizer((_, _) => answer.Task);
        Task<OpiCompactionResult?> compaction = session.CompactAsync(policy: waiting.Options);
        await waiting.Asked.WaitAsync(Patience);

        (bool, int, long?, int, int) figures = await Task.Run(() => (session.CompactionDue, session.Turns, session.ContextTokens, session.ReadContext().Count, session.Measure().Messages)).WaitAsync(Patience);
        session.Update(new SessionUpdate { Name = "meanwhile" });

        Assert.Equal((false, 2, 8L, 4, 4), figures);
        Assert.False(compaction.IsCompleted);
        answer.SetResult("in short");
        Assert.Equal("in short", (await compaction.WaitAsync(Patience))!.Summary);
        Assert.Equal(["in short", "answer 2"], session.ReadContext().Select(message => message.Text));
    }

    [Fact]
    public async Task A_turn_of_another_thread_is_kept_and_the_compaction_fails_with_what_it_cost()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        var answer = new TaskCompletionSource<SummaryResult?>();
        var waiting = new WaitingSummarizer((_, _) => answer.Task);
        Task<OpiCompactionResult?> compaction = session.CompactAsync(policy: waiting.Options);
        await waiting.Asked.WaitAsync(Patience);

        session.AddTurn([Make.User("question 3"), Make.Assistant("answer 3", new Usage(10, 1))]);
        answer.SetResult(new SummaryResult("in short") { Usage = new Usage(500, 50) });

        var error = await Assert.ThrowsAsync<CompactionFailedException>(() => compaction.WaitAsync(Patience));
        Assert.Contains("moved on", error.Message, StringComparison.Ordinal);
        Assert.Equal((6, 3, 583L), (session.ReadContext().Count, session.Turns, session.Usage.TotalTokens));
        using OpiSession again = Reopen(session);
        Assert.Equal((6, 3, 583L), (again.ReadContext().Count, again.Turns, again.Usage.TotalTokens));
        Assert.NotNull(again.Compact());
    }

    [Fact]
    public async Task Of_two_compactions_at_once_one_runs()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder, Make.Options(threshold: 1));
        var answer = new TaskCompletionSource<SummaryResult?>();
        var waiting = new WaitingSummarizer((_, _) => answer.Task);
        Task<OpiCompactionResult?> first = session.CompactAsync(CompactionReason.Threshold, waiting.Options);
        await waiting.Asked.WaitAsync(Patience);

        Assert.Null(session.Compact(CompactionReason.Threshold, waiting.Options));
        Assert.Contains("another compaction", Assert.Throws<CompactionFailedException>(() => session.Compact()).Message, StringComparison.Ordinal);
        Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow));

        answer.SetResult("in short");
        Assert.NotNull(await first.WaitAsync(Patience));
        Assert.Equal(1, waiting.Calls);
        Assert.NotNull(session.Compact());
    }

    [Fact]
    public void A_handler_may_use_the_session_from_another_thread()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        var seen = new List<string>();
        session.CompactionStarted += (_, _) => seen.Add("start " + Elsewhere(() => session.ReadContext().Count));
        session.CompactionEnded += (_, args) => seen.Add($"end {Elsewhere(() => session.ReadContext().Count)} {args.Aborted} {Elsewhere(() => session.CompactionDue)}");

        session.Compact();

        Assert.Equal(["start 4", "end 2 False False"], seen);
    }

    [Fact]
    public void A_counter_of_tokens_may_use_the_session_from_another_thread()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        int calls = 0;
        var estimator = new TokenEstimator(text =>
        {
            calls++;
            return Elsewhere(() => session.ContextTokens ?? 0) + Elsewhere(() => session.ReadContext().Count);
        });

        OpiContextMeasure measure = session.Measure(new MeasureOptions { Estimator = estimator, System = "be brief" });

        Assert.True(calls > 0);
        Assert.Equal(4, measure.Messages);
    }

    [Fact]
    public async Task A_handler_of_the_turns_own_compaction_may_use_the_session_from_another_thread()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder, Make.Options(threshold: 300, autoCompact: true));
        var seen = new List<string>();
        session.CompactionStarted += (_, _) => seen.Add("start " + Elsewhere(() => session.Turns));
        session.CompactionEnded += (_, _) => Elsewhere(() =>
        {
            session.Update(new SessionUpdate { Name = "renamed by a handler" });
            return seen.Count;
        });

        OpiTurn turn = await session.AddTurnAsync([Make.User("a"), Make.Assistant("b", new Usage(300, 1))]);

        Assert.NotNull(turn.Compaction);
        Assert.Equal(["start 3"], seen);
        Assert.Equal("renamed by a handler", session.Name);
    }

    [Fact]
    public async Task No_property_of_a_session_waits_for_its_summarizer()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        var answer = new TaskCompletionSource<SummaryResult?>();
        var waiting = new WaitingSummarizer((_, _) => answer.Task);
        Task<OpiCompactionResult?> compaction = session.CompactAsync(policy: waiting.Options);
        await waiting.Asked.WaitAsync(Patience);

        foreach (System.Reflection.PropertyInfo property in typeof(OpiSession).GetProperties())
        {
            await Task.Run(() => property.GetValue(session)).WaitAsync(Patience);
        }

        Assert.False(compaction.IsCompleted);
        answer.SetResult("in short");
        await compaction.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_cancelled_compaction_stops_its_summarizer_and_is_not_a_failure()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder, Make.Options(threshold: 1));
        byte[] before = SharedText.ReadAllBytes(session.Path);
        for (int i = 0; i < 4; i++)
        {
            using var stop = new CancellationTokenSource();
            var waiting = new WaitingSummarizer(async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            });
            Task<OpiCompactionResult?> compaction = session.CompactAsync(CompactionReason.Threshold, waiting.Options, stop.Token);
            await waiting.Asked.WaitAsync(Patience);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => compaction.WaitAsync(Patience));
        }

        Assert.False(session.CompactionSuspended);
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        Assert.NotNull(session.Compact(CompactionReason.Threshold));
    }

    [Fact]
    public void A_time_limit_of_the_summarizers_own_is_a_failure()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        using var stop = new CancellationTokenSource();

        var error = Assert.Throws<CompactionFailedException>(
            () => session.Compact(policy: Summarizer.Options(_ => throw new TaskCanceledException("the request took 100 s")), cancellationToken: stop.Token));

        Assert.Contains("the request took 100 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("summarizer")]
    [InlineData("cancelled")]
    [InlineData("started")]
    [InlineData("ended")]
    public void A_turn_that_was_saved_is_reported_whatever_its_compaction_throws(string where)
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        using OpiSession session = Session(folder, Make.Compacting(threshold: 300, Summarizer.Options(_ =>
        {
            stop.Cancel();
            return where switch
            {
                "summarizer" => throw new HttpRequestException("529 overloaded"),
                "cancelled" => throw new OperationCanceledException("stopped", stop.Token),
                _ => "in short",
            };
        })));
        session.CompactionStarted += (_, _) => Fail("started");
        session.CompactionEnded += (_, _) => Fail("ended");

        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(300, 1))], null, stop.Token);

        Assert.Equal((3, null), (turn.Turn, turn.Compaction));
        Assert.NotNull(turn.CompactionError);
        Assert.Equal(where == "ended", turn.CompactionError.Message.Contains("is done", StringComparison.Ordinal));
        Assert.Equal(where == "ended" ? 7 : 6, session.EntryCount);

        void Fail(string at)
        {
            if (at == where)
            {
                throw new InvalidOperationException("the handler");
            }
        }
    }

    [Fact]
    public async Task A_summarizer_cannot_change_the_session_from_a_task_of_its_own_but_work_it_leaves_behind_may()
    {
        using var folder = new TempFolder();
        using OpiSession session = Session(folder);
        byte[] before = SharedText.ReadAllBytes(session.Path);
        var ended = new TaskCompletionSource();
        Task? later = null;
        var sneaking = new WaitingSummarizer(async (_, _) =>
        {
            later = Task.Run(async () =>
            {
                await ended.Task;
                session.AddTurn([Make.User("later")]);
            }, CancellationToken.None);
            await Task.Run(() => session.AddTurn([Make.User("sneaked in")]), CancellationToken.None);
            return "in short";
        });

        await Assert.ThrowsAsync<CompactionFailedException>(() => session.CompactAsync(policy: sneaking.Options));

        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        ended.SetResult();
        await later!.WaitAsync(Patience);
        Assert.Equal(5, session.EntryCount);
    }

    private static OpiSession Session(TempFolder folder, SessionOptions? options = null)
    {
        OpiSession session = Make.Session(folder, options);
        for (int i = 1; i <= 2; i++)
        {
            session.AddTurn([Make.User($"question {i}"), Make.Assistant($"answer {i}", new Usage(10, 1))]);
        }

        return session;
    }

    private static OpiSession Reopen(OpiSession session)
    {
        session.Close();
        return OpiSession.Resume(session.Path, Make.Options());
    }

    private static T Elsewhere<T>(Func<T> work)
    {
        Task<T> task = Task.Run(work);
        Assert.True(task.Wait(Patience), "the session was locked");
        return task.Result;
    }
}
