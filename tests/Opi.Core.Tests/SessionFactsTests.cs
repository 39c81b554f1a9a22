using System.Globalization;

namespace Opi.Tests;

/// <summary>What is followed line by line is what the whole file says, whatever the file holds, and what is kept comes back.</summary>
public class SessionFactsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public void Facts_that_follow_a_file_are_those_of_the_whole_file(int firstSeed)
    {
        using var folder = new TempFolder();
        int followed = 0;
        for (int seed = firstSeed; seed < firstSeed + 1_000; seed++)
        {
            string path = folder.Write(RandomSessionFile.Make(new Random(seed)));
            using SessionReader reader = SessionReader.Open(path);
            for (int known = 0; known <= reader.Entries.Count; known++)
            {
                if (FactsOf(reader, known) is not { } facts)
                {
                    continue;
                }

                int at = known;
                while (at < reader.Entries.Count && facts.TryAdd(reader.Entries[at]))
                {
                    at++;
                    Assert.Equal(InForce(reader, at), reader.Entries.Take(at).Select(facts.IsInForce));
                    SessionFacts? anew = FactsOf(reader, at);
                    facts.ContextCount ??= anew?.ContextCount; // a compaction leaves it open
                    if (facts.IsWhole)
                    {
                        string here = Describe(facts, reader, at), whole = anew is null ? "none" : Describe(anew, reader, at);
                        Assert.True(here == whole, Text(seed, known, at, here, whole));
                        followed++;
                    }
                }
            }
        }

        Assert.True(followed > 1_000, string.Create(CultureInfo.InvariantCulture, $"only {followed} steps were followed"));
    }

    [Fact]
    public void Facts_come_back_as_they_were_kept()
    {
        using var folder = new TempFolder();
        int kept = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            using SessionReader reader = SessionReader.Open(folder.Write(RandomSessionFile.Make(new Random(seed))));
            if (FactsOf(reader, reader.Entries.Count) is not { } facts)
            {
                continue;
            }

            var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            facts.Write(writer);
            bytes.Position = 0;
            var back = SessionFacts.Read(new BinaryReader(bytes), place => reader.Entries.Single(entry => LinePlace.Of(entry) == place));
            Assert.Equal(bytes.Length, bytes.Position);
            Assert.Equal(Describe(facts, reader, reader.Entries.Count), Describe(back, reader, reader.Entries.Count));
            Assert.Equal(facts.Metadata, back.Metadata);
            kept++;
        }

        Assert.True(kept > 100, string.Create(CultureInfo.InvariantCulture, $"only {kept} had facts"));
    }

    [Fact]
    public void Branches_are_followed_where_turns_fork()
    {
        using var folder = new TempFolder();
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using SessionCoordinator session = Make.Coordinator(folder);
            for (int step = 0; step < 12; step++)
            {
                string[] tips = [.. session.Index.Where(entry => entry.IsContent).Select(entry => entry.Id)];
                if (tips.Length > 0 && random.Next(2) == 0)
                {
                    session.AppendLeaf(tips[random.Next(tips.Length)]);
                }

                int before = session.EntryCount;
                session.OnTurnEnd([Make.User("a"), Make.Assistant("b", new Usage(1, 1))], new Usage(1, 1), 0);
                using SessionReader reader = SessionReader.Open(session.SessionPath);
                SessionFacts facts = FactsOf(reader, before)!;
                Assert.All(reader.Entries.Skip(before), entry => Assert.True(facts.TryAdd(entry)));
                Assert.Equal(Describe(FactsOf(reader, reader.Entries.Count)!, reader, reader.Entries.Count), Describe(facts, reader, reader.Entries.Count));
                Assert.Equal(reader.ReadBranches().Select(branch => (branch.EntryId, branch.Depth, branch.Entries, branch.ForkPoint, branch.Active)),
                    facts.Branches!.Select((branch, i) => (branch.Tip, branch.Depth, branch.Entries, branch.ForkPoint, i == facts.ActiveBranch)));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    public void A_switch_makes_active_what_the_whole_file_says(int firstSeed)
    {
        using var folder = new TempFolder();
        int switched = 0, afterCompaction = 0, asked = 0;
        for (int seed = firstSeed; seed < firstSeed + 1_500; seed++)
        {
            string text = RandomSessionFile.Make(new Random(seed));
            string path = folder.Write(text);
            using SessionReader reader = SessionReader.Open(path);
            string? summary = seed % 4 == 0 ? "left" : null;
            if (reader.Recovery is { TornTailBytes: > 0 } or { CorruptLines: > 0 })
            {
                continue; // what is added behind it follows a fault
            }

            foreach (IndexedEntry entry in reader.Entries.Where(entry => entry.IsContent))
            {
                if (FactsOf(reader, reader.Entries.Count) is not { } facts)
                {
                    break;
                }

                asked++;
                CheckConversation(facts, reader, entry.Id);
                CheckConversation(facts, reader, null);
                using Microsoft.Win32.SafeHandles.SafeFileHandle file = SessionReader.OpenHandle(path);
                if (facts.FindSwitch(entry.Id, new SessionLines(file, path, 1)) is not { } target)
                {
                    continue;
                }

                string[] added = [.. summary is null ? (string[])[] : [Make.Line(new BranchSummaryEntry("bs-500", entry.Id, "t", summary))], Make.LeafLine("leaf-501", entry.Id)];
                string after = folder.Write((text.EndsWith('\n') ? text : text + "\n") + string.Join('\n', added) + "\n", "after.jsonl");
                using SessionReader whole = SessionReader.Open(after);
                facts.Switch(target, [.. whole.Entries.TakeLast(added.Length)]);
                SessionFacts expected = FactsOf(whole, whole.Entries.Count) ?? throw new InvalidOperationException(Text(seed, 0, (int)entry.Line, "switched", "no facts"));
                string here = Describe(facts, whole, whole.Entries.Count), there = Describe(expected, whole, whole.Entries.Count);
                Assert.True(here == there, Text(seed, 0, (int)entry.Line, here, there));
                Assert.Equal(expected.Metadata, facts.Metadata);
                Assert.Equal(whole.ReadBranches(), facts.ReadBranches(whole.Header.Id, new SessionLines(file, path, 1)));
                switched++;
                afterCompaction += expected.Summaries > 0 ? 1 : 0;
            }
        }

        Assert.True(switched > 300 && afterCompaction > 20, string.Create(CultureInfo.InvariantCulture, $"only {switched} and {afterCompaction} of {asked} were found"));
    }

    /// <summary>What a fork copies, where it is known without the other entries, is what it copies of all.</summary>
    private static void CheckConversation(SessionFacts facts, SessionReader reader, string? id)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = SessionReader.OpenHandle(reader.Path);
        if (facts.Conversation(id, new SessionLines(file, reader.Path, 1)) is { } entries)
        {
            using var folder = new TempFolder();
            string[] expected = File.ReadAllLines(SessionFork.Create(reader, folder.Path, id));
            using var lines = new MemoryStream();
            entries.ToList().ForEach(entry => SessionReader.CopyLine(file, entry, lines));
            Assert.Equal(string.Concat(expected.Skip(1).Select(line => line + "\n")), System.Text.Encoding.UTF8.GetString(lines.ToArray()));
        }
    }

    private static SessionFacts? FactsOf(SessionReader reader, int count)
    {
        List<IndexedEntry> entries = [.. reader.Entries.Take(count)];
        bool hasUnknown = entries.Exists(entry => entry.Type == EntryType.Unknown);
        bool hasFault = entries.Exists(entry => entry.FollowsFault);
        var recovery = new SessionRecovery { UnknownEntries = hasUnknown ? 1 : 0, CorruptLines = hasFault ? 1 : 0 };
        return SessionFacts.Of(new SessionIndex(reader.Header, entries, recovery, reader.Length, 0), reader.Read);
    }

    private static IEnumerable<bool> InForce(SessionReader reader, int count)
    {
        List<IndexedEntry> entries = [.. reader.Entries.Take(count)];
        var tree = new SessionTree(entries);
        return entries.Select(tree.IsActive);
    }

    private static string Describe(SessionFacts facts, SessionReader reader, int count) => string.Join(
        ' ',
        facts.Entries,
        facts.Turns,
        facts.Sequence.Mark(),
        facts.Summaries,
        facts.HasLeaf,
        facts.IsInFileOrder,
        facts.HasBranchSummary,
        facts.CountInForce,
        facts.Tip?.Id,
        facts.Tokens,
        facts.TurnsInForce.Turns,
        facts.TurnsInForce.Unknown,
        facts.TurnsInForce.UnknownInTurn,
        facts.ContextCount,
        facts.Model,
        facts.ActiveBranch,
        string.Join(',', facts.Branches ?? []),
        string.Join("", reader.Entries.Take(count).Select(entry => facts.IsInForce(entry) ? '1' : '0')));

    private static string Text(int seed, int known, int at, string here, string whole) => string.Create(
        CultureInfo.InvariantCulture, $"seed {seed}, known {known}, added to {at}:\n{here}\n{whole}");
}
