using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>Opens the golden files as the seed was made to: to look, to append a turn, to compact.</summary>
public class GoldenReadingTests
{
    public static TheoryData<string> Readable => [.. Golden.Cases("*").Where(name => !Unreadable.Contains(name))];

    private static readonly string[] Unreadable = ["e12-empty-file", "e13-version-2", "e13b-wrong-header-type"];

    [Theory]
    [MemberData(nameof(Readable))]
    public void Resuming_gives_the_golden_state(string name)
    {
        using var folder = new TempFolder();
        string path = Copy(name, folder);
        using SessionReader reader = SessionReader.Open(path);
        long before = new FileInfo(path).Length;
        using SessionCoordinator session = Open(name, path);
        Compare(name, "resume", new JsonObject
        {
            ["header"] = new JsonObject
            {
                ["cwd"] = reader.Header.WorkingDirectory,
                ["parent_session"] = reader.Header.ParentSession,
                ["version"] = reader.Header.Version,
            },
            ["recovery"] = Golden.RecoveryOf(reader.Recovery),
            ["corrupt_count"] = reader.Recovery.CorruptLines,
            ["file_entry_ids"] = Golden.Ids(reader.Entries.Select(entry => entry.Id)),
            ["ordered_ids"] = Golden.Ids(reader.Tree.ActiveBranch.Select(entry => entry.Id)),
            ["context"] = Golden.ContextOf(reader),
            ["bytes_before_open"] = before,
            ["bytes_after_open"] = new FileInfo(path).Length,
            ["compaction_entries"] = Golden.Ids(session.CompactionEntries.Select(entry => entry.Id)),
            ["turns"] = session.Usage.Turns,
            ["usage"] = Golden.UsageOf(session),
            ["cost"] = Golden.CostOf(session.CostSummary()),
        });
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Resuming_and_appending_a_turn_gives_the_golden_state(string name)
    {
        using var folder = new TempFolder();
        string path = Copy(name, folder);
        JsonObject after;
        using (SessionCoordinator session = Open(name, path))
        {
            var usage = new Usage(3, 2);
            OpiCompactionResult? compacted = session.OnTurnEndSimple([Make.User("after resume"), Make.Assistant("ok after resume", usage)], usage);
            after = new JsonObject
            {
                ["after"] = "append_turn",
                ["compacted"] = Golden.CompactedOf(compacted),
                ["entries"] = Golden.Ids(session.CompactionEntries.Select(entry => entry.Id)),
                ["turns"] = session.Usage.Turns,
                ["usage"] = Golden.UsageOf(session),
            };
        }

        Compare(name, "resume-append", after, Reread(path));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Resuming_and_compacting_gives_the_golden_state(string name)
    {
        using var folder = new TempFolder();
        string path = Copy(name, folder);
        JsonObject after;
        using (SessionCoordinator session = Open(name, path))
        {
            OpiCompactionResult? compacted = session.ExecuteCompaction(CompactionReason.Manual);
            after = new JsonObject
            {
                ["after"] = "manual_compact",
                ["compacted"] = Golden.CompactedOf(compacted),
                ["entries"] = Golden.Ids(session.CompactionEntries.Select(entry => entry.Id)),
            };
        }

        Compare(name, "resume-compact", after, Reread(path));
    }

    [Theory]
    [InlineData("e12-empty-file", "the file is empty")]
    [InlineData("e13-version-2", "a version 2 header without a runtime_input_binding")]
    [InlineData("e13b-wrong-header-type", "'sess'")]
    public void What_is_not_a_session_is_refused_and_left_alone(string name, string reason)
    {
        using var folder = new TempFolder();
        string path = Copy(name, folder);
        Assert.StartsWith("{\"read_error\"", Golden.Lines(name, "resume.out")[0], StringComparison.Ordinal);

        Assert.Contains(reason, Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path)).Reason, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<InvalidSessionFileException>(() => SessionCoordinator.OpenExisting(path, new OpiCompactionPolicy())).Reason, StringComparison.Ordinal);
        Assert.Equal(SharedText.ReadAllBytes(Repository.Golden(name, "session.jsonl")), SharedText.ReadAllBytes(path));
    }

    [Fact]
    public void Every_case_of_the_table_exists() =>
        Assert.Empty(GoldenDifferences.Cases.Except(Golden.Cases("*")));

    private static string Copy(string name, TempFolder folder) => folder.Copy(Repository.Golden(name, "session.jsonl"));

    private static void Compare(string name, string run, params JsonObject[] found)
    {
        JsonNode[] golden = Golden.Objects(name, run + ".out");
        if (golden[0]["read_error"] is not null)
        {
            // The seed read nothing. Opi reads what the case was made from, but for what the table says.
            golden = Golden.Objects("s14-base-for-edits", run + ".out");
        }

        if (run != "resume")
        {
            // What was opened is compared once.
            Assert.True(JsonNode.DeepEquals(Golden.Objects(name, "resume.out")[0], Golden.Objects(name, run + ".out")[0]));
            golden = golden[1..];
        }

        Assert.Equal(found.Length, golden.Length);
        string[] differences = [.. found.SelectMany((item, i) => Golden.Differences($"{run}[{i}]", golden[i], item))];
        Assert.Equal(GoldenDifferences.Of(name, run), differences);
    }

    private static SessionCoordinator Open(string name, string path) => File.Exists(Repository.Golden(name, "scenario.json"))
        ? SessionCoordinator.OpenExisting(path, Golden.Compaction(Golden.Scenario(name)), Make.Sonnet, Durability.Buffered)
        : SessionCoordinator.OpenExisting(path, new OpiCompactionPolicy(), Make.Sonnet, Durability.Buffered);

    private static JsonObject Reread(string path)
    {
        using SessionReader reader = SessionReader.Open(path);
        return new JsonObject
        {
            ["reread"] = Golden.RecoveryOf(reader.Recovery),
            ["file_entry_ids"] = Golden.Ids(reader.Entries.Select(entry => entry.Id)),
            ["ordered_ids"] = Golden.Ids(reader.Tree.ActiveBranch.Select(entry => entry.Id)),
            ["context"] = Golden.ContextOf(reader),
        };
    }
}
