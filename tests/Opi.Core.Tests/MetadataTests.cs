namespace Opi.Tests;

public sealed class MetadataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 74
    [Fact]
    public void Metadata_hangs_on_the_tip_and_moves_nothing()
    {
        using OpiSession session = Make.Session(_folder);
        session.AddTurn([Make.User("q"), Make.Assistant("a")]);
        session.Update(new SessionUpdate { Name = "project-x", AddLabels = ["bug", "draft"], RemoveLabels = ["bug"] });
        session.AddTurn([Make.User("q2"), Make.Assistant("a2")]);

        Assert.Equal("project-x", session.Name);
        Assert.Equal(["draft"], session.Labels);
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.All(reader.Entries.Where(entry => entry.Type is EntryType.Label or EntryType.SessionInfo), entry => Assert.Equal("msg-2", entry.ParentId));
        Assert.Equal("msg-2", reader.Entries.First(entry => entry.Id == "msg-7").ParentId);
        Assert.DoesNotContain(reader.Entries, entry => entry.Type == EntryType.Leaf);
        Assert.Equal(["info-3", "label-4", "label-5", "label-6"], reader.Entries.Where(entry => !entry.IsContent).Select(entry => entry.Id));
    }

    // 76, and where opi forgets it
    [Fact]
    public void Metadata_of_before_the_first_turn_stays_after_it()
    {
        using (OpiSession session = Make.Session(_folder))
        {
            session.Update(new SessionUpdate { Name = "early", AddLabels = ["one"], ThinkingLevel = ThinkingLevel.XHigh });
            session.AddTurn([Make.User("q"), Make.Assistant("a")]);
        }

        using OpiSession resumed = OpiSession.Resume(Directory.GetFiles(_folder.Path, "*.jsonl").Single(), Make.Options());
        Assert.Equal(("early", ThinkingLevel.XHigh), (resumed.Name, resumed.ThinkingLevel));
        Assert.Equal(["one"], resumed.Labels);
    }

    [Fact]
    public void Labels_stand_in_the_order_in_which_they_were_put_on_last()
    {
        SessionMetadata before = SessionMetadata.None.With([Label("a"), Label("b"), Label("c")]);

        SessionMetadata after = before.With([Label("a", removed: true), Label("c"), Label("d"), Label("a"), Label("none", removed: true)]);

        Assert.Equal(["a", "b", "c"], before.Labels);
        Assert.Equal(["b", "c", "d", "a"], after.Labels);
    }

    [Fact]
    public void Four_times_the_labels_take_no_more_than_some_four_times_the_memory()
    {
        Allocated(10); // what is made once
        Assert.InRange((double)Allocated(8000) / Allocated(2000), 1, 6); // tables grow in steps; a list for each label would give 16

        static long Allocated(int count)
        {
            SessionEntry[] entries = [.. Enumerable.Range(0, count).Select(i => Label($"label {i}"))];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(count, SessionMetadata.None.With(entries).Labels.Count);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static LabelEntry Label(string label, bool removed = false) => new("label-1", null, "t", label, removed);

    // 75, 101
    [Fact]
    public void An_empty_name_is_a_name_and_a_label_is_put_on_once()
    {
        using OpiSession session = Make.Session(_folder);
        session.Update(new SessionUpdate { Name = "", AddLabels = ["a", "a", "b"] });
        Assert.Equal("", session.Name);
        Assert.Equal(["a", "b"], session.Labels);
    }

    [Fact]
    public void A_model_change_counts_for_later_turns_and_for_the_cost_of_answers_without_a_model()
    {
        using OpiSession session = Make.Session(_folder);
        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(1_000_000, 0), model: "", provider: "")]);
        session.Update(new SessionUpdate { Model = "openai:gpt-4o" });
        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(1_000_000, 0), model: "", provider: "")]);
        Assert.Equal("openai:gpt-4o", session.Model);

        Assert.Equal([6m, 2.5m], SessionCosts.Rows(session.Path, CostGrouping.Turn).Select(row => row.TotalCost!.Value));
    }

    [Theory]
    [InlineData(true, "openai:gpt-4o")]
    [InlineData(false, "anthropic:claude-sonnet-4")]
    public void Resume_takes_the_later_of_the_last_answer_and_the_model_change(bool changeLast, string expected)
    {
        string answer = Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1));
        string change = Make.Line(new ModelChangeEntry("model-3", "msg-1", "t", "openai:gpt-4o"));
        string path = _folder.Write(Make.File([Make.UserLine("msg-1"), .. changeLast ? new[] { answer, change } : [change, answer]]));
        using OpiSession session = OpiSession.Resume(path, new SessionOptions());
        Assert.Equal(expected, session.Model);
        Assert.Equal(expected, OpiSessionInfo.Read(path).Model);
    }

    // 104
    [Fact]
    public void Metadata_of_a_branch_that_was_left_does_not_count()
    {
        using OpiSession session = Make.Session(_folder);
        session.AddTurn([Make.User("q"), Make.Assistant("a")]);
        session.AddTurn([Make.User("q2"), Make.Assistant("a2")]);
        session.Update(new SessionUpdate { Name = "on the branch" });
        session.SwitchBranch("msg-2");
        Assert.Null(session.Name);
        session.SwitchBranch("msg-4");
        Assert.Equal("on the branch", session.Name);
    }

    // 73
    [Fact]
    public void A_failed_change_changes_nothing()
    {
        using OpiSession session = Make.Session(_folder);
        session.Update(new SessionUpdate { Name = "before" });
        string away = _folder.File("away");
        File.Move(session.Path, away);
        Assert.Throws<SessionWriteException>(() => session.Update(new SessionUpdate { Name = "after", AddLabels = ["x"] }));
        Assert.Equal("before", session.Name);
        Assert.Empty(session.Labels);
        Assert.False(File.Exists(session.Path));
        File.Move(away, session.Path);
        session.Update(new SessionUpdate { Name = "after" });
        Assert.Equal("after", session.Name);
    }

    [Fact]
    public void A_list_shows_name_labels_and_model_without_being_told_where_they_are()
    {
        using OpiSession session = Make.Session(_folder);
        session.AddTurn([Make.User("a text with \"session_info\" and \"label\" in it"), Make.Assistant("a", new Usage(1, 1))]);
        OpiSessionInfo before = OpiSessionInfo.Read(session.Path);
        Assert.Equal((null, Make.Sonnet), (before.Name, before.Model));
        Assert.Empty(before.Labels);

        session.Update(new SessionUpdate { Name = "n", AddLabels = ["l"] });
        OpiSessionInfo after = OpiSessionInfo.Read(session.Path);
        Assert.Equal(("n", Make.Sonnet), (after.Name, after.Model));
        Assert.Equal(["l"], after.Labels);
    }

    [Fact]
    public void A_list_finds_the_last_answer_before_a_damaged_one()
    {
        string damaged = Make.AnswerLine("msg-4", "msg-3", new Usage(1, 1)).Replace("\"stop\"", "\"no reason\"", StringComparison.Ordinal);
        string path = _folder.Write(Make.File(Make.UserLine("msg-1"), Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1)), Make.UserLine("msg-3", "msg-2"), damaged));
        Assert.Equal(Make.Sonnet, OpiSessionInfo.Read(path).Model);
    }
}
