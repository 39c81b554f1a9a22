using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

public class LedgerMergeTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 20, 0, 0, 0, TimeSpan.Zero);

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 250)]
    [InlineData(3, 250)]
    [InlineData(4, 250)]
    public void Random_merges_in_any_order_and_any_number_of_times_come_to_one_total(int seed, int merges)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        string[] ledgers = MakeFleet(folder, random);
        string expected = Tally(ledgers);
        string[] hubs = [.. ledgers];
        string? rows = null; // all that is told of each response: whose it is too
        for (int i = 0; i < merges; i++)
        {
            // Ledgers of single machines and those that were brought together before, overlapping, some of them twice.
            string[] given = [.. ledgers, .. hubs.Where(_ => random.Next(3) == 0)];
            random.Shuffle(given);
            var hub = new UsageLedger(folder.File($"hub-{i % 4}"));
            if (Directory.Exists(hub.Folder) && random.Next(2) == 0)
            {
                Directory.Delete(hub.Folder, recursive: true);
            }

            int cut = random.Next(given.Length);
            hub.Merge(given[..cut], TimeSpan.Zero);
            hub.Merge(given[cut..].Where(path => path != hub.Folder && Directory.Exists(path)), TimeSpan.Zero);

            Assert.Equal(expected, Tally([hub.Folder]));
            Assert.Equal(expected, Describe(hub.Read(finding => Assert.Fail(finding.Reason))));
            Assert.Equal(expected, Describe(Scan.Of(UsageSource.Ledger, hub.Folder).Rows));
            string all = string.Join('\n', hub.Read().OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row with { Path = null }));
            Assert.Equal(rows ??= all, all);
            Assert.Equal(0, hub.Merge(ledgers, TimeSpan.Zero).Added);
            hubs = [.. hubs.Append(hub.Folder).Distinct()];
        }
    }

    [UnixFact]
    public void Ledgers_in_folders_that_link_to_each_other_are_merged()
    {
        using var folder = new TempFolder();
        string[] names = ["a", "b", "c", "d", "e", "f"];
        foreach (string name in names)
        {
            Ledger(folder, Path.Combine("fleet", name), Row(name, Start), Start);
        }

        foreach (string name in names)
        {
            foreach (string other in names.Where(other => other != name))
            {
                Directory.CreateSymbolicLink(folder.File(Path.Combine("fleet", name, other)), folder.File(Path.Combine("fleet", other)));
            }
        }

        Directory.CreateSymbolicLink(folder.File("link"), folder.File("fleet"));

        Assert.Equal(names.Length, new UsageLedger(folder.File("hub")).Merge([folder.File("fleet")], TimeSpan.Zero).Added);
        Assert.Equal(names.Length, new UsageLedger(folder.File("hub-2")).Merge([folder.File("link")], TimeSpan.Zero).Added);
    }

    [Fact]
    public void The_same_log_on_two_machines_counts_once_and_is_the_one_that_wrote_first()
    {
        using var folder = new TempFolder();
        string one = Ledger(folder, "one", Row("a", Start) with { Machine = "one" }, Start.AddDays(1));
        string two = Ledger(folder, "two", Row("a", Start) with { Machine = "two" }, Start.AddDays(2));

        foreach (string[] order in (string[][])[[one, two], [two, one], [two, one, two]])
        {
            var hub = new UsageLedger(folder.File($"hub-{string.Concat(order.Select(Path.GetFileName))}"));
            foreach (string path in order)
            {
                hub.Merge([path], TimeSpan.Zero);
            }

            Assert.Equal("one", Assert.Single(hub.Read()).Machine);
        }
    }

    [Fact]
    public void A_line_is_taken_over_as_it_is_with_what_a_later_version_wrote()
    {
        using var folder = new TempFolder();
        string other = Ledger(folder, "other", Row("a", Start) with { Machine = "ci-1", User = "sam" }, Start);
        string file = Path.Combine(other, "usage-2026-09.jsonl");
        string line = SharedText.ReadAllText(file).Replace("\"turn\":0", "\"turn\":0,\"carbon\":\"3 g\"", StringComparison.Ordinal);
        File.WriteAllText(file, "\uFEFF" + line);
        var hub = new UsageLedger(folder.File("hub"));

        Assert.Equal(1, hub.Merge([file], TimeSpan.Zero).Added);

        Assert.Equal(line, SharedText.ReadAllText(hub.Files().Single()));
    }

    [Fact]
    public void Lines_without_a_machine_are_this_one_s_or_get_the_name_that_is_given()
    {
        using var folder = new TempFolder();
        string other = Ledger(folder, "other", Row("a", Start), Start);
        string file = Path.Combine(other, "usage-2026-09.jsonl");
        File.WriteAllText(file, SharedText.ReadAllText(file).Replace("\"machine\":null,\"user\":null,", "", StringComparison.Ordinal));
        long unnamed = 0;

        var asItIs = new UsageLedger(folder.File("as-it-is"));
        asItIs.Merge([other], TimeSpan.Zero, new LedgerMergeOptions { Unnamed = lines => unnamed = lines });
        var named = new UsageLedger(folder.File("named"));
        named.Merge([other], TimeSpan.Zero, new LedgerMergeOptions { Machine = "ci-7", User = "sam", Unnamed = _ => Assert.Fail("all are named") });

        Assert.Equal(1, unnamed);
        OpiUsage own = Assert.Single(asItIs.Read());
        Assert.Equal((ThisMachine.Name, ThisMachine.User), (own.Machine, own.User));
        OpiUsage row = Assert.Single(Scan.Of(UsageSource.Ledger, named.Folder).Rows);
        Assert.Equal(("ci-7", "sam", 10L), (row.Machine, row.User, row.InputTokens));

        // The name counts before no name, whichever was first.
        named.Merge([asItIs.Folder], TimeSpan.Zero);
        asItIs.Merge([named.Folder], TimeSpan.Zero);
        Assert.Equal("ci-7", Assert.Single(asItIs.Read()).Machine);
        Assert.Equal("ci-7", Assert.Single(named.Read()).Machine);
    }

    [Fact]
    public void A_response_that_grew_over_the_end_of_a_month_counts_in_the_month_of_its_best_line_alone()
    {
        using var folder = new TempFolder();
        DateTimeOffset midnight = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
        string early = Ledger(folder, "early", Row("a", midnight.AddMinutes(-1)), Start);
        string late = Ledger(folder, "late", Row("a", midnight.AddMinutes(1)) with { InputTokens = 20, TotalTokens = 20 }, Start);
        foreach (string[] order in (string[][])[[early, late], [late, early]])
        {
            var hub = new UsageLedger(folder.File($"hub-{Path.GetFileName(order[0])}"));
            foreach (string path in order)
            {
                hub.Merge([path], TimeSpan.Zero);
            }

            Assert.Empty(Rows(hub, until: midnight));
            Assert.Equal(20, Assert.Single(Rows(hub, since: midnight)).InputTokens);
            Assert.Equal(20, Assert.Single(Rows(hub)).InputTokens);
        }

        // The same where the ledger itself is updated.
        var own = new UsageLedger(early);
        own.Add([Row("a", midnight.AddMinutes(1)) with { InputTokens = 20, TotalTokens = 20 }], TimeSpan.Zero);
        Assert.Empty(Rows(own, until: midnight));
        Assert.Equal(20, Assert.Single(Rows(own, since: midnight)).InputTokens);
    }

    [Fact]
    public void A_session_that_went_on_in_a_later_month_counts_there_alone()
    {
        using var folder = new TempFolder();
        OpiUsage row = Row("crush:s", Start) with { Source = UsageSource.Crush, InputTokens = 0, TotalTokens = 0, LoggedCost = 2 };
        var ledger = new UsageLedger(folder.File("own"));
        ledger.Add([row], TimeSpan.Zero);
        ledger.Add([row with { Timestamp = Start.AddMonths(3), InputTokens = 1, TotalTokens = 1, LoggedCost = 3 }], TimeSpan.Zero);

        Assert.Empty(Rows(ledger, until: Start.AddMonths(1)));
        Assert.Equal(3, Assert.Single(Rows(ledger, since: Start.AddMonths(2))).LoggedCost);
    }

    [Fact]
    public void What_is_not_a_ledger_is_reported_and_the_others_are_taken_over()
    {
        using var folder = new TempFolder();
        string good = Ledger(folder, "good", Row("a", Start), Start);
        File.AppendAllText(Path.Combine(good, "usage-2026-09.jsonl"), "nonsense\n");
        Directory.CreateDirectory(folder.File("empty"));
        string text = folder.Write("not json\n", "notes.txt");
        var unread = new List<UsageFinding>();
        var damaged = new List<LedgerFinding>();
        var hub = new UsageLedger(folder.File("hub"));

        OpiLedgerUpdate update = hub.Merge(
            [good, folder.File("empty"), text, folder.File("nothing")],
            TimeSpan.Zero,
            new LedgerMergeOptions { Unread = unread.Add, Damaged = damaged.Add });

        Assert.Equal(1, update.Added);
        Assert.Equal(2, Assert.Single(damaged).Line);
        Assert.Equal(
            [(folder.File("empty"), false), (text, false), (folder.File("nothing"), true)],
            unread.Select(finding => (finding.Path, finding.Error is not null)).OrderBy(found => found.Path, StringComparer.Ordinal));
    }

    private static IReadOnlyList<OpiUsage> Rows(UsageLedger ledger, DateTimeOffset? since = null, DateTimeOffset? until = null) =>
        UsageScan.Run(new UsageQuery { Sources = [UsageSource.Ledger], Paths = [ledger.Folder], Since = since, Until = until }).Rows;

    private static string Ledger(TempFolder folder, string name, OpiUsage row, DateTimeOffset recorded)
    {
        var ledger = new UsageLedger(folder.File(name)) { TimeProvider = new ManualTime(recorded) };
        ledger.Add([row], TimeSpan.Zero);
        return ledger.Folder;
    }

    private static OpiUsage Row(string key, DateTimeOffset time) => new()
    {
        Key = key, Timestamp = time, Source = UsageSource.ClaudeCode, Provider = "anthropic", Model = "claude-opus-4-5", InputTokens = 10, TotalTokens = 10,
    };

    /// <summary>
    /// Ledgers of five machines with clocks of their own: responses that only one has, copies of a log that several have, such that grew
    /// meanwhile, and lines that differ in what does not count, or were written in the same moment.
    /// </summary>
    private static string[] MakeFleet(TempFolder folder, Random random)
    {
        var folders = new List<string>();
        for (int machine = 0; machine < 5; machine++)
        {
            DateTimeOffset clock = Start.AddDays(100 + random.Next(-2, 3));
            var ledger = new UsageLedger(folder.File($"machine-{machine}")) { TimeProvider = new ManualTime(clock) };
            for (int update = 0; update < 3; update++)
            {
                ledger.Add([.. Enumerable.Range(0, 25).Select(_ => RandomRow(random, machine))], TimeSpan.Zero);
            }

            folders.Add(ledger.Folder);
        }

        return [.. folders];
    }

    private static OpiUsage RandomRow(Random random, int machine)
    {
        int key = random.Next(60);
        long input = 100 + key, output = random.Next(3) * 10;
        if (random.Next(4) == 0)
        {
            (input, output) = (input - 5, output + 5); // as many tokens, of other kinds
        }

        // Some at the end of a month, where a later line may be of the next one.
        DateTimeOffset time = Start.AddHours(key * 9).AddMinutes(random.Next(2));
        return new OpiUsage
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"key-{key}"),
            Timestamp = key == 7 ? null : key == 8 ? new DateTimeOffset(2026, 9, 30, 23, 59, 0, TimeSpan.Zero).AddMinutes(random.Next(3)) : time,
            Source = UsageSource.ClaudeCode,
            Provider = "anthropic",
            Model = $"model-{key % 3}",
            Machine = random.Next(5) == 0 ? null : $"machine-{machine}",
            User = $"user-{machine % 2}",
            Project = $"/repo/{random.Next(2)}",
            InputTokens = input,
            OutputTokens = output,
            TotalTokens = input + output,
        };
    }

    /// <summary>The totals of some ledgers, worked out from their lines without any code of the library.</summary>
    private static string Tally(IEnumerable<string> folders)
    {
        var best = new Dictionary<string, JsonNode>();
        IEnumerable<JsonNode> lines = folders
            .SelectMany(folder => Directory.GetFiles(folder, "usage-*.jsonl"))
            .SelectMany(SharedText.ReadAllLines)
            .Select(line => JsonNode.Parse(line)!);
        foreach (JsonNode line in lines)
        {
            string key = (string)line["key"]!;
            if (!best.TryGetValue(key, out JsonNode? other) || Order(line).CompareTo(Order(other)) > 0)
            {
                best[key] = line;
            }
        }

        // Which of two lines counts that were written in one moment is anybody's choice, as long as it is the same: only sums that do not
        // depend on it are compared here.
        return Describe(best.Values.Select(line => new OpiUsage
        {
            Key = (string)line["key"]!,
            Model = (string)line["model"]!,
            TotalTokens = (long)line["input_tokens"]! + (long)line["output_tokens"]!,
        }));

        static (long Tokens, bool Named, long Recorded) Order(JsonNode line) => (
            (long)line["input_tokens"]! + (long)line["output_tokens"]!,
            line["machine"] is not null,
            -line["recorded_at"]!.Deserialize<DateTimeOffset>().Ticks);
    }

    private static string Describe(IEnumerable<OpiUsage> rows) => string.Join(
        ", ",
        rows.GroupBy(row => row.Model).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {group.Count()} responses, {group.Sum(row => row.TotalTokens)} tokens"));
}
