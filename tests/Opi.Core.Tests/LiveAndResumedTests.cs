using System.Globalization;

namespace Opi.Tests;

/// <summary>A session that was written to live and one that is opened from the file have the same context, whatever the file holds.</summary>
public class LiveAndResumedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(500)]
    [InlineData(750)]
    public void They_agree_after_each_step(int firstSeed)
    {
        using var folder = new TempFolder();
        var differences = new List<string>();
        for (int seed = firstSeed; seed < firstSeed + 250; seed++)
        {
            if (DifferenceOf(folder, seed) is { } difference)
            {
                differences.Add(difference);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of 250 differ:\n{string.Join('\n', differences.Take(3))}");
    }

    private static string? DifferenceOf(TempFolder folder, int seed)
    {
        var random = new Random(seed);
        string path = folder.Write(RandomSessionFile.Make(random));
        string before = File.ReadAllText(path);
        using SessionCoordinator live = SessionCoordinator.OpenExisting(path, Make.Never, durability: Durability.Buffered);
        var steps = new List<string> { "opened" };
        for (int step = 0; step < 7; step++)
        {
            if (Compare(live, path) is { } difference)
            {
                return string.Create(CultureInfo.InvariantCulture, $"seed {seed} after {string.Join(", ", steps)}: {difference}\n{before}");
            }

            steps.Add(Step(live, random, step));
        }

        return null;
    }

    private static string Step(SessionCoordinator live, Random random, int step)
    {
        switch (random.Next(10))
        {
            case 0:
                string[] tips = [.. live.Index.Where(entry => entry.IsContent && live.Tree.FindContent(entry.Id) is not null).Select(entry => entry.Id)];
                if (tips.Length == 0)
                {
                    return "nothing";
                }

                string tip = tips[random.Next(tips.Length)];
                live.AppendLeaf(tip, random.Next(2) == 0 ? "left behind" : null);
                return $"leaf to {tip}";
            case 1:
                live.AppendMetadata(new SessionUpdate { AddLabels = [$"step {step}"] });
                return "label";
            case 2 or 3:
                var options = new OpiCompactionPolicy
                {
                    KeepRecent = random.Next(3) switch { 0 => KeepRecent.Quarter, 1 => KeepRecent.Turns(random.Next(1, 4)), _ => KeepRecent.Tokens(random.Next(1, 40)) },
                    Summarizer = new Summarizer((SummaryRequest _) => $"in short {step}"),
                };
                return live.ExecuteCompaction(CompactionReason.Manual, options) is { } done ? $"compacted before {done.FirstKeptEntryId}" : "not compacted";
            case 7:
                return live.ClearToolResults(CompactionReason.Manual, new OpiCompactionPolicy { KeepRecent = KeepRecent.Tokens(random.Next(1, 40)) }) is { } cleared
                    ? $"cleared {string.Join(',', cleared.EntryIds)}"
                    : "nothing cleared";
            case 8 or 9:
                string[] messages = [.. live.Index.Where(entry => entry.Type == EntryType.Message).Select(entry => entry.Id)];
                if (messages.Length == 0)
                {
                    return "nothing";
                }

                string message = messages[random.Next(messages.Length)];
                bool away = random.Next(4) == 0;
                live.AppendMetadata(new SessionUpdate { Pins = away ? [] : [message], Unpins = away ? [message] : [] });
                return $"{(away ? "unpinned" : "pinned")} {message}";
            case 4:
                live.OnTurnEnd([Make.Calls("c"), Make.Result("c", new string('y', 900)), Make.Result("c", $"result {step}"), Make.Assistant($"said {step}", new Usage(1, 1))], new Usage(1, 1), live.AgentMessageCount);
                return "result";
            default:
                live.OnTurnEnd([Make.User($"asked {step}"), Make.Assistant($"said {step}", new Usage(1, 1))], new Usage(1, 1), live.AgentMessageCount);
                return "turn";
        }
    }

    private static string? Compare(SessionCoordinator live, string path)
    {
        using SessionReader resumed = SessionReader.Open(path);
        string here = Describe(live.CompactionEntries), there = Describe(resumed.ReadContext().Entries);
        return here == there ? null : $"\n  live    {here}\n  resumed {there}";
    }

    /// <summary>A summary's own number says only when it was counted.</summary>
    private static string Describe(IReadOnlyList<ContextEntry> entries) =>
        string.Join(" | ", entries.Select(entry =>
            $"{entry.FileId} {entry.Role}{(entry.IsPinned ? "*" : "")}{(entry.IsCarried ? "^" : "")} {entry.Message.Text}"));
}
