namespace Opi.Tests;

/// <summary>How large a context is, and when its size makes a compaction due.</summary>
public sealed class ContextMeasureTests
{
    private const long Window = 10_000;
    private const long Limit = Window - (Window / 4); // the default reserve is never over a quarter of the window

    private static readonly TokenEstimator Estimator = TokenEstimator.Default;

    [Fact]
    public void WithoutAnAnswerAllIsEstimated()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("What is there?")]);
        OpiContextMeasure measure = session.Measure();

        Assert.Equal(ContextSource.Estimated, measure.Source);
        Assert.Equal(Estimator.Estimate(Make.User("What is there?")), measure.Tokens);
        Assert.Equal((0, measure.Tokens), (measure.ReportedTokens, measure.EstimatedTokens));
        Assert.Equal((1, measure.Tokens), (measure.Messages, measure.UserTokens));
    }

    [Fact]
    public void TheLastUsageCountsWithAllItsParts()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("one"), Make.Assistant("two", new Usage(1, 1))]);
        session.AddTurn([Make.User("three"), Make.Assistant("four", new Usage(100, 20, 3000, 400))]);
        OpiContextMeasure measure = session.Measure();
        Assert.Equal((3520, 3520, 0, ContextSource.Reported), (measure.Tokens, measure.ReportedTokens, measure.EstimatedTokens, measure.Source));

        ToolResultMessage result = Make.Result("c1", "a long result of a tool");
        session.AddTurn([Make.User("five"), result]);
        measure = session.Measure();
        Assert.Equal(Estimator.Estimate(Make.User("five")) + Estimator.Estimate(result), measure.EstimatedTokens);
        Assert.Equal((3520, ContextSource.ReportedPlusEstimate), (measure.ReportedTokens, measure.Source));
        Assert.Equal(measure.Tokens, measure.ReportedTokens + measure.EstimatedTokens);
    }

    [Theory]
    [InlineData(StopReason.Error)]
    [InlineData(StopReason.Aborted)]
    public void TheUsageOfAFailedAnswerDoesNotCount(StopReason reason)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("one"), Make.Assistant("two", new Usage(500, 20))]);
        AssistantMessage failed = Make.Assistant("", new Usage(90_000, 1)) with { StopReason = reason };
        session.AddTurn([Make.User("three"), failed]);

        Assert.Equal(520 + Estimator.Estimate(Make.User("three")) + Estimator.Estimate(failed), session.Measure().Tokens);
    }

    [Fact]
    public void AnUnknownUsageDoesNotCount()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("one"), Make.Assistant("two", new Usage(500, 20))]);
        session.AddTurn([Make.User("three"), Make.Assistant("four"), Make.User("five"), Make.Assistant("six", new Usage(0, 0))]);
        Assert.Equal((520, ContextSource.ReportedPlusEstimate), (session.Measure().ReportedTokens, session.Measure().Source));
    }

    [Fact]
    public void AfterACompactionAllIsEstimatedUntilTheNextReport()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder);
        for (int i = 0; i < 4; i++)
        {
            session.AddTurn([Make.User("question"), Make.Assistant("answer", new Usage(2000, 20))]);
        }

        session.Compact();
        OpiContextMeasure measure = session.Measure();
        Assert.Equal(ContextSource.Estimated, measure.Source);
        Assert.Equal(session.ReadContext().Sum(Estimator.Estimate), measure.Tokens);
        Assert.True(measure.SummaryTokens > 0);
        Assert.Equal(measure.Tokens, session.ContextTokens);
        using (SessionReader reader = SessionReader.Open(session.Path))
        {
            Assert.Equal(measure.Tokens, OpiContextMeasure.Of(reader).Tokens);
        }

        session.AddTurn([Make.User("next"), Make.Assistant("done", new Usage(300, 7))]);
        Assert.Equal((307, ContextSource.Reported), (session.Measure().Tokens, session.Measure().Source));
    }

    [Fact]
    public void SystemTextCountsWhereNobodyHasCountedItAndAPromptAlways()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("one")]);
        var options = new MeasureOptions { System = "You are terse.", Prompt = "And now?" };
        OpiContextMeasure measure = session.Measure(options);
        Assert.Equal(Estimator.Estimate("You are terse."), measure.SystemTokens);
        Assert.Equal(session.Measure().Tokens + measure.SystemTokens + Estimator.Estimate("And now?"), measure.Tokens);

        session.AddTurn([Make.User("two"), Make.Assistant("three", new Usage(100, 1))]);
        measure = session.Measure(options);
        Assert.Equal(101 + Estimator.Estimate("And now?"), measure.Tokens);
        Assert.Equal((ContextSource.ReportedPlusEstimate, Estimator.Estimate("You are terse.")), (measure.Source, measure.SystemTokens));
    }

    [Fact]
    public void TheWindowTriggersAboveItsLimit()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder);
        Assert.Equal((Window, Window / 4, Limit), (session.ContextWindow, session.ReserveTokens, session.CompactionThreshold));

        OpiTurn turn = session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(Limit - 20, 20))]);
        Assert.Null(turn.CompactionReason);
        Assert.False(session.CompactionDue);
        Assert.False(session.Measure().CompactionDue);

        turn = session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(Limit - 19, 20))]);
        Assert.Equal(CompactionReason.Threshold, turn.CompactionReason);
        Assert.True(session.CompactionDue);
        OpiContextMeasure measure = session.Measure();
        Assert.Equal((Limit + 1, Limit, 75.0, true), (measure.Tokens, measure.Threshold, measure.Percent, measure.CompactionDue));
        Assert.Contains("a window of 10000 less a reserve of 2500 holds 7500", measure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void TheWindowCountsTheContextAndNotWhatWasBilled()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder);
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(5000, 20))]).CompactionReason);
        }
    }

    [Fact]
    public void ALargeToolResultTriggersBeforeTheNextAnswer()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder);
        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(Limit - 100, 20))]);
        Assert.Equal(CompactionReason.Threshold, session.AddTurn([Make.Calls("c1"), Make.Result("c1", string.Join(' ', Enumerable.Repeat("word", 8000)))]).CompactionReason);
    }

    [Fact]
    public void AutoCompactActsByTheWindow()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder, autoCompact: true);
        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(100, 20))]);
        OpiTurn turn = session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(Limit, 20))]);
        Assert.Equal(CompactionReason.Threshold, turn.Compaction?.Reason);
        Assert.False(session.CompactionDue);
        Assert.Null(session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(500, 20))]).CompactionReason);
    }

    [Fact]
    public void AResumedSessionMeasuresAsTheLiveOneDid()
    {
        var random = new Random(4);
        using var folder = new TempFolder();
        OpiSession session = Windowed(folder);
        for (int i = 0; i < 60; i++)
        {
            Usage usage = random.Next(3) == 0 ? Usage.Unknown : new Usage(random.Next(6000), random.Next(500), random.Next(900));
            StopReason reason = random.Next(6) == 0 ? StopReason.Error : StopReason.Stop;
            session.AddTurn([Make.User($"question {i}"), .. random.Next(4) == 0 ? [] : new Message[] { Make.Assistant($"answer {i}", usage) with { StopReason = reason } }]);
            switch (random.Next(10))
            {
                case 0:
                    session.Compact();
                    break;
                case 1:
                    string[] ids;
                    using (SessionReader reader = SessionReader.Open(session.Path))
                    {
                        ids = [.. reader.Entries.Where(entry => entry.Type == EntryType.Message).Select(entry => entry.Id)];
                    }

                    session.SwitchBranch(ids[random.Next(ids.Length)]);
                    break;
            }

            (long? tokens, bool due, OpiContextMeasure measure) = (session.ContextTokens, session.CompactionDue, session.Measure());
            Assert.Equal(measure.Tokens, tokens);
            Assert.Equal(measure.CompactionDue, due);
            string path = session.Path;
            session.Dispose();
            session = OpiSession.Resume(path, Options());
            Assert.Equal((tokens, due), (session.ContextTokens, session.CompactionDue));
            Assert.Equal(measure with { BilledTokens = 0 }, session.Measure() with { BilledTokens = 0 });
        }

        session.Dispose();
    }

    [Fact]
    public void AnAnswerThatFilledTheWindowIsAnOverflow()
    {
        using var folder = new TempFolder();
        using OpiSession session = Windowed(folder);
        Assert.Equal(CompactionReason.Overflow, Answer(new Usage(Window - 100, 0), StopReason.Length));
        Assert.Equal(CompactionReason.Overflow, session.Measure().CompactionReason);
        Assert.Equal(CompactionReason.Overflow, Answer(new Usage(100, 5, Window), StopReason.Stop));
        Assert.Null(Answer(new Usage(Limit - 1, 0), StopReason.Length));
        Assert.Equal(CompactionReason.Threshold, Answer(new Usage(Window - 200, 10), StopReason.Length));

        AssistantMessage reply = Assert.IsType<AssistantMessage>(ProviderReply.Parse(System.Text.Json.JsonSerializer.SerializeToElement(
            new { type = "message", role = "assistant", content = new[] { new { type = "text", text = "I" } }, stop_reason = "model_context_window_exceeded", usage = new { input_tokens = 50, output_tokens = 1 } })).Single());
        Assert.Equal(StopReason.ContextWindowExceeded, reply.StopReason);
        Assert.Equal(CompactionReason.Overflow, session.AddTurn([Make.User("q"), reply]).CompactionReason);
        session.Compact(CompactionReason.Overflow);
        Assert.False(session.CompactionDue);

        CompactionReason? Answer(Usage usage, StopReason reason) =>
            session.AddTurn([Make.User("q"), Make.Assistant("", usage) with { StopReason = reason }]).CompactionReason;
    }

    [Fact]
    public void WithoutCompactionNothingIsDue()
    {
        using var folder = new TempFolder();
        using OpiSession session = OpiSession.Create(folder.Path, Options() with { Compaction = new OpiCompactionPolicy { NoCompaction = true, ContextWindow = Window } });
        Assert.Null(session.AddTurn([Make.User("q"), Make.Assistant("", new Usage(Window * 2, 0))]).CompactionReason);
        Assert.False(session.Measure().CompactionDue);
        Assert.Contains("switched off", session.Measure().Why, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSeedsRuleStays()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold: 1000));
        Assert.Null(session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(600, 20))]).CompactionReason);
        Assert.Equal(CompactionReason.Threshold, session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(600, 20))]).CompactionReason);
        OpiContextMeasure measure = session.Measure();
        Assert.Equal((620, 1240, 1000, true), (measure.Tokens, measure.BilledTokens, measure.Threshold, measure.CompactionDue));
        Assert.Equal(0, session.ContextTokens);
    }

    [Fact]
    public void TheReserveIsClampedForSmallWindowsOnly()
    {
        Assert.Equal(16_384, new OpiCompactionPolicy().ReserveOf(200_000));
        Assert.Equal(2048, new OpiCompactionPolicy().ReserveOf(8192));
        Assert.Equal(8000, new OpiCompactionPolicy { ReserveTokens = 8000 }.ReserveOf(8192));
        Assert.Equal(192, new OpiCompactionPolicy { ContextWindow = 8192, ReserveTokens = 8000 }.ContextLimit);
        Assert.Equal(8192, Assert.Throws<ContextWindowException>(() => new OpiCompactionPolicy { ContextWindow = 8192, ReserveTokens = 8192 }.For(null)).Window);
    }

    [Fact]
    public void AWindowThatNobodyKnowsIsAnErrorAndLeavesNothingBehind()
    {
        using var folder = new TempFolder();
        SessionOptions auto = Options() with { Model = "nobody:nothing", Compaction = new OpiCompactionPolicy { ContextWindow = OpiCompactionPolicy.AutoWindow } };
        Assert.Contains("'nobody:nothing' is not known", Assert.Throws<ContextWindowException>(() => OpiSession.Create(folder.Path, auto)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));

        string path;
        using (OpiSession session = Make.Session(folder))
        {
            path = session.Path;
        }

        Assert.Throws<ContextWindowException>(() => OpiSession.Resume(path, auto));
        OpiSession.Resume(path, Options()).Dispose(); // the lock was given up
    }

    [Fact]
    public void ASessionThatIsNotOpenIsMeasuredByTheWindowThatIsGiven()
    {
        using var folder = new TempFolder();
        string path;
        using (OpiSession session = Make.Session(folder, Make.Options() with { Model = "nobody:nothing" }))
        {
            session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(900, 20), "nothing", "nobody")]);
            path = session.Path;
        }

        using SessionReader reader = SessionReader.Open(path);
        OpiContextMeasure measure = OpiContextMeasure.Of(reader);
        Assert.Equal((920, null, false), (measure.Tokens, measure.Threshold, measure.CompactionDue));
        Assert.Contains("not open", measure.Why, StringComparison.Ordinal);
        measure = OpiContextMeasure.Of(reader, new MeasureOptions { ContextWindow = 1000, ReserveTokens = 81 });
        Assert.Equal((919, 92.0, true), (measure.Threshold, measure.Percent, measure.CompactionDue));
    }

    private static OpiSession Windowed(TempFolder folder, bool autoCompact = false) => OpiSession.Create(folder.Path, Options(autoCompact));

    private static SessionOptions Options(bool autoCompact = false) =>
        Make.Options() with { Compaction = new OpiCompactionPolicy { ContextWindow = Window, AutoCompact = autoCompact } };
}
