namespace Opi.Tests;

public class CompactionBreakerTests
{
    private static readonly OpiCompactionPolicy Failing = Summarizer.Options(_ => "");

    [Fact]
    public void After_three_failures_in_a_row_none_runs_by_itself()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold: 1));
        Add(session, 8);
        for (int i = 0; i < 3; i++)
        {
            Assert.False(session.CompactionSuspended);
            Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Threshold, Failing));
        }

        Assert.True(session.CompactionSuspended);
        var never = new Summarizer((SummaryRequest _) => throw new InvalidOperationException("asked"));
        Assert.Null(session.Compact(CompactionReason.Threshold, new OpiCompactionPolicy { Summarizer = never }));
        Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow, new OpiCompactionPolicy { Summarizer = never }));
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Failing)); // asked for, so it runs
        Assert.True(session.CompactionSuspended);

        Assert.NotNull(session.Compact());
        Assert.False(session.CompactionSuspended);
        Add(session, 8);
        Assert.NotNull(session.Compact(CompactionReason.Threshold));
    }

    [Fact]
    public void Failures_that_are_not_in_a_row_do_not_add_up()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold: 1));
        for (int i = 0; i < 4; i++)
        {
            Add(session, 8);
            Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Threshold, Failing));
            Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Threshold, Failing));
            Assert.NotNull(session.Compact(CompactionReason.Threshold));
        }

        Assert.False(session.CompactionSuspended);
    }

    [Fact]
    public void Compactions_that_save_next_to_nothing_count_as_useless()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Compacting(
            threshold: 1,
            Summarizer.Options(messages => string.Concat(messages.Select(message => message.Text))))); // as long as what it stands for
        int compactions = 0;
        for (int i = 0; i < 40; i++)
        {
            compactions += session.AddTurn([Make.User(Words(300)), Make.Assistant(Words(300), new Usage(10, 1))]).Compaction is null ? 0 : 1;
        }

        Assert.True(session.CompactionSuspended);
        Assert.InRange(compactions, 3, 10); // not while the context is small, and a few trials
    }

    [Fact]
    public void A_summariser_is_not_asked_where_nothing_can_be_saved()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold: 1));
        session.AddTurn([Make.User("short"), Make.Assistant("short", new Usage(10, 1)), Make.User(Words(9_000)), Make.Assistant("ok")]);
        var never = new Summarizer((SummaryRequest _) => "asked");
        var options = new OpiCompactionPolicy { Summarizer = never, KeepRecent = KeepRecent.Turns(1) };

        var error = Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Threshold, options));

        Assert.Contains("less than 5 %", error.Message, StringComparison.Ordinal);
        Assert.Empty(never.Asked);
        Assert.NotNull(session.Compact(policy: options)); // asked for
    }

    [Fact]
    public void An_overflow_of_one_message_is_an_error_and_not_a_silent_nothing()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("all in one")]);
        string? ended = null;
        session.CompactionEnded += (_, args) => ended = args.ErrorMessage;

        var error = Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow));

        Assert.Contains("nothing can leave it", error.Message, StringComparison.Ordinal);
        Assert.Equal(("msg-1", error.Message), (error.OversizedEntryId, ended));
    }

    [Fact]
    public void An_overflow_runs_or_names_what_is_too_large_however_often_compactions_failed()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold: 1, enabled: false));
        Assert.Contains("no message", Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow)).Message, StringComparison.Ordinal);
        Add(session, 8);
        for (int i = 0; i < 5; i++)
        {
            Assert.Throws<CompactionFailedException>(() => session.Compact(CompactionReason.Overflow, Failing));
        }

        Assert.False(session.CompactionSuspended); // which is about thresholds only
        Assert.NotNull(session.Compact(CompactionReason.Overflow));
        string tooLarge = session.AddTurn([Make.User("read it"), Make.Calls("c"), Make.Result("c", Words(9_000))]).EntryIds[^1];
        int errors = 0;
        for (int i = 0; i < 6; i++)
        {
            try
            {
                Assert.Equal(tooLarge, session.Compact(CompactionReason.Overflow, Summarizer.Options(_ => "S"))!.OversizedEntryId);
            }
            catch (CompactionFailedException error)
            {
                Assert.Equal(tooLarge, error.OversizedEntryId);
                Assert.Contains($"'{tooLarge}'", error.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        Assert.InRange(errors, 4, 6);
    }

    [Fact]
    public void A_suspended_compaction_is_tried_again_at_longer_and_longer_intervals()
    {
        using var folder = new TempFolder();
        bool works = false;
        using OpiSession session = Make.Session(folder, Make.Compacting(
            threshold: 1,
            new OpiCompactionPolicy { Summarizer = new Summarizer((SummaryRequest _) => works ? "in short" : throw new TimeoutException("529")) }));
        var tried = new List<int>();
        for (int turn = 1; turn <= 40; turn++)
        {
            if (session.AddTurn([Make.User($"q{turn}"), Make.Assistant(Words(200), new Usage(10, 1))]).CompactionError is not null)
            {
                tried.Add(turn);
            }
        }

        Assert.Equal([1, 2, 3, 7, 14, 27], tried); // after three failures 3 are skipped, then 6, then 12
        works = true;
        int more = 0;
        while (session.CompactionSuspended)
        {
            session.AddTurn([Make.User("go on"), Make.Assistant(Words(200), new Usage(10, 1))]);
            Assert.InRange(++more, 1, 24);
        }

        Assert.NotNull(session.AddTurn([Make.User("on"), Make.Assistant(Words(200), new Usage(10, 1))]).Compaction);
    }

    [Fact]
    public void Overflows_again_and_again_come_to_an_end_with_less_each_time()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options() with { Compaction = new OpiCompactionPolicy { ContextWindow = 50_000 } });
        Add(session, 100);
        long size = session.ReadContext().Sum(TokenEstimator.Default.Estimate);
        int cuts = 0;
        var error = Assert.Throws<CompactionFailedException>(() =>
        {
            for (; cuts < 12; cuts++)
            {
                OpiCompactionResult result = session.Compact(CompactionReason.Overflow)!;
                Assert.InRange(result.ContextTokens, 1, Math.Min(size - 1, (size / 2) + 150)); // the summary of Core has its own measure
                size = result.ContextTokens;
            }
        });

        Assert.InRange(cuts, 4, 12);
        Assert.Contains("nothing can leave it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_compacts_by_itself_as_it_was_told_to()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Compacting(
            threshold: 80, new OpiCompactionPolicy { Strategy = CompactionStrategy.Digest, KeepRecent = KeepRecent.Turns(2) }));

        OpiTurn[] turns = [.. Enumerable.Range(0, 8).Select(i => session.AddTurn([Make.User($"q{i}"), Make.Assistant("a", new Usage(9, 1))]))];
        OpiTurn last = turns[^1];

        Assert.Equal((SummarySource.Digest, 4), (last.Compaction!.SummarySource, last.Compaction.EntriesKept));
        Assert.Contains("- q0", last.Compaction.Summary, StringComparison.Ordinal);
    }

    private static void Add(OpiSession session, int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            session.AddTurn([Make.User($"question {i}"), Make.Assistant(Words(200), new Usage(10, 1))]);
        }
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));
}
