namespace Opi.Tests;

public sealed class BranchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_next_turn_hangs_where_the_branch_was_switched_to()
    {
        using OpiSession session = TwoTurns();
        session.SwitchBranch("msg-2", "tried something else");
        session.AddTurn([Make.User("b"), Make.Assistant("B")]);

        Assert.Equal(["one", "ONE", "tried something else", "b", "B"], session.ReadContext().Select(message => message.Text));
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(["msg-1", "msg-2", "msg-7", "msg-8"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
        Assert.Equal(["bs-5", "leaf-6", "msg-7", "msg-8", "leaf-9"], reader.Entries.Skip(4).Select(entry => entry.Id));
        Assert.Equal(session.ReadContext().Select(message => message.Text), reader.ReadContext().Messages.Select(message => message.Text));
    }

    // 107
    [Fact]
    public void A_session_without_a_fork_is_one_branch()
    {
        OpiBranch branch = Assert.Single(Branches(Make.UserLine("e1"), Make.UserLine("e2", "e1"), Make.UserLine("e3", "e2"), Make.UserLine("e4", "e3", "the end")));
        Assert.Equal(("e4", 3, 4, null, "the end", true), (branch.EntryId, branch.Depth, branch.Entries, branch.ForkPoint, branch.LastText, branch.Active));
    }

    // 108
    [Fact]
    public void A_fork_is_a_branch_itself_and_its_children_are_in_order()
    {
        IReadOnlyList<OpiBranch> branches = Branches(Make.UserLine("e1"), Make.UserLine("e2b", "e1"), Make.UserLine("e2a", "e1"));
        Assert.Equal(["e1", "e2a", "e2b"], branches.Select(branch => branch.EntryId));
        Assert.Equal([null, "e1", "e1"], branches.Select(branch => branch.ForkPoint));
        Assert.Equal([0, 1, 1], branches.Select(branch => branch.Depth));
    }

    [Fact]
    public void Children_are_in_the_order_of_their_numbers_not_of_their_text()
    {
        IReadOnlyList<OpiBranch> branches = Branches(Make.UserLine("msg-1"), Make.UserLine("msg-10", "msg-1"), Make.UserLine("msg-2", "msg-1"));
        Assert.Equal(["msg-1", "msg-2", "msg-10"], branches.Select(branch => branch.EntryId));
    }

    // 109, and both branches of a fork without a leaf
    [Fact]
    public void Without_a_leaf_the_branch_of_the_last_entry_is_active_and_the_other_is_reachable()
    {
        string path = _folder.Write(Make.File(Make.UserLine("e1"), Make.UserLine("e2", "e1", "left"), Make.UserLine("e3", "e1", "right")));
        using (SessionReader reader = SessionReader.Open(path))
        {
            Assert.Equal(["e1", "e3"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
            Assert.Equal(["e3"], reader.ReadBranches().Where(branch => branch.Active).Select(branch => branch.EntryId));
        }

        using OpiSession session = OpiSession.Resume(path, Make.Options());
        session.SwitchBranch("e2");
        Assert.Equal(["hi", "left"], session.ReadContext().Select(message => message.Text));
    }

    // 110, bug 31
    [Theory]
    [InlineData("a<b b<a", 2)]
    [InlineData("m1 m2<m1 m3<m2 m2<m3", 3)]
    [InlineData("a<a", 1)]
    [InlineData("m1 a<b b<a", 3)]
    public void No_walk_is_endless(string shape, int branches)
    {
        string[] lines = [.. shape.Split(' ').Select(node => node.Split('<')).Select(node => Make.UserLine(node[0], node.Length > 1 ? node[1] : null))];
        Assert.Equal(branches, Branches([.. lines, Make.LeafLine("leaf-9", shape.Split(' ')[^1].Split('<')[0])]).Count);
    }

    // The first of these has one entry without a parent, the others hang on metadata: a circle, and one that begins there.
    [Theory]
    [InlineData("m1 a<b b<a", "m1 a b")]
    [InlineData("a<b b<a", "a b")]
    [InlineData("a<=x b<a =x<b c<nowhere d<c", "a b c d")]
    [InlineData("=x a<=x b<a c<nowhere", "a b c")]
    [InlineData("=x a<=x b<a c<a", "a c")]
    [InlineData("=x<=y =y<=x a<=x b<a", "a b")]
    public void Without_a_leaf_a_circle_of_parents_leaves_the_order_of_the_file_and_metadata_is_passed_over(string shape, string active)
    {
        string[] lines = [.. shape.Split(' ').Select(node => node.Split('<')).Select(node => node[0][0] == '='
            ? Make.LabelLine(node[0], "x", node.Length > 1 ? node[1] : null)
            : Make.UserLine(node[0], node.Length > 1 ? node[1] : null))];
        using SessionReader reader = SessionReader.Open(_folder.Write(Make.File(lines)));
        Assert.Equal(active.Split(' '), reader.Tree.ActiveBranch.Select(entry => entry.Id));
    }

    [Fact]
    public void A_conversation_that_begins_at_metadata_in_a_circle_is_one_branch()
    {
        OpiBranch branch = Assert.Single(Branches(
            Make.LabelLine("x", "x", "y"), Make.LabelLine("y", "y", "x"), Make.UserLine("a", "x"), Make.UserLine("b", "a")));
        Assert.Equal(("b", 1, 2, true), (branch.EntryId, branch.Depth, branch.Entries, branch.Active));
    }

    // A label with the id of a message leads the parents in a circle, and the damaged line is not in the fork.
    [Fact]
    public void A_fork_of_a_conversation_that_begins_at_a_circle_has_its_context()
    {
        string path = _folder.Write(Make.File(
            Make.UserLine("msg-1"),
            Make.UserLine("msg-2", "msg-1", "first"),
            Make.UserLine("msg-3", "msg-2", "second"),
            Make.LabelLine("msg-1", "x", "msg-3"),
            "{damaged",
            Make.UserLine("msg-5", "msg-4", "third"),
            Make.LeafLine("leaf-6", "msg-5")));
        using SessionReader reader = SessionReader.Open(path);
        string[] context = [.. reader.ReadContextMessages().Select(message => message.Text)];
        Assert.Equal(["first", "second", "third"], context);

        using SessionReader fork = SessionReader.Open(SessionFork.Create(reader, _folder.Path));
        Assert.Equal(context, fork.ReadContextMessages().Select(message => message.Text));
    }

    [Fact]
    public void Old_sessions_whose_parents_are_null_are_one_branch()
    {
        OpiBranch branch = Assert.Single(Branches(Make.UserLine("msg-1"), Make.UserLine("msg-2"), Make.UserLine("msg-3")));
        Assert.Equal(("msg-3", 3), (branch.EntryId, branch.Entries));
    }

    // 111
    [Fact]
    public void A_compaction_is_a_step_of_its_branch()
    {
        OpiBranch branch = Assert.Single(Branches(Make.UserLine("e1"), Make.UserLine("e2", "e1"), Make.CompactionLine("c1", "e2", "e2"), Make.UserLine("e3", "c1")));
        Assert.Equal(3, branch.Depth);
    }

    [Fact]
    public void An_unknown_entry_is_refused_with_the_ids_near_it()
    {
        using OpiSession session = TwoTurns();
        EntryNotFoundException error = Assert.Throws<EntryNotFoundException>(() => session.SwitchBranch("msg-7"));
        Assert.Contains("msg-4, msg-3", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, session.EntryCount);
    }

    [Fact]
    public void Compacting_never_keeps_from_a_branch_summary_on()
    {
        using OpiSession session = TwoTurns();
        session.SwitchBranch("msg-4", "summary of nothing");
        OpiCompactionResult result = session.Compact()!;
        Assert.Equal("msg-4", result.FirstKeptEntryId);
        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(session.ReadContext().Select(message => message.Text), reader.ReadContext().Messages.Select(message => message.Text));
    }

    // 116
    [Fact]
    public void A_fork_has_the_branch_with_its_metadata_and_its_lines_byte_for_byte()
    {
        string unknown = """{"type":"from_the_future","id":"f-1","parent_id":"msg-2","x":[1, 2 ,3]}""";
        using (OpiSession session = TwoTurns())
        {
            session.Update(new SessionUpdate { Name = "n" });
            session.SwitchBranch("msg-2");
            session.AddTurn([Make.User("b"), Make.Assistant("B")]);
        }

        string source = Directory.GetFiles(_folder.Path, "*.jsonl").Single();
        File.AppendAllText(source, unknown + "\n");
        byte[] before = SharedText.ReadAllBytes(source);
        string copy;
        string id;
        using (SessionReader reader = SessionReader.Open(source))
        {
            id = reader.Header.Id;
            copy = SessionFork.Create(reader, _folder.File("forks"));
        }

        Assert.Equal(before, SharedText.ReadAllBytes(source));
        string[] lines = SharedText.ReadAllLines(copy);
        Assert.Equal(lines[1..], SharedText.ReadAllLines(source).Intersect(lines));
        Assert.Contains(unknown, lines);
        using SessionReader fork = SessionReader.Open(copy);
        Assert.Equal((id, "/repo"), (fork.Header.ParentSession, fork.Header.WorkingDirectory));
        Assert.Equal(Path.GetFileNameWithoutExtension(copy), fork.Header.Id);
        Assert.Equal(["msg-1", "msg-2", "msg-7", "msg-8"], fork.Tree.ActiveBranch.Select(entry => entry.Id));
        Assert.Null(OpiSessionInfo.Read(copy).Name);
        Assert.DoesNotContain(SessionChecker.Check(copy), finding => finding.Severity != FindingSeverity.Information);
    }

    [Fact]
    public void A_fork_at_an_entry_ends_there_and_can_go_on()
    {
        using OpiSession session = TwoTurns();
        string copy;
        using (SessionReader reader = SessionReader.Open(session.Path))
        {
            copy = SessionFork.Create(reader, _folder.Path, "msg-2");
            Assert.Throws<EntryNotFoundException>(() => SessionFork.Create(reader, _folder.Path, "msg-99"));
        }

        using OpiSession fork = OpiSession.Resume(copy, Make.Options());
        OpiTurn turn = fork.AddTurn([Make.User("c")]);
        Assert.Equal(["msg-3"], turn.EntryIds);
        Assert.Equal(["one", "ONE", "c"], fork.ReadContext().Select(message => message.Text));
    }

    private OpiSession TwoTurns()
    {
        OpiSession session = Make.Session(_folder);
        session.AddTurn([Make.User("one"), Make.Assistant("ONE")]);
        session.AddTurn([Make.User("two"), Make.Assistant("TWO")]);
        return session;
    }

    private IReadOnlyList<OpiBranch> Branches(params string[] lines)
    {
        using SessionReader reader = SessionReader.Open(_folder.Write(Make.File(lines)));
        return [.. reader.ReadBranches()];
    }
}
