namespace Opi.Tests;

/// <summary>What an open session and a follower say of entries is what a reader of the whole file says.</summary>
public class SessionFollowerTests
{
    [Fact]
    public void A_follower_gives_what_is_added_once_and_whole()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("msg-1")));
        SessionFollower follower = Follow(path);
        Assert.Empty(follower.ReadAdded());

        string next = Make.AnswerLine("msg-2", "msg-1", new Usage(1, 1));
        File.AppendAllText(path, next[..50]);
        Assert.Empty(follower.ReadAdded());
        File.AppendAllText(path, next[50..] + "\n\n{damaged}\n" + Make.Line(new LabelEntry("label-3", "msg-2", "t", "x", Removed: false)) + "\n");
        Assert.Equal(["msg-2 True", "label-3 False"], Texts(follower));
        File.AppendAllText(path, Make.UserLine("msg-4", "msg-2") + "\n" + Make.LeafLine("leaf-5", "msg-1") + "\n" + Make.UserLine("msg-6", "msg-1"));
        Assert.Equal(["msg-4 False", "leaf-5 False", "msg-6 False"], Texts(follower)); // the leaf left msg-4, and msg-6 has none yet
        File.AppendAllText(path, "\n" + Make.LeafLine("leaf-7", "msg-6") + "\n" + Make.UserLine("msg-8", "msg-6") + "\n" + Make.LeafLine("leaf-9", "msg-8") + "\n");
        Assert.Equal(["leaf-7 False", "msg-8 True", "leaf-9 False"], Texts(follower));
        Assert.Empty(follower.ReadAdded());
    }

    [Fact]
    public void A_file_that_was_cut_or_replaced_is_followed_from_where_it_was()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("msg-1"), Make.UserLine("msg-2", "msg-1")));
        SessionFollower follower = Follow(path);
        long length = new FileInfo(path).Length;

        File.WriteAllText(path, Make.File(Make.UserLine("msg-1")));
        Assert.Empty(follower.ReadAdded());
        File.AppendAllText(path, Make.UserLine("msg-3", "msg-1") + "\n");
        Assert.Equal(["msg-3 True"], Texts(follower));
        File.Delete(path);
        Assert.Empty(follower.ReadAdded());
        string other = folder.Write(Make.File(Make.UserLine("msg-1", text: new string('x', (int)length)), Make.UserLine("msg-9", "msg-1")), "other.jsonl");
        File.Move(other, path);
        Assert.Equal(["msg-9 True"], Texts(follower));
    }

    [Fact]
    public void An_open_session_answers_as_a_reader_of_its_file()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        string first = session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(1, 1))]).EntryIds[1];
        AssertSame(session);
        session.AddTurn([Make.User("c"), Make.Assistant("d", new Usage(1, 1))]);
        session.SwitchBranch(first, "left it");
        session.Update(new SessionUpdate { Name = "x" });
        AssertSame(session);
        session.AddTurn([Make.User("e"), Make.Assistant("f", new Usage(1, 1))]);
        session.Compact();
        AssertSame(session);
        session.Close();
        Assert.Throws<SessionClosedException>(() => session.ReadEntries());
        Assert.Throws<SessionClosedException>(() => session.ReadBranches());
    }

    private static void AssertSame(OpiSession session)
    {
        using SessionReader reader = SessionReader.Open(session.Path);
        string[] all = [.. reader.Entries.Select(entry => $"{entry.Id} {reader.Tree.ActiveBranch.Contains(entry)}")];
        Assert.Equal(all, session.ReadEntries().Select(Text));
        Assert.Equal(all.Take(2), session.ReadEntries(first: 2).Select(Text));
        Assert.Equal(all.TakeLast(3), session.ReadEntries(last: 3).Select(Text));
        Assert.Empty(session.ReadEntries(last: 0));
        Assert.Equal(
            reader.Entries.Where(entry => entry.Type == EntryType.Message).Select(entry => entry.Id).TakeLast(2),
            session.ReadEntries([EntryType.Message], last: 2).Select(entry => entry.Id));
        Assert.Equal(reader.ReadBranches(), session.ReadBranches());
    }

    private static SessionFollower Follow(string path)
    {
        using SessionReader reader = SessionReader.Open(path);
        return new SessionFollower(reader);
    }

    private static IEnumerable<string> Texts(SessionFollower follower) => follower.ReadAdded().Select(Text);

    private static string Text(OpiEntry entry) => $"{entry.Id} {entry.OnActiveBranch}";
}
