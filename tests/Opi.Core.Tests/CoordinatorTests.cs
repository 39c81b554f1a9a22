using System.Text.Json;

namespace Opi.Tests;

/// <summary>The numbers are those of the test cases in the reference of opi's behaviour.</summary>
public class CoordinatorTests
{
    private static readonly Usage Small = new(100, 50, 10, 5);

    [Fact] // 44
    public void A_new_session_is_one_file_with_its_header()
    {
        using var folder = new TempFolder();
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        using SessionCoordinator session = SessionCoordinator.Create(Path.Combine(folder.Path, "a", "b"), "/test/cwd", Make.Never, "openai:gpt-4o");
        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "a", "b"), "*.jsonl"));
        using SessionReader reader = SessionReader.Open(path);

        Assert.Equal((path, session.SessionId), (session.SessionPath, Path.GetFileNameWithoutExtension(path)));
        Assert.Equal((session.SessionId, "/test/cwd", null), (reader.Header.Id, reader.Header.WorkingDirectory, reader.Header.ParentSession));
        Assert.InRange(reader.Header.CreatedAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.Matches("^[0-9a-f]+-[0-9a-f]{8}$", session.SessionId);
        Assert.Empty(reader.Entries);
        Assert.Equal((CumulativeUsage.Zero, 0, 0L, "openai:gpt-4o"), (session.Usage, session.AgentMessageCount, session.ContextTokens, session.Model));
    }

    [Fact] // 45, 47, with the chain of departure 1
    public void The_messages_of_a_turn_hang_on_one_another_and_no_leaf_is_written()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.User("b")], Small);
        session.OnTurnEndSimple([Make.User("c")], Small);

        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal([("msg-1", null), ("msg-2", "msg-1"), ("msg-3", "msg-2")], reader.Entries.Select(entry => (entry.Id, entry.ParentId)));
        Assert.Equal([2L, 3L, 4L], session.Index.Select(entry => entry.Line));
        Assert.Equal(reader.Entries.Select(Place), session.Index.Select(Place));

        static (EntryType, EntryRole, string, string, long, int) Place(IndexedEntry entry) =>
            (entry.Type, entry.Role, entry.Id, entry.Timestamp, entry.Offset, entry.Length);
    }

    [Fact] // 46
    public void A_turn_without_messages_counts_its_tokens_and_writes_nothing()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        long length = new FileInfo(session.SessionPath).Length;
        session.OnTurnEndSimple([], new Usage(100, 50));
        session.OnTurnEndSimple([], new Usage(100, 50));
        Assert.Equal(new CumulativeUsage(200, 100, 0, 0, 2, 0), session.Usage);
        Assert.Equal(length, new FileInfo(session.SessionPath).Length);
    }

    [Fact] // 48
    public void A_session_goes_on_where_it_was_closed()
    {
        using var folder = new TempFolder();
        SessionCoordinator first = Make.Coordinator(folder);
        first.OnTurnEndSimple([Make.User("a")], Small);
        first.Dispose();
        using SessionCoordinator second = SessionCoordinator.OpenExisting(first.SessionPath, Make.Never, priorAgentMessageCount: 1);
        second.OnTurnEndSimple([Make.User("b")], Small);

        using SessionReader reader = SessionReader.Open(first.SessionPath);
        Assert.Equal(first.SessionId, reader.Header.Id);
        Assert.Equal([("msg-1", null), ("msg-2", "msg-1")], reader.Entries.Select(entry => (entry.Id, entry.ParentId)));
        Assert.Equal(2, second.AgentMessageCount);
    }

    [Fact] // 49
    public void Opening_rebuilds_the_context_behind_a_compaction()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(folder, Make.UserLine("msg-1"), Make.UserLine("msg-2", null, "kept"), Make.CompactionLine("cmp-1", null, "msg-2"));
        Assert.Equal(["sum-3", "msg-2"], session.CompactionEntries.Select(entry => entry.Id));
        Assert.Equal([0, 1], session.AgentMessageIndices);
        Assert.Equal(2, session.AgentMessageCount);
        Assert.Equal(["compaction_summary", "user"], session.ReadContext().Select(message => message.Role));
    }

    [Fact] // 50
    public void Opening_takes_the_branch_that_the_leaf_names()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(folder, Make.UserLine("e1"), Make.UserLine("e2a", "e1"), Make.UserLine("e2b", "e1"), Make.LeafLine("l", "e2a"));
        Assert.Equal(["e1", "e2a"], session.CompactionEntries.Select(entry => entry.Id));
    }

    [Fact] // 51, 52, 53
    public void Opening_sums_all_answers_and_counts_the_users_messages_as_turns()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(
            folder,
            Make.UserLine("a"),
            Make.AnswerLine("b", "a", new Usage(100, 50, 10, 5)),
            Make.AnswerLine("c", "b", new Usage(200, 80, 20, 10)));
        Assert.Equal(new CumulativeUsage(300, 130, 30, 15, 1, 0), session.Usage);
        Assert.Equal(475, session.CompactionWatermarkTokens);
        Assert.Equal(0, session.TokensSinceCompaction);
    }

    [Fact] // 54
    public void Sixteen_messages_over_the_threshold_are_compacted_to_a_summary_and_four()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder, new OpiCompactionPolicy { CompactionThreshold = 1 });
        OpiCompactionResult output = session.OnTurnEndSimple([.. Enumerable.Range(0, 16).Select(i => Make.User($"message {i}"))], new Usage(100, 100))!;

        Assert.Equal((CompactionReason.Threshold, 12, "msg-13"), (output.Reason, output.EntriesCompacted, output.FirstKeptEntryId));
        Assert.Equal(output.Summary, Assert.IsType<CompactionSummaryMessage>(output.Messages[0]).Summary);
        Assert.Equal(5, output.Messages.Count);
        Assert.InRange(output.TokensAfter, 1, output.TokensBefore);
        Assert.Equal(["sum-18", "msg-13", "msg-14", "msg-15", "msg-16"], session.CompactionEntries.Select(entry => entry.Id));
        Assert.Equal(output.Messages.Select(message => message.Text), session.ReadContext().Select(message => message.Text));
        Assert.Equal(5, session.AgentMessageCount);
        Assert.Equal(Enumerable.Range(0, 5), session.AgentMessageIndices);
        Assert.Equal(session.ReadContext().Sum(CompactionEngine.EstimateTokens), session.ContextTokens);
    }

    [Fact] // 56
    public void An_empty_turn_at_threshold_0_is_due_but_compacts_nothing()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder, new OpiCompactionPolicy { CompactionThreshold = 0 });
        Assert.Equal(CompactionReason.Threshold, session.OnTurnEnd([], new Usage(0, 0), 0));
        Assert.Null(session.OnTurnEndSimple([], new Usage(0, 0)));
        Assert.Empty(session.Index);
    }

    [Fact] // 57
    public void The_threshold_counts_from_the_last_compaction()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder, new OpiCompactionPolicy { CompactionThreshold = 1000 });
        Assert.Null(Turn());
        Assert.Equal(CompactionReason.Threshold, Turn());
        Assert.NotNull(session.ExecuteCompaction(CompactionReason.Threshold));
        Assert.Equal(1200, session.CompactionWatermarkTokens);
        Assert.Null(Turn());
        Assert.Equal(CompactionReason.Threshold, Turn());

        CompactionReason? Turn() => session.OnTurnEnd([Make.User("x")], new Usage(600, 0), session.AgentMessageCount);
    }

    [Fact] // 58
    public void Tokens_from_before_the_session_was_opened_do_not_count_towards_the_threshold()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("a"), Make.AnswerLine("b", "a", new Usage(5000, 0))));
        using SessionCoordinator session = SessionCoordinator.OpenExisting(path, new OpiCompactionPolicy { CompactionThreshold = 1000 });
        Assert.Null(session.OnTurnEnd([], new Usage(999, 0), 2));
        Assert.Equal(CompactionReason.Threshold, session.OnTurnEnd([], new Usage(1, 0), 2));
    }

    [Theory] // 59, and departure 2
    [InlineData(new[] { "msg-7", "msg-9", "e1", "leaf-fork-abc" }, "msg-10")]
    [InlineData(new[] { "abc", "x-y-70", "msg-+5", "msg-007" }, "msg-8")]
    [InlineData(new[] { "abc", "" }, "msg-1")]
    [InlineData(new[] { "msg-4294967296" }, "msg-4294967297")]
    [InlineData(new[] { "msg-18446744073709551615" }, "msg-18446744073709551616")]
    [InlineData(new[] { "msg-999999999999999999999999999999999999999999", "msg-3" }, "msg-4")]
    [InlineData(new[] { "msg--5", "msg-1e3", "msg- 6", "msg-٣", "msg-2" }, "msg-3")]
    public void Ids_go_on_above_the_highest_number_in_the_file(string[] ids, string next)
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(folder, [.. ids.Select(id => Make.UserLine(id))]);
        session.OnTurnEndSimple([Make.User("x")], Small);
        Assert.Equal(next, session.Index[^1].Id);
    }

    [Fact] // 59: of any type and branch
    public void Ids_of_every_entry_count_for_the_next_number()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(
            folder, Make.UserLine("msg-1"), Make.UserLine("msg-12", "msg-1"), Make.LeafLine("leaf-20", "msg-1"), """{"type":"future","id":"f-30"}""");
        session.OnTurnEndSimple([Make.User("x")], Small);
        Assert.Equal(["msg-31", "leaf-32"], session.Index.TakeLast(2).Select(entry => entry.Id));
    }

    [Fact] // 60
    public void Messages_that_are_not_persisted_count_as_messages_of_the_agent()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        var custom = new CustomMessage("note", JsonDocument.Parse("{}").RootElement, true);
        session.OnTurnEnd([custom, Make.User("x")], Small, 4);
        Assert.Equal(["msg-1"], session.Index.Select(entry => entry.Id));
        Assert.Equal([5], session.AgentMessageIndices);
        Assert.Equal(6, session.AgentMessageCount);
    }

    [Theory] // 61, 85
    [InlineData(0)]
    [InlineData(1)]
    public void Fewer_than_two_entries_are_not_compacted(int count)
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([.. Enumerable.Range(0, count).Select(_ => Make.User("x"))], Small);
        byte[] before = SharedText.ReadAllBytes(session.SessionPath);
        Assert.Null(session.ExecuteCompaction(CompactionReason.Manual));
        Assert.Equal(before, SharedText.ReadAllBytes(session.SessionPath));
        Assert.Equal(count, session.CompactionEntries.Count);
    }

    [Fact] // 63
    public void A_manual_compaction_runs_though_compaction_is_disabled()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder, new OpiCompactionPolicy { NoCompaction = true, CompactionThreshold = 1 });
        Assert.Null(session.OnTurnEndSimple([.. Enumerable.Range(0, 4).Select(_ => Make.User("x"))], Small));
        Assert.Equal(2, session.ExecuteCompaction(CompactionReason.Manual)!.Messages.Count);
    }

    [Fact] // 64, 65
    public void A_turn_after_a_switch_hangs_on_the_new_tip_with_a_leaf_behind_it()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Open(folder, Make.UserLine("e1"), Make.UserLine("e2a", "e1"), Make.UserLine("e2b", "e1", "branch-b"), Make.LeafLine("l-1", "e2a"));
        session.AppendLeaf("e2b");
        Assert.Equal(["hi", "branch-b"], session.ReadContext().Select(message => message.Text));
        session.OnTurnEndSimple([Make.User("new")], Small);

        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal(
            [("leaf-2", "e2b", "e2b"), ("msg-3", "e2b", null), ("leaf-4", "msg-3", "msg-3")],
            reader.Entries.TakeLast(3).Select(entry => (entry.Id, entry.ParentId, entry.TargetId)));
        Assert.Equal(["hi", "branch-b", "new"], reader.ReadContext().Messages.Select(message => message.Text));
        Assert.Equal(3, session.AgentMessageCount);
    }

    [Fact]
    public void A_compaction_after_a_switch_has_a_leaf_behind_it_in_the_same_write()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.User("b"), Make.User("c")], Small);
        session.AppendLeaf("msg-2");
        Assert.Equal(2, session.AgentMessageCount);
        Assert.Equal([0, 1], session.AgentMessageIndices);
        session.ExecuteCompaction(CompactionReason.Manual);
        session.OnTurnEndSimple([Make.User("d")], Small);

        // The numbers between are those of summaries, which stand in memory only.
        Assert.Equal(
            [("leaf-4", "msg-2"), ("cmp-5", "msg-2"), ("leaf-6", "cmp-5"), ("msg-8", "cmp-5"), ("leaf-9", "msg-8")],
            session.Index.Skip(3).Select(entry => (entry.Id, entry.ParentId)));
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal(["Compacted 1 messages: a", "b", "d"], reader.ReadContext().Messages.Select(message => message.Text));
        Assert.Equal(["Compacted 1 messages: a", "b", "d"], session.ReadContext().Select(message => message.Text));
    }

    [Fact]
    public void A_leaf_to_nothing_is_written_and_has_no_effect()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.User("b")], Small);
        session.AppendLeaf("nope");
        session.OnTurnEndSimple([Make.User("c")], Small);
        Assert.Equal(["a", "b", "c"], session.ReadContext().Select(message => message.Text));
        Assert.Equal("msg-2", session.Index[^1].ParentId);
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal(["msg-1", "msg-2", "msg-4"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
    }

    [Theory]
    [InlineData(null, "openai:gpt-4o")]
    [InlineData("anthropic:claude-opus-4", "anthropic:claude-opus-4")]
    public void An_opened_session_has_the_model_of_its_last_answer_or_the_given_one(string? given, string expected)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(
            Make.AnswerLine("a", null, Small),
            Make.Line(new MessageEntry("b", "a", "T", Make.Assistant("x", Small, "gpt-4o", "openai"))),
            Make.UserLine("c", "b")));
        using SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never, given);
        Assert.Equal(expected, session.Model);
    }

    [Fact]
    public void The_cost_by_the_seeds_rule_prices_all_tokens_at_the_sessions_model()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.Assistant("b", new Usage(1_000_000, 500_000), "gpt-4o", "openai")], new Usage(1_000_000, 500_000));
        Assert.Equal(new CostBreakdown(3m, 7.5m, 0, 0), session.CostSummary());
    }

    [Fact]
    public void A_turn_whose_answer_has_no_usage_is_counted_as_unknown()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.Assistant("b"), Make.Assistant("c")], new Usage(0, 0));
        session.OnTurnEndSimple([Make.User("a"), Make.Assistant("b", new Usage(0, 0))], new Usage(0, 0));
        Assert.Equal(1, session.Usage.UnknownUsageTurns);
        session.Dispose();
        using SessionCoordinator again = SessionCoordinator.OpenExisting(session.SessionPath, Make.Never);
        Assert.Equal(session.Usage, again.Usage);
    }

    /// <summary>Whatever a caller passes, a turn that was acknowledged can be read again: it is refused otherwise.</summary>
    [Theory]
    [InlineData("details 1e400")]
    [InlineData("details -1e999")]
    [InlineData("details [\"\\ud800\"]")]
    [InlineData("details {\"\\udc00\":1}")]
    [InlineData("deep details")]
    [InlineData("negative usage")]
    public void What_could_not_be_read_again_is_refused_or_written_so_that_it_can(string what)
    {
        Message message = what switch
        {
            "negative usage" => Make.Assistant("x", new Usage(-1, 5)),
            "deep details" => Make.Result("c") with { Details = JsonDocument.Parse(new string('[', 126) + new string(']', 126), new JsonDocumentOptions { MaxDepth = 200 }).RootElement },
            _ => Make.Result("c") with { Details = JsonDocument.Parse(what["details ".Length..]).RootElement },
        };
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("a"), Make.Calls("c")], Small);
        int accepted = 0;
        byte[] before = SharedText.ReadAllBytes(session.SessionPath);
        try
        {
            session.OnTurnEndSimple([message], Small);
            accepted = 1;
        }
        catch (Exception refused) when (refused is ArgumentException or OpiException or InvalidOperationException)
        {
            Assert.Equal((2, 1), (session.Index.Count, session.Usage.Turns));
            Assert.Equal(before, SharedText.ReadAllBytes(session.SessionPath)); // what was written was taken back
        }

        session.OnTurnEndSimple([Make.User("b")], Small);
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal("", reader.Recovery.ToString());
        Assert.Equal(3 + accepted, reader.ReadContext().Messages.Count());
    }

    [Theory]
    [InlineData("\n\n", 0)]
    [InlineData("bad\n\nbad\n \n", 0)]
    [InlineData("bad\n", 150)]
    [InlineData("{\"torn", 0)]
    public void Line_numbers_go_on_behind_lines_that_are_not_entries(string tail, int more)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("m1")) + string.Concat(Enumerable.Repeat("bad\n", more)) + tail);
        using SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never, durability: Durability.Buffered);
        session.OnTurnEndSimple([Make.User("x"), Make.User("y")], Small);
        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(reader.Entries.Select(entry => entry.Line), session.Index.Select(entry => entry.Line));
    }

    private static SessionCoordinator Open(TempFolder folder, params string[] lines) =>
        SessionCoordinator.OpenExisting(folder.Write(Make.File(lines)), Make.Never, durability: Durability.Buffered);
}
