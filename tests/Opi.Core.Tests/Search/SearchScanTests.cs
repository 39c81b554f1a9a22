using System.Text;

namespace Opi.Tests;

public sealed class SearchScanTests
{
    private const string Needle = "needle4711";

    [Theory]
    [InlineData(1 << 18)]
    [InlineData(1 << 19)]
    [InlineData(16 << 20)]
    public void A_hit_at_the_border_of_a_buffer_or_a_part_is_found_once(int border)
    {
        using var folder = new TempFolder();
        foreach (int shift in (int[])[-3000, -200, -20, -11, -10, -9, -5, -1, 0, 1, 5, 60])
        {
            var log = new StringBuilder();
            while (log.Length < border + shift - 200)
            {
                log.Append(Line($"f{log.Length}", new string('x', Math.Clamp(border + shift - 500 - log.Length, 10, 60_000)))).Append('\n');
            }

            int pad = Math.Max(0, border + shift - log.Length - Line("hit", "").Length);
            log.Append(Line("hit", new string('y', pad) + Needle)).Append('\n');
            for (int i = 0; border > 1 << 23 && i < 200; i++)
            {
                log.Append(Line($"t{i}", new string('z', 60_000))).Append('\n'); // so that the file is divided
            }

            string path = folder.Write(log.ToString(), "log.jsonl");

            OpiSearchHit hit = Assert.Single(Find.Text(Needle, UsageSource.ClaudeCode, path));
            Assert.Equal(("hit", 1), (hit.EntryId, hit.Hits));
        }
    }

    [Fact]
    public void Every_line_of_a_divided_file_is_searched_once()
    {
        using var folder = new TempFolder();
        var log = new StringBuilder();
        var random = new Random(5);
        int lines = 0;
        for (; log.Length < 60 << 20; lines++)
        {
            log.Append(Line($"l{lines}", new string('x', random.Next(20_000)) + Needle)).Append('\n');
        }

        IReadOnlyList<OpiSearchHit> hits = Find.Text(Needle, UsageSource.ClaudeCode, folder.Write(log.ToString(), "log.jsonl"));

        Assert.Equal(lines, hits.Count);
        Assert.Equal(lines, hits.Select(hit => hit.EntryId).Distinct().Count());
    }

    [Fact]
    public void A_long_entry_is_searched_whole()
    {
        using var folder = new TempFolder();
        string text = new string('x', 40 << 20) + Needle + new string('y', 1 << 20) + "\\u006Eeedle4711";
        string path = folder.Write(Line("a", "short") + "\n" + Line("long", text) + "\n", "log.jsonl");

        OpiSearchHit hit = Assert.Single(Find.Text(Needle, UsageSource.ClaudeCode, path));

        Assert.Equal(("long", 2), (hit.EntryId, hit.Hits));
        Assert.InRange(hit.Line.Length, Needle.Length, 400);
        Assert.Equal(Needle, hit.Line.Substring(hit.Mark.Start, hit.Mark.Length));
    }

    [Fact]
    public void A_line_with_half_a_surrogate_pair_is_searched_with_all_its_escapes()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("a", "broken \\ud83d and \\u006eeedle4711") + "\n", "log.jsonl");

        Assert.Single(Find.Text(Needle, UsageSource.ClaudeCode, path));
    }

    [Fact]
    public void Rows_are_in_the_order_of_time_and_stand_once_where_the_same_session_stands_twice()
    {
        using var folder = new TempFolder();
        string late = Line("b", Needle).Replace("2026-01-01", "2026-02-01", StringComparison.Ordinal);
        folder.Write($"{late}\n{Line("a", Needle)}\n", "one.jsonl");
        folder.Write($"{late}\n", "copy.jsonl");

        Assert.Equal(["a", "b"], Find.Text(Needle, UsageSource.ClaudeCode, folder.Path).Select(hit => hit.EntryId));
    }

    [Fact]
    public void A_result_has_the_tool_of_its_call_however_far_back_that_is()
    {
        using var folder = new TempFolder();
        var log = new StringBuilder();
        log.Append(Line("call", "x").Replace("\"x\"", """[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}]""", StringComparison.Ordinal))
            .Append('\n');
        for (int i = 0; i < 30; i++)
        {
            log.Append(Line($"f{i}", "about toolu_1 " + new string('x', 40_000))).Append('\n');
        }

        log.Append(Line("result", "x").Replace(
            "\"x\"", """[{"type":"tool_result","tool_use_id":"toolu_1","content":"needle4711"}]""", StringComparison.Ordinal)).Append('\n');
        string path = folder.Write(log.ToString(), "log.jsonl");

        OpiSearchHit hit = Assert.Single(Find.Text(Needle, UsageSource.ClaudeCode, path));
        Assert.Equal(("Bash", SearchRole.ToolResult, SearchPart.ToolResult), (hit.Tool, hit.Role, hit.Part));
        Assert.Single(Find.Of(Request(path) with { Tools = ["ba*"] }));
        Assert.Empty(Find.Of(Request(path) with { Tools = ["Read"] }));
    }

    [Theory]
    [InlineData("src/a.cs", true)]
    [InlineData("a.cs", true)]
    [InlineData("/repo/src/a.cs", true)]
    [InlineData("src\\a.cs", true)]
    [InlineData("*.cs", true)]
    [InlineData("src", true)]
    [InlineData("b.cs", true)] // in the command
    [InlineData(".cs", false)]
    [InlineData("rc/a.cs", false)]
    [InlineData("*.ps1", false)]
    public void A_tool_call_is_found_by_a_file_that_it_names(string file, bool isFound)
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            Line("call", "x").Replace(
                "\"x\"",
                """[{"type":"tool_use","id":"t","name":"Edit","input":{"file_path":"/repo/src/a.cs","command":"cat 'b.cs'|sort"}}]""",
                StringComparison.Ordinal) + "\n" + Line("text", "about src/a.cs and b.cs") + "\n",
            "log.jsonl");

        IReadOnlyList<OpiSearchHit> hits = Find.Of(new SearchRequest { File = file, Sources = [UsageSource.ClaudeCode], Paths = [path] });

        Assert.Equal(isFound ? ["call"] : [], hits.Select(hit => hit.EntryId));
    }

    [Theory]
    [InlineData("need.e\\d+", true)]
    [InlineData("^needle", true)]
    [InlineData("(foo|needle)", true)]
    [InlineData("needlex?4711", true)]
    [InlineData("n[a-f]+dle", true)]
    [InlineData("(?<=n)eedle(?=4)", true)]
    [InlineData("(x)?needle", true)]
    [InlineData("neeedle", false)]
    [InlineData("needle$", false)]
    public void A_pattern_is_found(string pattern, bool isFound)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("a", Needle) + "\n" + Line("b", "nothing") + "\n", "log.jsonl");

        var hits = Find.Of(new SearchRequest { Pattern = PatternTerm.Read(pattern, false), Sources = [UsageSource.ClaudeCode], Paths = [path] });

        Assert.Equal(isFound ? 1 : 0, hits.Count);
    }

    /// <summary>Each of these is the same letter to a pattern that ignores case, and a different one to the system's own comparison.</summary>
    [Theory]
    [InlineData("\u00e5ngstr", "\u212bngstr")]
    [InlineData("\u03c9", "\u2126")]
    [InlineData("stra\u00dfe", "STRA\u1e9eE")]
    [InlineData("\u03b8x", "\u03f4X")]
    public void A_pattern_is_found_in_all_spellings_of_its_letters(string pattern, string text)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("a", text) + "\n", "log.jsonl");

        Assert.Single(Find.Of(new SearchRequest { Pattern = PatternTerm.Read(pattern, false), Sources = [UsageSource.ClaudeCode], Paths = [path] }));
    }

    [Theory]
    [InlineData("abc.def", "abc")]
    [InlineData("ab?cde", "cde")]
    [InlineData("abc|def", "")]
    [InlineData("(abc)?de", "de")]
    [InlineData("a{2}bcd", "bcd")]
    [InlineData("\\x41bcd", "bcd")]
    [InlineData("[abc]dd", "dd")]
    [InlineData("[]abc]dd", "dd")]
    [InlineData("[^]abc]dd", "dd")]
    [InlineData("(?i)abc", "")]
    [InlineData("abc\\wdefg", "defg")]
    public void The_text_that_every_match_has_is_known(string pattern, string literal) =>
        Assert.Equal(literal, SearchLiteral.Of(pattern, caseSensitive: true));

    [Fact]
    public void Foreign_text_is_made_visible_and_the_hit_keeps_its_place()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line("a", "one\\n\\u001b[31mred\\u0007 needle4711 \\u001b]0;x\\nthree") + "\n", "log.jsonl");

        OpiSearchHit hit = Assert.Single(Find.Text(Needle, UsageSource.ClaudeCode, path));
        OpiSearchHit wide = Assert.Single(Find.Of(Request(path) with { Context = 1 }));

        Assert.Equal("\u241b[31mred\u2407 needle4711 \u241b]0;x", hit.Line);
        Assert.Equal(Needle, hit.Line.Substring(hit.Mark.Start, hit.Mark.Length));
        Assert.Equal("one\n\u241b[31mred\u2407 needle4711 \u241b]0;x\nthree", wide.Line);
        Assert.Equal(Needle, wide.Line.Substring(wide.Mark.Start, wide.Mark.Length));
    }

    [Fact]
    public void A_damaged_line_that_may_have_a_hit_is_reported_and_the_others_are_found()
    {
        using var folder = new TempFolder();
        string path = folder.Write($"{Line("a", Needle)}\n{{\"type\":\"user\",\"x\":needle4711\n{Line("b", Needle)}\n", "log.jsonl");

        (SearchResult result, IReadOnlyList<OpiSearchHit> hits) = SearchScan.Run(Request(path), null, CancellationToken.None);

        Assert.Equal(["a", "b"], hits.Select(hit => hit.EntryId));
        Assert.Equal(1, Assert.Single(result.Findings).SkippedLines);
    }

    [Fact]
    public void A_line_that_is_too_long_to_be_one_costs_itself()
    {
        using var folder = new TempFolder();
        string path = folder.Write($"{Line("a", Needle)}\n", "log.jsonl");
        using (FileStream log = File.OpenWrite(path))
        {
            log.SetLength(200 << 20); // zeros
            log.Seek(0, SeekOrigin.End);
            log.Write(Encoding.UTF8.GetBytes($"\n{Line("b", Needle)}\n"));
        }

        (SearchResult result, IReadOnlyList<OpiSearchHit> hits) = SearchScan.Run(Request(path), null, CancellationToken.None);

        Assert.Equal(["a", "b"], hits.Select(hit => hit.EntryId));
        UsageFinding finding = Assert.Single(result.Findings);
        Assert.Equal((path, "a line of more than 64 MB (1)"), (finding.Path, finding.Reason));
    }

    [Fact]
    public void A_search_ends_when_the_taker_has_enough()
    {
        using var folder = new TempFolder();
        string path = folder.Write(string.Concat(Enumerable.Range(0, 5000).Select(i => Line($"l{i}", Needle) + "\n")), "log.jsonl");
        int taken = 0;

        SearchScan.Stream(Request(path), _ => ++taken < 3, null, CancellationToken.None);

        Assert.Equal(3, taken);
    }

    [Fact]
    public void A_search_that_is_stopped_ends()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        string path = folder.Write(string.Concat(Enumerable.Range(0, 5000).Select(i => Line($"l{i}", Needle) + "\n")), "log.jsonl");

        Assert.ThrowsAny<OperationCanceledException>(() => SearchScan.Stream(
            Request(path),
            _ =>
            {
                stop.Cancel();
                return true;
            },
            null,
            stop.Token));
    }

    [Fact]
    public void Filters_hold()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            Line("a", Needle) + "\n" + Line("u", Needle).Replace("assistant", "user", StringComparison.Ordinal) + "\n"
                + Line("m", Needle).Replace("\"role\":\"assistant\"", "\"role\":\"assistant\",\"model\":\"claude-x\"", StringComparison.Ordinal) + "\n"
                + Line("s", Needle).Replace("\"sessionId\":\"s\"", "\"sessionId\":\"other\",\"cwd\":\"/p/q\"", StringComparison.Ordinal) + "\n"
                + Line("t", Needle).Replace("2026-01-01", "2026-03-01", StringComparison.Ordinal) + "\n",
            "log.jsonl");

        Assert.Equal("u", string.Join(' ', Find.Of(Request(path) with { Roles = [SearchRole.User] }).Select(hit => hit.EntryId)));
        Assert.Equal("m", string.Join(' ', Find.Of(Request(path) with { Models = ["claude-*"] }).Select(hit => hit.EntryId)));
        Assert.Equal("s", string.Join(' ', Find.Of(Request(path) with { Sessions = ["OTH*"] }).Select(hit => hit.EntryId)));
        Assert.Contains("s", Find.Of(Request(path) with { Projects = ["/p/*"] }).Select(hit => hit.EntryId));
        Assert.Equal("t", string.Join(' ', Find.Of(Request(path) with { Since = DateTimeOffset.Parse("2026-02-01Z", null) }).Select(hit => hit.EntryId)));
        Assert.DoesNotContain("t", Find.Of(Request(path) with { Until = DateTimeOffset.Parse("2026-02-01Z", null) }).Select(hit => hit.EntryId));
    }

    private static SearchRequest Request(string path) => new() { Text = Needle, Sources = [UsageSource.ClaudeCode], Paths = [path] };

    private static string Line(string id, string text) =>
        $$$"""{"type":"assistant","uuid":"{{{id}}}","sessionId":"s","isSidechain":false,"timestamp":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"{{{text}}}"}}""";
}
