using System.Diagnostics;

namespace Opi.Tests;

public sealed class UsageScanTests
{
    [Theory]
    [InlineData("1790897400")]
    [InlineData("1790897400.0")]
    [InlineData("1790897400000")]
    [InlineData("1790897400000000")]
    [InlineData("1790897400000000000")]
    [InlineData("\"1790897400000\"")]
    [InlineData("\"2026-10-01T23:30:00Z\"")]
    [InlineData("\"2026-10-02T01:30:00.000+02:00\"")]
    public void A_time_is_the_same_in_each_unit(string time)
    {
        string message = $$$"""{"role":"assistant","sessionID":"s","modelID":"m","time":{"created":{{{time}}} },"tokens":{"input":1,"output":1} }""";
        string request = $$$"""{"type":"usage.record","time":{{{time}}},"model":"m","usage":{"inputOther":1,"output":1} }""";
        using var folder = new TempFolder();
        folder.Write(message, "msg_1.json");
        folder.Write(request + "\n", "wire.jsonl");

        IReadOnlyList<OpiUsage> rows = Scan.Of([UsageSource.OpenCode, UsageSource.Kimi], null, folder.Path).Rows;

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal(new DateTimeOffset(2026, 10, 1, 23, 30, 0, TimeSpan.Zero), row.Timestamp));
    }

    [Fact]
    public void A_response_without_a_time_is_not_left_out_of_a_period_in_silence()
    {
        const string answer = """{"type":"assistant","sessionId":"s","timestamp":"some day","requestId":"r","message":{"id":"m","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":5,"output_tokens":3}}}""";
        using var folder = new TempFolder();
        string path = folder.Write(answer + "\n");
        UsageQuery all = new() { Sources = [UsageSource.ClaudeCode], Paths = [path] };
        UsageQuery today = all with { Since = DateTimeOffset.UtcNow.AddHours(-1) };

        UsageFinding finding = Assert.Single(UsageScan.Run(today).Findings);

        Assert.Equal((path, true, false), (finding.Path, finding.HidesUsage, finding.IsUnread));
        Assert.Empty(UsageScan.Run(today).Rows);
        Assert.Empty(UsageScan.Run(today with { Models = ["other"] }).Findings);
        Assert.Single(UsageScan.Run(all).Rows);
        Assert.Empty(UsageScan.Run(all).Findings);
    }

    [Fact]
    public void The_answers_and_summaries_of_a_session_are_rows_and_a_forks_copies_are_not()
    {
        using var folder = new TempFolder();
        string id, forkId;
        using (OpiSession session = Make.Session(folder))
        {
            id = session.Id;
            session.AddTurn([Make.User("a"), Make.Assistant("b", new Usage(10, 1))]);
            session.AddTurn([Make.User("c"), Make.Assistant("d")]);
            using SessionReader source = SessionReader.Open(session.Path);
            string fork = SessionFork.Create(source, folder.Path);
            using OpiSession copy = OpiSession.Resume(fork, Make.Options());
            forkId = copy.Id;
            copy.AddTurn([Make.User("e"), Make.Assistant("f", new Usage(20, 2))]);
            session.AddTurn([Make.User("e"), Make.Assistant("f", new Usage(30, 3))]);
        }

        UsageScanResult result = Scan.Of(UsageSource.Opi, folder.Path);

        Assert.Equal([(id, 1, 11L, true), (id, 2, 0, false), (id, 3, 33, true), (forkId, 3, 22, true)], result.Rows.OrderBy(row => row.SessionId != id).ThenBy(row => row.Turn).Select(row => (row.SessionId!, row.Turn, row.TotalTokens, row.IsKnown)));
        Assert.All(result.Rows, row => Assert.Equal(("anthropic", "claude-sonnet-4", "/repo", true), (row.Provider, row.Model, row.Project, row.Priced)));
        Assert.Equal([null, null], result.Rows.Where(row => !row.IsKnown).Select(row => row.Cost).Append(null));

        // The key stays when the parent is gone.
        string[] keys = [.. result.Rows.Select(row => row.Key!).Order()];
        File.Delete(folder.File(id + ".jsonl"));
        Assert.Equal(3, Scan.Of(UsageSource.Opi, folder.Path).Rows.Count);
        Assert.All(Scan.Of(UsageSource.Opi, folder.Path).Rows, row => Assert.Contains(row.Key!, keys));
    }

    [Fact]
    public void Bad_files_are_reported_with_path_and_reason_and_the_others_are_read()
    {
        using var folder = new TempFolder();
        folder.Write(Line("m", "2026-10-01T00:00:00Z"), "good.jsonl");
        string foreign = folder.Write("""{"payload":{},"type":"session_meta"}""" + "\n", "codex.jsonl");
        string text = folder.Write("hello\n", "text.jsonl");
        folder.Write("", "empty.jsonl");
        folder.Write("\n\n", "blank.jsonl");
        string missing = folder.File("missing");

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Path, missing);

        Assert.Single(result.Rows);
        Assert.Equal(
            [(foreign, "it is not a log of ClaudeCode, but of Codex"), (missing, "there is no such file or folder"), (text, "it is not a log of ClaudeCode")],
            result.Findings.OrderBy(finding => finding.Path, StringComparer.Ordinal).Select(finding => (finding.Path, finding.Reason)));
    }

    /// <summary>The framework can neither open nor delete such a file, and gives neither its length nor its time.</summary>
    [LinuxFact]
    public void A_file_whose_name_is_not_UTF_8_is_a_finding_also_where_only_new_responses_are_asked_for()
    {
        using var folder = new TempFolder();
        Shell("printf x > \"$1/$(printf 'a\\377').jsonl\"");
        var query = new UsageQuery
        {
            Sources = [UsageSource.ClaudeCode], Paths = [folder.Path], LedgerFolder = folder.File("none"), Since = DateTimeOffset.UnixEpoch,
        };

        Assert.IsType<FileNotFoundException>(Assert.Single(UsageScan.Run(query).Findings).Error);
        Assert.Single(UsageScan.Run(query with { Since = null }).Findings);
        Shell("rm \"$1\"/a*.jsonl");

        void Shell(string command)
        {
            using Process shell = Process.Start("sh", ["-c", command, "sh", folder.Path]);
            shell.WaitForExit();
        }
    }

    [UnixFact]
    public void A_folder_that_links_to_one_above_it_is_not_followed_for_ever()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("a"));
        folder.Write(Line("m", "2026-10-01T00:00:00Z"), Path.Combine("a", "log.jsonl"));
        Directory.CreateSymbolicLink(folder.File(Path.Combine("a", "loop")), folder.Path);

        Assert.Single(Scan.Of(UsageSource.ClaudeCode, folder.Path).Rows);
    }

    [UnixFact]
    public void Folders_that_link_to_each_other_are_read_in_the_end()
    {
        using var folder = new TempFolder();
        string[] names = ["a", "b", "c", "d", "e", "f"];
        foreach (string name in names)
        {
            Directory.CreateDirectory(folder.File(name));
            folder.Write(Line("m-" + name, "2026-10-01T00:00:00Z"), Path.Combine(name, "log.jsonl"));
        }

        foreach (string name in names)
        {
            foreach (string other in names.Where(other => other != name))
            {
                Directory.CreateSymbolicLink(folder.File(Path.Combine(name, other)), folder.File(other));
            }
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var query = new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder.Path] };

        Assert.Equal(names.Length, UsageScan.Run(query, cancellationToken: patience.Token).Rows.Count);
    }

    [UnixFact]
    public void A_folder_that_only_a_link_leads_to_is_read()
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        elsewhere.Write(Line("m", "2026-10-01T00:00:00Z"));
        Directory.CreateSymbolicLink(folder.File("one"), elsewhere.Path);
        Directory.CreateSymbolicLink(folder.File("other"), elsewhere.Path);

        Assert.Single(Scan.Of(UsageSource.ClaudeCode, folder.Path).Rows);
    }

    [Theory]
    [InlineData("claude-*", null, 2)]
    [InlineData("anthropic:CLAUDE-x", null, 2)]
    [InlineData("claude-[a-c]", null, 0)]
    [InlineData(null, "/repo", 2)]
    [InlineData(null, "*REP?", 2)]
    [InlineData(null, "/rep", 0)]
    public void A_query_takes_what_it_asks_for(string? model, string? project, int rows)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("m", "2026-10-01T00:00:00Z") + Line("n", "2026-10-02T00:00:00Z"));

        UsageScanResult result = UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [path], Models = model is null ? [] : [model], Projects = project is null ? [] : [project] });

        Assert.Equal(rows, result.Rows.Count);
    }

    [Fact]
    public void Since_takes_its_own_time_and_Until_does_not()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("c", "2026-10-03T00:00:00Z") + Line("a", "2026-10-01T00:00:00Z") + Line("b", "2026-10-02T02:00:00+02:00"));
        var day = new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.Zero);
        UsageQuery query = new() { Sources = [UsageSource.ClaudeCode], Paths = [path] };

        Assert.Equal(["b", "c"], UsageScan.Run(query with { Since = day }).Rows.Select(row => row.ResponseId));
        Assert.Equal(["a"], UsageScan.Run(query with { Until = day }).Rows.Select(row => row.ResponseId));
        Assert.Equal(["a", "b", "c"], UsageScan.Run(query).Rows.Select(row => row.ResponseId));
    }

    [Fact]
    public void A_scan_that_is_stopped_gives_nothing()
    {
        using var folder = new TempFolder();
        folder.Write(Line("m", "2026-10-01T00:00:00Z"));
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder.Path] }, null, stop.Token));
    }

    [Fact]
    public void A_large_file_is_read_in_parts_and_no_line_twice()
    {
        using var folder = new TempFolder();
        string path = folder.File("large.jsonl");
        using (var writer = new StreamWriter(path))
        {
            string text = new('x', 40_000);
            for (int i = 0; i < 3000; i++)
            {
                writer.Write(Line($"msg_{i:D30}", "2026-10-01T00:00:00Z", text));
            }
        }

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, path);

        Assert.Equal((3000, 3000L), (result.Rows.Count, result.Rows.Sum(row => row.OutputTokens)));
        Assert.Empty(result.Findings);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_file_about_as_long_as_what_is_read_at_once_is_read_whole(int more)
    {
        using var folder = new TempFolder();
        string first = Line("m", "2026-10-01T00:00:00Z"), last = Line("o", "2026-10-01T00:00:02Z");
        int rest = OpenedLog.WindowLength + more - first.Length - last.Length - Line("n", "2026-10-01T00:00:01Z").Length;
        string path = folder.Write(first + Line("n", "2026-10-01T00:00:01Z", new string('x', rest)) + last);
        Assert.Equal(OpenedLog.WindowLength + more, new FileInfo(path).Length);

        Assert.Equal(["m", "n", "o"], Scan.Of(UsageSource.ClaudeCode, path).Rows.Select(row => row.ResponseId));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(OpenedLog.WindowLength)]
    [InlineData(2 * OpenedLog.WindowLength)]
    public void A_file_whose_first_line_says_little_is_read_from_its_beginning(int length)
    {
        using var folder = new TempFolder();
        string unknown = "{\"content\":\"" + new string('x', length) + "\"}\n";
        string path = folder.Write(unknown + Line("m", "2026-10-01T00:00:00Z") + unknown + Line("n", "2026-10-01T00:00:00Z"));

        Assert.Equal(["m", "n"], Scan.Of(UsageSource.ClaudeCode, path).Rows.Select(row => row.ResponseId));
        Assert.Equal(["m", "n"], Scan.Of(Enum.GetValues<UsageSource>(), null, path).Rows.Select(row => row.ResponseId));
    }

    [Fact]
    public void Files_are_found_in_many_folders_and_below_them()
    {
        using var folder = new TempFolder();
        var ids = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            foreach (string inner in (string[])[$"a{i}", Path.Combine($"a{i}", "b"), Path.Combine($"a{i}", "b", "c")])
            {
                Directory.CreateDirectory(folder.File(inner));
                ids.Add($"m{ids.Count}");
                folder.Write(Line(ids[^1], "2026-10-01T00:00:00Z"), Path.Combine(inner, "log.jsonl"));
            }
        }

        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, folder.Path);

        Assert.Equal(ids.Order(), result.Rows.Select(row => row.ResponseId!).Order());
        Assert.Empty(result.Findings);
        Assert.Equal(ids.Count, Scan.Of(Enum.GetValues<UsageSource>(), null, folder.Path, folder.Path).Rows.Count);
    }

    [Fact]
    public void A_draft_that_is_used_again_keeps_nothing()
    {
        var draft = new ClaudeDraft();
        System.Reflection.PropertyInfo[] settable = [.. typeof(ClaudeDraft).GetProperties().Where(property => property.CanWrite)];
        object?[] asNew = [.. settable.Select(property => property.GetValue(draft))];
        foreach (System.Reflection.PropertyInfo property in settable)
        {
            property.SetValue(draft, Other(property));
            Assert.NotEqual(asNew[Array.IndexOf(settable, property)], property.GetValue(draft));
        }

        draft.Clear();

        Assert.Equal(asNew, settable.Select(property => property.GetValue(draft)));
    }

    private static object Other(System.Reflection.PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) ? "x"
            : type == typeof(bool) ? property.Name != nameof(UsageDraft.IsKnown)
            : type == typeof(int) ? 7
            : type == typeof(decimal) ? 7m
            : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch
            : type == typeof(UsageCounts) ? new UsageCounts { Input = 1 }
            : type == typeof(BillingDetails) ? BillingDetails.Plain
            : type == typeof(IReadOnlyList<ClaudePass>) ? new ClaudePass[1]
            : type.IsEnum ? Enum.ToObject(type, 2)
            : throw new NotSupportedException($"The test has no other value for {property.Name}.");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_line_too_long_to_hold_is_passed_over_and_reported_if_it_may_have_a_usage()
    {
        using var folder = new TempFolder();
        string snapshot = "{\"type\":\"file-history-snapshot\",\"messageId\":\"x\",\"snapshot\":\"" + new string('x', LogLines.MaxLine + 5) + "\"}\n";
        string path = folder.Write(Line("m", "2026-10-01T00:00:00Z") + snapshot + Line("n", "2026-10-01T00:00:00Z"));
        Assert.Equal(2, Scan.Of(UsageSource.ClaudeCode, path).Rows.Count);
        Assert.Empty(Scan.Of(UsageSource.ClaudeCode, path).Findings);

        File.AppendAllText(path, Line("o", "2026-10-01T00:00:00Z", new string('x', LogLines.MaxLine)) + Line("p", "2026-10-01T00:00:00Z"));
        UsageScanResult result = Scan.Of(UsageSource.ClaudeCode, path);
        Assert.Equal(["m", "n", "p"], result.Rows.Select(row => row.ResponseId));
        Assert.Equal("a line of more than 16 MB (1)", Assert.Single(result.Findings).Reason);
    }

    private static string Line(string id, string time, string text = "") =>
        $$$"""{"sessionId":"s","cwd":"/repo","type":"assistant","timestamp":"{{{time}}}","message":{"id":"{{{id}}}","role":"assistant","model":"claude-x","content":[{"text":"{{{text}}}"}],"usage":{"input_tokens":1,"output_tokens":1} } }""" + "\n";
}
