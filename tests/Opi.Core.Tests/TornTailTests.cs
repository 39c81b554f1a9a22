namespace Opi.Tests;

/// <summary>A write that was cut off, at every byte where it can be.</summary>
public class TornTailTests
{
    [Trait("Category", "Slow")]
    [Fact] // 20, 35
    public void A_turn_cut_at_any_byte_costs_at_most_that_turn()
    {
        using var folder = new TempFolder();
        string whole;
        long firstTurn;
        using (SessionCoordinator session = Make.Coordinator(folder))
        {
            whole = session.SessionPath;
            session.OnTurnEndSimple([Make.User("one"), Make.Assistant("eins", new Usage(1, 1))], new Usage(1, 1));
            firstTurn = new FileInfo(whole).Length;
            session.OnTurnEndSimple([Make.User("zwei é 😀"), Make.Calls("c"), Make.Result("c"), Make.Assistant("\n\"\u0001", new Usage(1, 1))], new Usage(2, 2));
        }

        byte[] bytes = SharedText.ReadAllBytes(whole);
        int[] lineEnds = [.. Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == '\n')];
        for (int cut = (int)firstTurn; cut <= bytes.Length; cut++)
        {
            int lastLf = lineEnds.Last(end => end < cut);
            // A last line that lacks only its LF counts.
            bool complete = lineEnds.Contains(cut);
            int kept = lineEnds.Count(end => end < cut) - 1 + (complete ? 1 : 0);
            int torn = complete ? 0 : cut - lastLf - 1;
            string path = folder.Write(bytes.AsSpan(0, cut), $"cut-{cut}.jsonl");

            using (SessionReader reader = SessionReader.Open(path))
            {
                Assert.Equal(kept, reader.Entries.Count);
                Assert.Equal((torn, complete, 0), (reader.Recovery.TornTailBytes, reader.Recovery.MissingNewline, reader.Recovery.CorruptLines));
                Assert.Equal(["one", "eins"], reader.ReadContext().Messages.Take(2).Select(message => message.Text));
            }

            using (SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never, durability: Durability.Buffered))
            {
                Assert.Equal(kept, session.Index.Count);
                Assert.Equal(torn, session.Recovery.TornTailBytes);
                session.OnTurnEndSimple([Make.User("again")], new Usage(0, 0));
            }

            byte[] after = SharedText.ReadAllBytes(path);
            int good = complete ? cut : lastLf + 1;
            Assert.Equal(bytes[..good], after[..good]);
            using (SessionReader reader = SessionReader.Open(path))
            {
                Assert.True(reader.Recovery.IsClean);
                Assert.Equal(kept + 1, reader.Tree.ActiveBranch.Count);
                Assert.Equal($"msg-{kept + 1}", reader.Tree.ActiveTip!.Id);
                Assert.Equal($"msg-{kept}", reader.Tree.ActiveTip.ParentId);
                Assert.Equal("again", reader.ReadMessage(reader.Tree.ActiveTip).Text);
            }

            string[] saved = Directory.GetFiles(folder.Path, $"cut-{cut}.jsonl.torn-*");
            Assert.Equal(torn > 0 ? 1 : 0, saved.Length);
            if (torn > 0)
            {
                Assert.Equal(bytes[(lastLf + 1)..cut], SharedText.ReadAllBytes(saved[0]));
                AssertMode.OwnerOnly(saved[0]);
            }
        }
    }

    [Fact]
    public void A_header_that_lacks_its_newline_gets_it()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header.TrimEnd());
        using (SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never, durability: Durability.Buffered))
        {
            session.OnTurnEndSimple([Make.User("hi")], new Usage(0, 0));
        }

        string[] lines = SharedText.ReadAllLines(path);
        Assert.Equal(Make.Header.TrimEnd(), lines[0]);
        Assert.Equal("hi", ((MessageEntry)Make.ReadEntry(lines[1])).Message.Text);
    }

    [Fact]
    public void A_whole_last_line_that_is_not_an_entry_is_kept()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.File(Make.UserLine("msg-1")) + "{\"x\":1}");
        using (SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never, durability: Durability.Buffered))
        {
            Assert.Equal(1, session.Recovery.CorruptLines);
            session.OnTurnEndSimple([Make.User("hi")], new Usage(0, 0));
        }

        Assert.Equal("{\"x\":1}", SharedText.ReadAllLines(path)[2]);
        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(["msg-1", "msg-2"], reader.Tree.ActiveBranch.Select(entry => entry.Id));
    }
}
