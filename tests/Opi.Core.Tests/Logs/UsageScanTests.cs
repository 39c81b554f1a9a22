namespace Opi.Tests;

public sealed class UsageScanTests
{
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

    [UnixFact]
    public void A_folder_that_links_to_one_above_it_is_not_followed_for_ever()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("a"));
        folder.Write(Line("m", "2026-10-01T00:00:00Z"), Path.Combine("a", "log.jsonl"));
        Directory.CreateSymbolicLink(folder.File(Path.Combine("a", "loop")), folder.Path);

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
