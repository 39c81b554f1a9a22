namespace Opi.Tests;

public class SessionTests
{
    [Fact]
    public void A_turn_tells_its_entries_its_tokens_and_its_cost()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1_000_000, 500_000, 3, 4))]);
        Assert.Equal((session.Id, 1, 1_000_000L, 500_000L, 3L, 4L, 1_500_007L), (turn.SessionId, turn.Turn, turn.InputTokens, turn.OutputTokens, turn.CacheReadTokens, turn.CacheWriteTokens, turn.TotalTokens));
        Assert.Equal(["msg-1", "msg-2"], turn.EntryIds);
        Assert.Equal(17.2500318m, turn.Cost); // above 200,000 tokens
        Assert.Null(turn.CompactionReason);
        Assert.Equal(["msg-3"], session.AddTurn([Make.User("c")]).EntryIds);
        Assert.Equal((2, 3), (session.Turns, session.EntryCount));
    }

    [Fact]
    public void A_given_usage_is_stored_with_the_last_answer_and_survives_closing()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn(
            [Make.User("a"), Make.Calls("c"), Make.Result("c"), Make.Assistant("b", new Usage(7, 7)), Make.Result("x")],
            new Usage(100, 50, 10, 5) { ReasoningTokens = 3 });
        session.AddTurn([Make.User("a"), Make.Assistant("b")], new Usage(0, 0)); // reported, and nothing
        session.Close();

        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(new CumulativeUsage(100, 50, 10, 5, 2, 0), again.Usage);
        Assert.Equal(session.Usage, again.Usage);
        Usage[] stored = [.. again.ReadContext().OfType<AssistantMessage>().Select(answer => answer.Usage)];
        Assert.Equal(
            [new Usage(0, 0), new Usage(100, 50, 10, 5) { ReasoningTokens = 3 }, new Usage(0, 0)],
            stored);
    }

    [Fact]
    public void Without_a_given_usage_the_answers_own_count_all_of_them() // 52
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(100, 30)), Make.Assistant("c", new Usage(200, 50))]);
        Assert.Equal((300, 80), (turn.InputTokens, turn.OutputTokens));
        session.Close();
        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(session.Usage, again.Usage);
    }

    [Fact]
    public void A_turn_needs_a_message_and_a_usage_needs_an_answer()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        byte[] before = SharedText.ReadAllBytes(session.Path);
        Assert.Throws<ArgumentException>(() => session.AddTurn([]));
        Assert.Throws<ArgumentException>(() => session.AddTurn([Make.User("a")], new Usage(1, 1)));
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        Assert.Equal(CumulativeUsage.Zero, session.Usage);
    }

    [Theory] // 127
    [InlineData("claude-sonnet-4", 1, false)]
    [InlineData("claude-sonnet-4", 0, true)] // nothing reported
    [InlineData("no-such-model", 1, true)]
    public void The_cost_of_a_turn_is_unknown_where_the_price_or_the_usage_is(string model, long tokens, bool unknown)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", tokens == 0 ? Usage.Unknown : new Usage(tokens, 0), model), Make.Assistant("c", new Usage(1, 0))]);
        Assert.Equal(unknown, turn.Cost is null);
        Assert.Equal(tokens == 0 ? 1 : 0, session.Usage.UnknownUsageTurns);
    }

    [Theory]
    [InlineData(1000, true, true, true)]
    [InlineData(1000, true, false, false)]
    [InlineData(1001, true, true, false)]
    [InlineData(1000, false, true, false)] // disabled
    public void A_due_compaction_runs_at_once_where_that_is_asked_for(long threshold, bool enabled, bool auto, bool compacted)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(threshold, auto, enabled));
        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1000, 0))]);
        bool due = enabled && threshold == 1000;
        Assert.Equal(due ? CompactionReason.Threshold : null, turn.CompactionReason);
        Assert.Equal(compacted, turn.Compaction is not null);
        Assert.Equal(["msg-1", "msg-2"], turn.EntryIds);
        Assert.Equal(due && !compacted, session.CompactionDue);
        Assert.Equal(threshold, session.CompactionThreshold);
    }

    [Fact]
    public void A_compaction_tells_what_it_did()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([.. Enumerable.Range(0, 8).Select(i => Make.User($"message {i}"))]);
        OpiCompactionResult result = session.Compact(policy: Summarizer.Options(_ => "short"))!;
        Assert.Equal((session.Id, CompactionReason.Manual, "short", SummarySource.Hook, "msg-7"), (result.SessionId, result.Reason, result.Summary, result.SummarySource, result.FirstKeptEntryId));
        Assert.Equal((6, 2, 16L, 4L), (result.EntriesCompacted, result.EntriesKept, result.TokensBefore, result.TokensAfter));
        Assert.Equal(["short", "message 6", "message 7"], result.Messages.Select(message => message.Text));
        Assert.Equal(["short", "message 6", "message 7"], session.ReadContext().Select(message => message.Text));
        Assert.Equal(1 + 2 + 2, session.ContextTokens);
    }

    [Theory]
    [InlineData(CompactionReason.Threshold, true, 999, false)]
    [InlineData(CompactionReason.Threshold, true, 1000, true)]
    [InlineData(CompactionReason.Threshold, false, 1000, false)]
    [InlineData(CompactionReason.Overflow, true, 0, true)]
    [InlineData(CompactionReason.Overflow, false, 1000, true)]
    [InlineData(CompactionReason.Manual, false, 0, true)]
    public void A_compaction_that_is_not_due_does_nothing_and_raises_nothing(CompactionReason reason, bool enabled, long tokens, bool runs)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(1000, enabled: enabled));
        session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(tokens, 0))]);
        List<string> events = Record(session);
        Assert.Equal(runs, session.Compact(reason) is not null);
        Assert.Equal(runs ? [$"start {reason}", $"end {reason} done"] : [], events);
    }

    [Fact] // 55
    public void Every_automatic_compaction_raises_both_events()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(0, autoCompact: true));
        List<string> events = Record(session);
        session.AddTurn([Make.User("a")]);
        session.AddTurn([Make.User("b"), Make.Assistant("c", new Usage(1, 1))]);
        Assert.Equal(["start Threshold", "end Threshold aborted: nothing to compact", "start Threshold", "end Threshold done"], events);
    }

    [Fact]
    public void Events_come_in_order_when_there_is_nothing_to_compact()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        List<string> events = Record(session);
        Assert.Null(session.Compact());
        Assert.Equal(["start Manual", "end Manual aborted: nothing to compact"], events);
    }

    [Fact]
    public void A_failing_summarizer_changes_nothing_and_the_events_tell()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.User("b")]);
        byte[] before = SharedText.ReadAllBytes(session.Path);
        List<string> events = Record(session);

        var error = Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Summarizer.Options(_ => throw new TimeoutException("too slow"))));
        Assert.IsType<TimeoutException>(error.InnerException);
        foreach (string? empty in new[] { null, "", " \n" })
        {
            Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Summarizer.Options(_ => empty)));
        }

        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        Assert.Equal(["a", "b"], session.ReadContext().Select(message => message.Text));
        Assert.Equal(["start Manual", $"end Manual aborted: {error.Message}", "start Manual"], events.Take(3));
        Assert.Equal(8, events.Count);
        Assert.NotNull(session.Compact()); // and it can still be compacted
        Assert.Equal(["msg-1", "msg-2", "cmp-3"], SessionIds(session));
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void A_failing_write_of_a_compaction_raises_both_events_and_an_automatic_one_leaves_the_turn()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options(1, autoCompact: true));
        // Breaks the file between the turn and its compaction.
        session.CompactionStarted += (_, _) => File.AppendAllText(session.Path, "x");
        List<string> events = Record(session);
        OpiTurn turn = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1, 1))]);
        Assert.Null(turn.Compaction);
        Assert.IsType<SessionWriteException>(turn.CompactionError);
        Assert.Equal(["msg-1", "msg-2"], turn.EntryIds);
        Assert.Equal(["start Threshold", "end Threshold aborted: " + turn.CompactionError!.Message], events);
        Assert.Equal(2, session.EntryCount);
    }

    [Fact]
    public void A_summarizer_cannot_change_the_session_it_summarises()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.User("b")]);
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Summarizer.Options(_ =>
        {
            session.AddTurn([Make.User("sneaked in")]);
            return "x";
        })));
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Summarizer.Options(_ => session.Compact()?.Summary)));
        Assert.Equal(["msg-1", "msg-2"], SessionIds(session));
        session.AddTurn([Make.User("c")]);
        Assert.Equal(["a", "b", "c"], session.ReadContext().Select(message => message.Text));
    }

    [Fact]
    public void A_session_closed_by_its_summarizer_is_closed_and_not_half_written()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.User("b")]);
        Assert.ThrowsAny<OpiException>(() => session.Compact(policy: Summarizer.Options(_ =>
        {
            session.Close();
            return "x";
        })));
        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(["a", "b"], again.ReadContext().Select(message => message.Text));
    }

    [Fact]
    public void A_closed_session_says_so_and_keeps_its_figures()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1, 2))]);
        session.Close();
        session.Close();
        Assert.Equal(OpiSessionState.Closed, session.State);
        Assert.Equal(session.Id, Assert.Throws<SessionClosedException>(() => session.AddTurn([Make.User("a")])).Target);
        Assert.Throws<SessionClosedException>(() => session.Compact());
        Assert.Throws<SessionClosedException>(() => session.ReadContext());
        Assert.Equal((1, 2, 3L), (session.Turns, session.EntryCount, session.Usage.TotalTokens));
        Assert.Null(session.ContextTokens);
        Assert.Empty(session.DescribeFindings());
    }

    [Fact]
    public async Task Turns_of_several_threads_are_whole_and_in_one_chain()
    {
        const int Threads = 4, Turns = 50;
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Turns; i++)
            {
                session.AddTurn([Make.User($"{thread}-{i}"), Make.Assistant($"re {thread}-{i}", new Usage(1, 2))]);
            }
        })));
        session.Close();

        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.True(reader.Recovery.IsClean);
        Assert.Equal(Enumerable.Range(1, Threads * Turns * 2).Select(i => ($"msg-{i}", i == 1 ? null : $"msg-{i - 1}")), reader.Entries.Select(entry => (entry.Id, entry.ParentId))!);
        string[] texts = [.. reader.ReadContext().Messages.Select(message => message.Text)];
        Assert.All(texts.Chunk(2), turn => Assert.Equal("re " + turn[0], turn[1]));
        for (int thread = 0; thread < Threads; thread++)
        {
            Assert.Equal(Enumerable.Range(0, Turns).Select(i => $"{thread}-{i}"), texts.Where(text => text.StartsWith($"{thread}-", StringComparison.Ordinal)));
        }

        Assert.Equal(new CumulativeUsage(200, 400, 0, 0, 200, 0), session.Usage);
        Assert.Equal(session.Usage, reader.ReadContext().Usage);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "the last turn is a prompt without an answer")]
    [InlineData(2, "the last turn has 2 tool calls without a result")]
    [InlineData(3, "the last turn has 1 tool call without a result")]
    [InlineData(4, null)] // the model has yet to go on, which is not damage
    [InlineData(5, null)]
    public void A_turn_that_was_cut_between_messages_is_reported(int messages, string? expected)
    {
        Message[] turn = [Make.User("a"), Make.Calls("c1", "c2"), Make.Result("c2"), Make.Result("c1"), Make.Assistant("done", new Usage(1, 1))];
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        if (messages > 0)
        {
            session.AddTurn(turn[..messages]);
        }

        session.Close();
        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(expected is null ? [] : [expected], again.DescribeFindings());
    }

    [Fact]
    public void What_the_system_says_behind_a_prompt_is_not_an_answer_to_it()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), new SystemMessage("b", 0)]);
        session.Close();

        using OpiSession again = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(["the last turn is a prompt without an answer"], again.DescribeFindings());
        Assert.Single(SessionChecker.Check(session.Path), finding => finding.Code == "PromptWithoutAnswer");
    }

    [Fact]
    public void Damage_to_the_file_is_reported()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("m1"), "bad", """{"type":"new"}""", Make.AnswerLine("m2", "m1", new Usage(1, 1)), Make.LeafLine("l", "nope")) + "{\"torn");
        using OpiSession session = OpiSession.Resume(path, Make.Options());
        IReadOnlyList<string> findings = session.DescribeFindings();
        Assert.Equal(2, findings.Count);
        Assert.StartsWith("1 corrupt line skipped (first: line 3, ", findings[0], StringComparison.Ordinal);
        Assert.EndsWith("; an unfinished last line of 6 bytes; 1 entry of unknown type kept but not used", findings[0], StringComparison.Ordinal);
        Assert.Contains("'nope'", findings[1], StringComparison.Ordinal);
    }

    [Fact] // 74, 75, 101, 103, 104 for reading
    public void A_session_has_the_name_and_the_labels_of_its_active_branch()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(
            Make.UserLine("m1"),
            Make.UserLine("other", "m1"),
            Make.Line(new SessionInfoEntry("i1", "m1", "t", "first")),
            Make.Line(new SessionInfoEntry("i2", "m1", "t", "project-x")),
            Make.Line(new SessionInfoEntry("i3", "other", "t", "not this")),
            Make.Line(new SessionInfoEntry("i4", null, "t", "nor this")),
            Make.Line(new LabelEntry("l1", "m1", "t", "bug", false)),
            Make.Line(new LabelEntry("l2", "m1", "t", "draft", false)),
            Make.Line(new LabelEntry("l3", "m1", "t", "draft", false)),
            Make.Line(new LabelEntry("l4", "m1", "t", "bug", true)),
            Make.Line(new LabelEntry("l5", "m1", "t", "", false)),
            Make.LeafLine("leaf", "m1")));
        using OpiSession session = OpiSession.Resume(path, Make.Options());
        Assert.Equal("project-x", session.Name);
        Assert.Equal(["draft", ""], session.Labels);
    }

    [Theory] // 75, 76
    [InlineData("")]
    [InlineData("named before the first turn")]
    public void A_name_given_before_the_first_turn_counts(string name)
    {
        using var folder = new TempFolder();
        using OpiSession session = OpiSession.Resume(folder.Write(Make.File(Make.Line(new SessionInfoEntry("info-1", null, "t", name)))), Make.Options());
        Assert.Equal(name, session.Name);
    }

    [Fact]
    public void A_resumed_session_is_what_it_was()
    {
        using var folder = new TempFolder();
        OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Calls("c"), Make.Result("c"), Make.Assistant("b", new Usage(5, 5))]);
        session.Compact();
        session.AddTurn([Make.User("d"), Make.Assistant("e", new Usage(5, 5))]);
        string[] context = Texts(session);
        long? size = session.ContextTokens;
        session.Close();

        byte[] before = SharedText.ReadAllBytes(session.Path);
        using OpiSession again = OpiSession.Resume(session.Path, Make.Options() with { Model = null });
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        Assert.Equal(context, Texts(again));
        Assert.Equal((session.Id, session.Path, session.Model, session.CreatedAt, session.Turns, session.EntryCount), (again.Id, again.Path, again.Model, again.CreatedAt, again.Turns, again.EntryCount));
        Assert.Equal((session.Usage, size), (again.Usage, again.ContextTokens));
        Assert.Equal("/repo", again.WorkingDirectory);
        Assert.Empty(again.DescribeFindings());

        static string[] Texts(OpiSession open) => [.. open.ReadContext().Select(message => $"{message.Role}: {message.Text}")];
    }

    private static string[] SessionIds(OpiSession session)
    {
        using SessionReader reader = SessionReader.Open(session.Path);
        return [.. reader.Entries.Select(entry => entry.Id)];
    }

    private static List<string> Record(OpiSession session)
    {
        var events = new List<string>();
        session.CompactionStarted += (_, e) => events.Add($"start {e.Reason}");
        session.CompactionEnded += (_, e) => events.Add($"end {e.Reason} " + (e.Aborted ? "aborted: " + e.ErrorMessage : e.ErrorMessage ?? "done"));
        return events;
    }
}
