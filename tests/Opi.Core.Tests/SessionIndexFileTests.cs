using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Opi.Tests;

/// <summary>
/// A session with an index beside it is the session without: the same file after the same work, the same answers. And the index is believed
/// only where it fits.
/// </summary>
public class SessionIndexFileTests
{
    private static readonly string Padding = new('x', SessionIndexFile.SmallestSession);

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void With_and_without_an_index_a_session_is_the_same(int firstSeed)
    {
        using var folder = new TempFolder();
        int byIndex = 0, switchedByIndex = 0, contexts = 0, entriesFound = 0;
        for (int seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            string start = Make.File(Make.UserLine("msg-0", null, Padding));
            string text = seed % 2 == 0 ? start : start + RandomSessionFile.Make(new Random(seed))[(Make.Header.Length - 1)..].TrimStart('\n');
            string with = folder.Write(text, "with.jsonl"), without = folder.Write(text, "without.jsonl");
            SessionIndexFile.Delete(with);
            for (int round = 0; round < 5; round++)
            {
                string first = Work(with, (seed * 100) + round, out bool read, out int switched), second = Work(without, (seed * 100) + round, out _, out _);
                SessionIndexFile.Delete(without);
                Assert.True(first == second, string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}:\n{first}\n{second}"));
                Assert.Equal(File.ReadAllBytes(without), File.ReadAllBytes(with));
                byIndex += read ? 0 : 1;
                switchedByIndex += switched;
            }

            using SessionReader reader = SessionReader.Open(with);
            using KnownSession? known = KnownSession.TryOpen(with);
            if (known is not null)
            {
                string[] entries = [.. reader.ReadEntries().Select(Text)];
                Assert.Equal(entries, known.ReadEntries().Select(Text));
                Assert.Equal(entries.Take(3), known.ReadEntries(first: 3).Select(Text));
                Assert.Equal(entries.TakeLast(3), known.ReadEntries(last: 3).Select(Text));
                Assert.Equal(
                    reader.ReadEntries().Where(entry => entry.Type == EntryType.Message).TakeLast(2).Select(Text),
                    known.ReadEntries([EntryType.Message], last: 2).Select(Text));
                Assert.Equal(reader.ReadBranches(), known.ReadBranches());
                contexts += known.ReadContext() is { } context && Same(reader.ReadContext().Entries, context) ? 1 : 0;
                foreach (OpiEntry entry in reader.ReadEntries())
                {
                    OpiEntry? found = known.FindEntry(entry.Id);
                    Assert.True(found is null || Text(found) == Text(entry));
                    entriesFound += found is null ? 0 : 1;
                }

                OpiSessionInfo byIndexFile = OpiSessionInfo.Read(with);
                SessionIndexFile.Delete(with);
                Assert.Equal(Listed(OpiSessionInfo.Read(with), reader.Model), Listed(byIndexFile, byIndexFile.Model));
            }
        }

        Assert.True(contexts > 2 && entriesFound > 500, string.Create(CultureInfo.InvariantCulture, $"only {contexts} contexts and {entriesFound} entries were read by the index"));
        Assert.True(
            byIndex > 40 && switchedByIndex > 20,
            string.Create(CultureInfo.InvariantCulture, $"only {byIndex} rounds were opened by the index, {switchedByIndex} switches were by it"));
    }

    [Fact]
    public void A_turn_a_look_at_the_end_and_at_the_start_read_no_more_of_a_longer_file()
    {
        using var folder = new TempFolder();
        long[] read = [.. new[] { 400, 4_000 }.Select(turns =>
        {
            string path = Long(folder, turns);
            using (OpiSession session = OpiSession.Resume(path, Make.Options()))
            {
                Assert.Equal(turns * 2, session.EntryCount);
                Assert.Equal(Make.Sonnet, session.Model);
                Assert.Equal(turns + 1, session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]).Turn);
                Assert.False(session.IsRead);
                Assert.Equal(turns + 1, session.Usage.Turns);
                session.Update(new SessionUpdate { Name = "long" });
                Assert.False(session.IsRead);
            }

            using KnownSession known = KnownSession.TryOpen(path)!;
            Assert.Equal(10, known.ReadEntries(last: 10).Count());
            long last = known.BytesRead;
            Assert.Equal("msg-1", known.ReadEntries(first: 10).First().Id);
            Assert.Single(known.ReadBranches()!);
            return Math.Max(last, known.BytesRead);
        })];
        Assert.InRange(read[1], 1, 64 * 1024);
        Assert.Equal(read[0], read[1]);
    }

    [Fact]
    public void A_switch_reads_no_more_of_a_longer_file()
    {
        using var folder = new TempFolder();
        foreach (int turns in (int[])[400, 20_000])
        {
            string path = Long(folder, turns);
            string[] tips = ["msg-31", "msg-1", $"msg-{(turns * 2) - 8}", "msg-31", $"msg-{turns}"];
            for (int i = 0; i < tips.Length; i++)
            {
                using (OpiSession session = OpiSession.Resume(path, Make.Options()))
                {
                    session.SwitchBranch(tips[i]);
                    Assert.Equal(tips[i], session.ReadBranches().Single(branch => branch.Active).ActiveEntryId);
                    session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]);
                    Assert.False(session.IsRead);
                }

                using KnownSession known = KnownSession.TryOpen(path)!;
                using SessionReader reader = SessionReader.Open(path);
                Assert.Equal(reader.ReadBranches(), known.ReadBranches());
            }

            using (OpiSession session = OpiSession.Resume(path, Make.Options()))
            {
                Assert.Equal("yes", session.ReadContext()[^1].Text);
                Assert.Equal(turns + 2, session.ReadContext().Count);
                Assert.Equal((turns + 2) / 2, session.Usage.OutputTokens);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_that_is_open_is_listed_as_its_file_is(bool hasTurn)
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        using OpiSession session = OpiSession.Resume(path, Make.Options());
        if (hasTurn)
        {
            session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]);
        }

        foreach (SessionUpdate update in (SessionUpdate[])[new() { Name = "first" }, new() { Name = "second", AddLabels = ["a", "b"] }, new() { RemoveLabels = ["a"], Model = "openai:gpt-5" }])
        {
            session.Update(update);
            using KnownSession? known = KnownSession.TryOpen(path);
            Assert.NotNull(known);
            using SessionReader reader = SessionReader.Open(path);
            Assert.Equal(SessionMetadata.Read(reader.Entries, reader.Tree, reader.Read), known.Metadata);
            OpiSessionInfo info = OpiSessionInfo.Read(path);
            Assert.Equal((reader.Model, session.Name), (info.Model, info.Name));
            Assert.Equal(session.Labels, info.Labels);
        }
    }

    [Fact]
    public void A_fork_by_the_index_is_the_one_without()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        using (OpiSession session = OpiSession.Resume(path, Make.Options()))
        {
            session.SwitchBranch("msg-100");
            session.AddTurn([Make.User("there"), Make.Assistant("yes", new Usage(1, 1))]);
            session.Update(new SessionUpdate { Name = "fork me", AddLabels = ["a"] });
        }

        using KnownSession known = KnownSession.TryOpen(path)!;
        using SessionReader reader = SessionReader.Open(path);
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        foreach (string? id in (string?[])[null, "msg-100", "msg-10", "msg-1500"])
        {
            using var forks = new TempFolder();
            string[] byIndex = File.ReadAllLines(SessionFork.TryCreate(known, forks.Path, id, time)!);
            Assert.Equal(File.ReadAllLines(SessionFork.Create(reader, forks.Path, id, time))[1..], byIndex[1..]);
            Assert.Equal(reader.Header.Id, OpiSessionInfo.ReadHeader(Directory.GetFiles(forks.Path, "*.jsonl")[0]).ParentSession);
        }
    }

    [Fact]
    public void The_context_of_a_long_session_is_read_from_its_end()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 2_000);
        using (OpiSession session = OpiSession.Resume(path, Make.Options()))
        {
            session.Compact(CompactionReason.Manual, new OpiCompactionPolicy { Strategy = CompactionStrategy.Digest });
            session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]);
        }

        using KnownSession known = KnownSession.TryOpen(path)!;
        using SessionReader reader = SessionReader.Open(path);
        IReadOnlyList<ContextEntry> expected = reader.ReadContext().Entries;
        Assert.True(Same(expected, known.ReadContext()!));
        Assert.True(expected[0].IsSummary && expected.Count < 1_100);
        Assert.InRange(known.BytesRead, 1, new FileInfo(path).Length / 2);
        using StoredContext stored = StoredContext.Open(path);
        Assert.Equal((reader.Header.Id, reader.Model), (stored.SessionId, stored.Model));
        Assert.Equal(OpiContextMeasure.Of(reader), OpiContextMeasure.Of(stored, new MeasureOptions()));
    }

    [Fact]
    public void A_follower_reads_what_is_added()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        using KnownSession known = KnownSession.TryOpen(path)!;
        SessionFollower follower = known.Follow(default);
        long before = new FileInfo(path).Length;
        using OpiSession session = OpiSession.Resume(path, Make.Options());
        for (int i = 0; i < 5; i++)
        {
            OpiTurn turn = session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]);
            Assert.Equal(turn.EntryIds.Select(id => (id, true)), follower.ReadAdded().Select(entry => (entry.Id, entry.OnActiveBranch)));
        }

        Assert.Equal(new FileInfo(path).Length - before, follower.BytesRead);
    }

    [Fact]
    public void While_it_is_open_readers_read_its_end_and_no_longer_once_its_writer_is_gone()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        var session = OpiSession.Resume(path, Make.Options());
        for (int i = 0; i < 30; i++)
        {
            session.AddTurn([Make.User("more"), Make.Assistant("yes", new Usage(1, 1))]);
            using KnownSession? known = KnownSession.TryOpen(path);
            Assert.NotNull(known);
            using SessionReader reader = SessionReader.Open(path);
            Assert.Equal(reader.ReadEntries().TakeLast(4).Select(Text), known.ReadEntries(last: 4).Select(Text));
            Assert.Equal(reader.ReadBranches(), known.ReadBranches());
            Assert.InRange(known.BytesRead, 1, 64 * 1024);
        }

        byte[] index = File.ReadAllBytes(SessionIndexFile.PathFor(path));
        session.SwitchBranch("msg-10");
        using (KnownSession? known = KnownSession.TryOpen(path))
        using (SessionReader reader = SessionReader.Open(path))
        {
            Assert.NotNull(known); // a switch is not followed, so that the index was written again
            Assert.Equal(reader.ReadEntries().Take(30).Select(Text), known.ReadEntries(first: 30).Select(Text));
            Assert.Equal(reader.ReadBranches(), known.ReadBranches());
        }

        session.Close();
        Assert.NotNull(Open(path));
        File.WriteAllBytes(SessionIndexFile.PathFor(path), index);
        Assert.Null(Open(path)); // nobody has it open
        session = OpiSession.Resume(path, Make.Options());
        Assert.Null(Open(path)); // the same process, but that index was of another opening
        if (OperatingSystem.IsWindows())
        {
            session.Close();
            return; // others are refused to write to it
        }

        File.AppendAllText(path, Make.UserLine("msg-9000", null) + "\n");
        Assert.Throws<SessionWriteException>(() => session.AddTurn([Make.User("x")]));
        session.Close();
        Assert.False(File.Exists(SessionIndexFile.PathFor(path)));
    }

    [Fact]
    public void An_index_of_another_state_of_the_file_is_not_believed()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        byte[] whole = File.ReadAllBytes(path);
        Check("a byte in the middle", () =>
        {
            using FileStream file = File.OpenWrite(path);
            file.Position = whole.Length / 2;
            file.WriteByte((byte)'#');
        });
        Check("rewritten as it was", () => File.WriteAllBytes(path, whole));
        Check("shorter", () => File.WriteAllBytes(path, whole[..^1]));
        Check("longer", () => File.AppendAllText(path, Make.UserLine("msg-9000", null) + "\n"));
        Check("another file", () =>
        {
            File.WriteAllBytes(path + "2", whole);
            File.Move(path + "2", path, overwrite: true);
        });
        Check("its time", () =>
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(path, whole);
            File.SetLastWriteTimeUtc(path, written);
        });

        void Check(string what, Action change)
        {
            File.WriteAllBytes(path, whole);
            OpiSession.Resume(path, Make.Options()).Dispose();
            Assert.NotNull(Open(path));
            change();
            Assert.True(Open(path) is null, what);
        }
    }

    [Fact]
    public void A_damaged_index_is_not_believed_and_is_made_anew()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000), index = SessionIndexFile.PathFor(path);
        byte[] whole = File.ReadAllBytes(index);
        foreach (int length in (int[])[0, 1, 12, 40, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(index, whole[..length]);
            Assert.Null(Open(path));
        }

        for (int at = 0; at < whole.Length; at += 7)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(index, damaged);
            Assert.Null(Open(path));
        }

        File.Delete(index);
        using (OpiSession session = OpiSession.Resume(path, Make.Options()))
        {
            Assert.True(session.IsRead);
        }

        Assert.NotNull(Open(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(index));
            File.Delete(index);
            File.CreateSymbolicLink(index, path);
            OpiSession.Resume(path, Make.Options()).Dispose();
            Assert.Equal(1_000, SessionReader.Open(path).Entries.Count(entry => entry.Role == EntryRole.User)); // the link was not written through
            Assert.Null(new FileInfo(index).LinkTarget);
        }
    }

    [Fact]
    public void A_session_that_is_deleted_takes_its_index_along_and_a_small_one_has_none()
    {
        using var folder = new TempFolder();
        string path = Long(folder, 1_000);
        SessionStore.Delete(path);
        Assert.False(File.Exists(SessionIndexFile.PathFor(path)));
        string small = Long(folder, 10);
        Assert.False(File.Exists(SessionIndexFile.PathFor(small)));
    }

    private static bool Same(IReadOnlyList<ContextEntry> expected, IReadOnlyList<ContextEntry> context)
    {
        Assert.Equal(expected.Select(Place), context.Select(Place));
        return true;

        static (string, string, long, string) Place(ContextEntry entry) => (entry.Id, entry.FileId, entry.Line, entry.Message.Text);
    }

    /// <summary>What a list shows. Where a session has branches, the last answer of the file need not be active: that is for the index to tell.</summary>
    private static string Listed(OpiSessionInfo info, string? model) => string.Join(
        '|', info.Id, info.Name, string.Join(',', info.Labels), info.ThinkingLevel, model, info.Turns, info.FirstPrompt, info.LastTurnTime, info.Length);

    private static KnownSession? Open(string path)
    {
        KnownSession? known = KnownSession.TryOpen(path);
        known?.Dispose();
        return known;
    }

    private static string Long(TempFolder folder, int turns)
    {
        using OpiSession session = Make.Session(folder);
        for (int i = 0; i < turns; i++)
        {
            session.AddTurn([Make.User(new string('x', 1_000)), Make.Assistant("yes", new Usage(1, 1))]);
        }

        return session.Path;
    }

    /// <summary>Opens a session, works with it, and closes it.</summary>
    private static string Work(string path, int seed, out bool read, out int switched)
    {
        var random = new Random(seed);
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using SessionCoordinator session = SessionCoordinator.OpenExisting(
            path, new OpiCompactionPolicy { CompactionThreshold = 30, ContextWindow = seed % 2 == 0 ? 1_000_000 : null }, durability: Durability.Buffered, timeProvider: time);
        var said = new StringBuilder();
        Say();
        for (int step = random.Next(3); step > 0; step--)
        {
            session.OnTurnEnd([Make.User($"asked {step}"), Make.Assistant($"said {step}", new Usage(5, 1))], new Usage(5, 1), session.AgentMessageCount);
            Say();
        }

        if (random.Next(3) == 0)
        {
            session.AppendMetadata(new SessionUpdate { AddLabels = ["label"], Model = "openai:gpt-5" });
        }

        read = session.IsRead;
        switched = 0;
        if (seed % 5 < 2)
        {
            string[] ids = [.. Regex.Matches(SharedText.ReadAllText(path), "^{\"type\":\"message\",\"id\":\"(msg-[0-9]+)\"", RegexOptions.Multiline).Select(found => found.Groups[1].Value)];
            for (int step = 0; step <= seed % 3; step++)
            {
                session.AppendLeaf(ids[random.Next(ids.Length)], random.Next(8) == 0 ? "left" : null);
                switched += session.IsRead ? 0 : 1;
                Say();
                session.OnTurnEnd([Make.User($"asked there {step}")], new Usage(5, 1), session.AgentMessageCount);
                Say();
            }
        }

        string[] end = [.. session.MessagesFromEnd().Select(message => message.Text)];
        Assert.Equal(session.ReadContext().Reverse().Select(message => message.Text), end);
        switch (random.Next(4))
        {
            case 0 when session.Tree.ActiveBranch is { Count: > 0 } branch:
                session.AppendLeaf(branch[random.Next(branch.Count)].Id, random.Next(2) == 0 ? "left" : null);
                break;
            case 1:
                session.ExecuteCompaction(CompactionReason.Manual, new OpiCompactionPolicy { Summarizer = new Summarizer((SummaryRequest _) => "in short") });
                break;
            default:
                break;
        }

        session.OnTurnEnd([Make.User("last")], new Usage(0, 0), session.AgentMessageCount);
        Say();
        said.AppendJoin(' ', session.ContextTokens, string.Join(',', session.CompactionEntries.Select(entry => entry.Id)), string.Join(',', session.AgentMessageIndices));
        return said.ToString();

        void Say() => said.AppendJoin(
            ' ',
            session.EntryCount,
            session.Turns,
            session.Usage,
            session.UsageOfTurns,
            session.Model,
            session.Metadata.Name,
            string.Join(',', session.Metadata.Labels),
            session.Tip?.Id,
            session.AgentMessageCount,
            session.TriggerTokens,
            session.DueReason,
            string.Join(',', session.Warnings)).AppendLine();
    }

    private static string Text(OpiEntry entry) => $"{entry.Id} {entry.Type} {entry.OnActiveBranch} {entry.Text}";
}
