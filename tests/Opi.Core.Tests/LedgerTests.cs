using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.Tests;

public class LedgerTests
{
    private static readonly TimeSpan NoPatience = TimeSpan.Zero;
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_added_is_read_again_with_all_that_it_had()
    {
        using var folder = new TempFolder();
        OpiUsage row = new()
        {
            Key = "claude:msg_1:\"ü\"",
            Timestamp = Noon.AddTicks(1234567),
            Source = UsageSource.ClaudeCode,
            SessionId = "s-1",
            Turn = 3,
            Project = "C:\\work\\größe",
            Provider = "anthropic",
            Model = "claude-opus-4-5",
            ResponseId = "msg_1",
            IsSidechain = true,
            Tier = ServiceTier.Batch,
            WebSearches = 2,
            InputTokens = 1,
            OutputTokens = 2,
            CacheReadTokens = 3,
            CacheWriteTokens = 4,
            CacheWrite1hTokens = 1,
            ReasoningTokens = 1,
            LoggedCost = 0.0123456789m,
            TotalTokens = 10,
            Machine = "ci-1",
            User = "sam",
        };
        OpiUsage bare = new() { Key = "k", Source = UsageSource.Codex, IsKnown = false };

        var ledger = new UsageLedger(folder.File("ledger"));
        OpiLedgerUpdate update = ledger.Add([row, bare], NoPatience);

        Assert.Equal((ledger.Folder, 2, 0, 0), (update.Path, update.Added, update.Updated, update.Known));
        Assert.Equal([new OpiLedgerSource(UsageSource.ClaudeCode, 1, 0, 0), new OpiLedgerSource(UsageSource.Codex, 1, 0, 0)], update.Sources);
        Assert.Equal(["usage-2026-11.jsonl", "usage-undated.jsonl"], ledger.Files().Select(Path.GetFileName));
        Assert.Equal(
            [row with { Path = ledger.Files()[0] }, bare with { Path = ledger.Files()[1], Machine = ThisMachine.Name, User = ThisMachine.User }],
            ledger.Read().OrderBy(found => found.Source));
        Assert.All(ledger.Files(), AssertMode.OwnerOnly);
    }

    [Fact]
    public void A_line_has_the_columns_that_the_schema_tells_and_no_more()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add([Row(1) with { Timestamp = Noon.AddMilliseconds(5) }], NoPatience);

        string line = Assert.Single(SharedText.ReadAllLines(ledger.Files()[0]));
        using JsonDocument json = JsonDocument.Parse(line);
        Assert.Equal(
            ["key", "timestamp", "source", "session_id", "turn", "project", "provider", "model", "response_id", "is_sidechain", "tier", "web_searches", "usage_known", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens", "logged_cost", "machine", "user", "recorded_at"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2026-11-24T12:00:00.005Z", json.RootElement.GetProperty("timestamp").GetString());
        string page = SharedText.ReadAllText(Path.Combine(Repository.Root, "docs", "ledger.md"));
        Assert.All(json.RootElement.EnumerateObject(), property => Assert.Contains($"| {property.Name} |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Adding_twice_adds_nothing_and_changes_no_byte()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add(Rows(1, 50), NoPatience);
        byte[] before = SharedText.ReadAllBytes(ledger.Files()[0]);

        OpiLedgerUpdate again = ledger.Add([.. Rows(1, 50), Row(7)], NoPatience);

        Assert.Equal((0, 0, 51), (again.Added, again.Updated, again.Known));
        Assert.Equal(before, SharedText.ReadAllBytes(ledger.Files()[0]));
    }

    [Fact]
    public void A_response_that_turns_out_larger_supersedes_itself_and_a_smaller_one_does_not()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add([Row(1)], NoPatience);

        OpiLedgerUpdate larger = ledger.Add([Row(1) with { OutputTokens = 90, TotalTokens = 91 }], NoPatience);
        OpiLedgerUpdate smaller = ledger.Add([Row(1)], NoPatience);

        Assert.Equal((0, 1, 0), (larger.Added, larger.Updated, larger.Known));
        Assert.Equal((0, 0, 1), (smaller.Added, smaller.Updated, smaller.Known));
        Assert.Equal(2, SharedText.ReadAllLines(ledger.Files()[0]).Length);
        Assert.Equal(90, Assert.Single(ledger.Read()).OutputTokens);
    }

    [Fact]
    public void A_month_is_one_of_UTC()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add([Row(1) with { Timestamp = new DateTimeOffset(2026, 11, 30, 23, 30, 0, TimeSpan.FromHours(-5)) }, Row(2)], NoPatience);

        Assert.Equal(["usage-2026-11.jsonl", "usage-2026-12.jsonl"], ledger.Files().Select(Path.GetFileName));
    }

    [Fact]
    public void Responses_without_a_key_are_kept_apart_by_what_they_are()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        OpiUsage row = Row(1) with { Key = null };

        Assert.Equal(2, ledger.Add([row, row with { ResponseId = "other" }], NoPatience).Added);
        Assert.Equal(2, ledger.Add([row, row with { ResponseId = "other" }], NoPatience).Known);
    }

    [Fact]
    public void Damaged_lines_are_reported_and_the_others_go_on_and_no_byte_of_them_is_lost()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add(Rows(1, 3), NoPatience);
        string path = ledger.Files()[0];
        string[] lines = SharedText.ReadAllLines(path);
        byte[] damaged = [.. Encoding.UTF8.GetBytes($"\uFEFF{lines[0]}\r\n\n{{\"key\":\"x\"}}\nnonsense\n"), 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes($"{lines[1]}\n{lines[2].Replace("\"turn\":0", "\"turn\":-1", StringComparison.Ordinal)}\n{lines[2]}\n")];
        File.WriteAllBytes(path, damaged);

        var findings = new List<LedgerFinding>();
        Assert.Equal(["k1", "k2", "k3"], ledger.Read(findings.Add).Select(row => row.Key));
        Assert.Equal([3L, 4L, 5L, 7L], findings.Select(finding => finding.Line));
        Assert.Equal(["no 'timestamp'", "expected an object at byte 0", "it is not UTF-8", "-1 is not a count"], findings.Select(finding => finding.Reason));
        Assert.All(findings, finding => Assert.Equal((path, false), (finding.Path, finding.IsTornTail)));

        ledger.Add(Rows(1, 5), NoPatience);
        Assert.Equal(damaged, SharedText.ReadAllBytes(path)[..damaged.Length]);
        Assert.Equal(5, ledger.Read().Count);
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add([Row(1)], NoPatience);
        string path = ledger.Files()[0];
        File.WriteAllText(path, SharedText.ReadAllText(path).Replace("\"turn\"", "\"carbon\":{\"g\":[1]},\"turn\"", StringComparison.Ordinal));

        Assert.Equal("k1", Assert.Single(ledger.Read(finding => Assert.Fail(finding.Reason))).Key);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_file_cut_at_any_byte_costs_at_most_the_last_row_and_the_next_update_brings_it_back()
    {
        using var folder = new TempFolder();
        var sample = new UsageLedger(folder.File("sample"));
        sample.Add([Row(1), Row(2) with { Project = "/größe/\"\n😀" }], NoPatience);
        string name = Path.GetFileName(sample.Files()[0]);
        byte[] bytes = SharedText.ReadAllBytes(sample.Files()[0]);
        int first = Array.IndexOf(bytes, (byte)'\n') + 1;
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var ledger = new UsageLedger(folder.File($"cut-{cut}"));
            Directory.CreateDirectory(ledger.Folder);
            string path = Path.Combine(ledger.Folder, name);
            File.WriteAllBytes(path, bytes[..cut]);
            int whole = (cut >= first - 1 ? 1 : 0) + (cut >= bytes.Length - 1 ? 1 : 0);
            int lineStart = cut >= first ? first : 0;
            bool torn = cut > lineStart && cut < (lineStart == 0 ? first : bytes.Length) - 1;

            var findings = new List<LedgerFinding>();
            Assert.Equal(whole, ledger.Read(findings.Add).Count);
            Assert.Equal(torn ? [true] : [], findings.Select(finding => finding.IsTornTail));

            OpiLedgerUpdate update = ledger.Add([Row(1), Row(2) with { Project = "/größe/\"\n😀" }, Row(3)], NoPatience);

            Assert.Equal((3 - whole, whole), (update.Added, update.Known));
            Assert.Equal(["k1", "k2", "k3"], ledger.Read(finding => Assert.Fail(finding.Reason)).Select(row => row.Key));
            string[] saved = Directory.GetFiles(ledger.Folder, "*.torn-*");
            Assert.Equal(torn ? 1 : 0, saved.Length);
            Assert.All(saved, fragment => Assert.Equal(bytes[lineStart..cut], SharedText.ReadAllBytes(fragment)));
            Directory.Delete(ledger.Folder, recursive: true);
        }
    }

    [Fact]
    public void One_that_is_being_updated_is_waited_for_and_then_refused()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        using (FileLock.TryAcquire(folder.File("ledger.lock"), out _))
        {
            LedgerLockedException error = Assert.Throws<LedgerLockedException>(() => ledger.Add([Row(1)], TimeSpan.FromMilliseconds(120)));
            Assert.Equal(Environment.ProcessId, error.ProcessId);
            Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
            Assert.Empty(ledger.Files());
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.Throws<OperationCanceledException>(() => ledger.Add([Row(1)], TimeSpan.FromMinutes(1), cancellationToken: stop.Token));
        }

        Assert.Equal(1, ledger.Add([Row(1)], NoPatience).Added);
    }

    [Fact]
    public async Task Threads_that_add_the_same_add_it_once()
    {
        using var folder = new TempFolder();
        OpiLedgerUpdate[] updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            new UsageLedger(folder.Path).Add(Rows(1 + (i * 10), 100), TimeSpan.FromMinutes(1)))));

        Assert.Equal(170, updates.Sum(update => update.Added));
        var ledger = new UsageLedger(folder.Path);
        Assert.Equal(170, ledger.Read(finding => Assert.Fail(finding.Reason)).Count);
        Assert.Equal(170, SharedText.ReadAllLines(ledger.Files()[0]).Length);
    }

    [UnixFact]
    public void A_folder_that_may_not_be_written_to_is_an_error_and_nothing_else()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("file"), "");
        LedgerWriteException error = Assert.Throws<LedgerWriteException>(() => new UsageLedger(folder.File("file/ledger")).Add([Row(1)], NoPatience));
        Assert.Contains("What it has is kept", error.Message, StringComparison.Ordinal);
    }

    [MountFact]
    public void A_full_disk_adds_nothing_of_the_month_and_the_next_update_adds_it()
    {
        using var folder = new TempFolder();
        Assert.True(MountFactAttribute.Mount(folder.Path, "size=64k"));
        try
        {
            var ledger = new UsageLedger(folder.Path);
            ledger.Add(Rows(1, 20), NoPatience);
            byte[] before = SharedText.ReadAllBytes(ledger.Files()[0]);

            LedgerWriteException error = Assert.Throws<LedgerWriteException>(() => ledger.Add(Rows(1, 1000), NoPatience));

            Assert.Equal(ledger.Files()[0], error.Target);
            Assert.Equal(before, SharedText.ReadAllBytes(ledger.Files()[0]));
            Assert.Equal(10, ledger.Add(Rows(1, 30), NoPatience).Added);
            Assert.Equal(30, ledger.Read(finding => Assert.Fail(finding.Reason)).Count);
        }
        finally
        {
            MountFactAttribute.Unmount(folder.Path);
        }
    }

    [Fact]
    public void An_update_reads_the_months_in_which_something_is_new_and_no_others()
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        OpiUsage[] rows = [.. Rows(1, 200), .. Rows(1000, 20).Select(row => row with { Timestamp = Noon.AddMonths(-2), Source = UsageSource.Codex })];
        ledger.Add(rows, NoPatience);
        ledger.Add(rows, NoPatience);
        string old = ledger.Files().Single(path => path.EndsWith("usage-2026-09.jsonl", StringComparison.Ordinal));
        string now = ledger.Files().Single(path => path.EndsWith("usage-2026-11.jsonl", StringComparison.Ordinal));
        Damage(old);
        Damage(now);
        var damaged = new List<string>();
        void Note(LedgerFinding finding) => damaged.Add(Path.GetFileName(finding.Path));

        // Nothing new: nothing is read.
        OpiLedgerUpdate same = ledger.Add(rows, NoPatience, Note);
        Assert.Equal((0, 0, 220), (same.Added, same.Updated, same.Known));
        Assert.Empty(damaged);

        // Something new of this month.
        Assert.Equal(1, ledger.Add([.. rows, Row(201)], NoPatience, Note).Added - 1); // and the damaged line again
        Assert.Equal(["usage-2026-11.jsonl"], damaged);

        // A file that somebody else wrote to is read again.
        File.AppendAllText(old, "nonsense\n");
        damaged.Clear();
        ledger.Add([.. rows, Row(201)], NoPatience, Note);
        Assert.Equal(["usage-2026-09.jsonl", "usage-2026-09.jsonl"], damaged);
        Assert.Equal(221, ledger.Read().Count);

        static void Damage(string path)
        {
            byte[] bytes = SharedText.ReadAllBytes(path);
            bytes[0] = (byte)'x';
            File.WriteAllBytes(path, bytes);
        }
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("garbage")]
    [InlineData("a file of the ledger is gone")]
    [InlineData("the ledger is another one")]
    public void What_the_last_update_noted_is_never_trusted_over_the_ledger(string fault)
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.Path);
        ledger.Add(Rows(1, 50), NoPatience);
        string marks = Assert.Single(Directory.GetFiles(folder.Path, "ledger-*.seen"));
        AssertMode.OwnerOnly(marks);
        int missing = 0;
        switch (fault)
        {
            case "delete":
                File.Delete(marks);
                break;
            case "garbage":
                File.WriteAllText(marks, "{\"sums\":[1]}");
                break;
            case "the ledger is another one":
                string path = ledger.Files()[0];
                File.WriteAllText(path, SharedText.ReadAllText(path).Replace("\"k7\"", "\"kk\"", StringComparison.Ordinal).Replace("\"k50\"", "\"kkk\"", StringComparison.Ordinal));
                missing = 2;
                break;
            default:
                File.Delete(ledger.Files()[0]);
                missing = 50;
                break;
        }

        OpiLedgerUpdate update = ledger.Add(Rows(1, 50), NoPatience);

        Assert.Equal((missing, 50 - missing), (update.Added, update.Known));
    }

    private static OpiUsage Row(int number) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"k{number}"),
        Timestamp = Noon.AddSeconds(number),
        Source = UsageSource.ClaudeCode,
        Model = "claude-opus-4-5",
        Provider = "anthropic",
        InputTokens = number,
        TotalTokens = number,
    };

    private static OpiUsage[] Rows(int first, int count) => [.. Enumerable.Range(first, count).Select(Row)];
}
