namespace Opi.Tests;

/// <summary>To which session a response of Opi's sessions belongs, where files are copied, damaged or gone.</summary>
public sealed class OpiOriginTests
{
    private const string Created = "2026-05-01T10:00:00Z";
    private const string Forked = "2026-05-01T11:00:00Z";
    private const string Later = "2026-05-01T12:00:00Z";

    [Fact]
    public void What_the_parent_has_lost_to_damage_counts_in_the_fork()
    {
        using var folder = new TempFolder();
        string first = Answer("m2", Created, 10), second = Answer("m4", Created, 100);
        Write(folder, "p", Created, null, Prompt("m1", Created), first, Prompt("m3", Created), second[..^9] + "garbage");
        Write(folder, "f", Forked, "p", Prompt("m1", Created), first, Prompt("m3", Created), second, Prompt("m5", Later), Answer("m6", Later, 1000));

        Assert.Equal([("f", 2L, 1100L), ("p", 1L, 10L)], Sessions(folder.Path));
        Assert.Equal([("f", 2L, 1100L)], Sessions(folder.File("f.jsonl")));
    }

    [Theory]
    [InlineData("ok", 100)] // the same line: a copy, though it is not older than the fork
    [InlineData("other", 200)]
    public void Within_the_second_of_the_fork_the_line_decides(string text, long tokens)
    {
        using var folder = new TempFolder();
        Write(folder, "p", Created, null, Prompt("m1", Forked), Answer("m2", Forked, 100));
        Write(folder, "f", Forked, "p", Prompt("m1", Forked), Answer("m2", Forked, 100, text));

        Assert.Equal(tokens, Sessions(folder.Path).Sum(session => session.Tokens));
    }

    [Fact]
    public void A_copy_is_one_also_where_the_clock_went_back_between()
    {
        using var folder = new TempFolder();
        Write(folder, "p", Created, null, Prompt("m1", Later), Answer("m2", Later, 100));
        Write(folder, "f", Forked, "p", Prompt("m1", Later), Answer("m2", Later, 100));

        Assert.Equal([("f", 0L, 0L), ("p", 1L, 100L)], Sessions(folder.Path));
    }

    [Fact]
    public void Sessions_that_name_each_other_as_parents_end_no_scan_and_lose_nothing()
    {
        using var folder = new TempFolder();
        string shared = Answer("m2", Later, 1);
        Write(folder, "a", Created, "b", Prompt("m1", Later), shared);
        Write(folder, "b", Created, "a", Prompt("m1", Later), shared, Answer("m3", Later, 10));
        Write(folder, "c", Created, "c", Prompt("m1", Later), Answer("m4", Later, 100));

        Assert.Equal([("a", 1L, 1L), ("b", 1L, 10L), ("c", 1L, 100L)], Sessions(folder.Path));
    }

    [Theory]
    [InlineData("../other/p")]
    [InlineData("p\u0000")]
    [InlineData("")]
    public void A_parent_that_is_not_an_id_leads_to_no_file(string parent)
    {
        using var folder = new TempFolder();
        Write(folder, "f", Forked, parent, Prompt("m1", Created), Answer("m2", Created, 100));

        Assert.Equal([("f", 1L, 100L)], Sessions(folder.Path));
    }

    [Fact]
    public void A_parent_that_cannot_be_read_is_reported_and_its_responses_count_in_the_fork()
    {
        using var folder = new TempFolder();
        string parent = folder.Write("no session\n", "p.jsonl");
        Write(folder, "f", Forked, "p", Prompt("m1", Created), Answer("m2", Created, 100));

        Assert.Equal([("f", 1L, 100L)], Sessions(folder.Path));
        foreach (string path in new[] { folder.Path, folder.File("f.jsonl") })
        {
            UsageFinding finding = Assert.Single(Scan.Of(UsageSource.Opi, path).Findings);
            Assert.Equal((parent, true), (finding.Path, finding.IsUnread));
            Assert.IsType<InvalidSessionFileException>(finding.Error);
        }
    }

    [Fact]
    public void Other_sessions_of_the_same_second_are_not_taken_for_the_parent_that_is_gone()
    {
        using var folder = new TempFolder();
        Write(folder, "stranger", Created, null, Prompt("m1", Created, "yo"), Answer("m2", Created, 100));
        Write(folder, "f", Forked, "gone", Prompt("m1", Created), Answer("m2", Created, 100));

        Assert.Equal([("f", 1L, 100L), ("stranger", 1L, 100L)], Sessions(folder.Path));
    }

    [Fact]
    public void A_prompt_without_an_answer_is_a_turn_of_the_session_it_was_written_in()
    {
        using var folder = new TempFolder();
        Write(folder, "p", Created, null, Prompt("m1", Created), Answer("m2", Created, 1), Prompt("m3", Created));
        Write(folder, "f", Forked, "p", Prompt("m1", Created), Answer("m2", Created, 1), Prompt("m3", Created), Answer("m4", Later, 10), Prompt("m5", Later));

        Assert.Equal([("f", 2, 1), ("f", 3, 0), ("p", 1, 1), ("p", 2, 0)], SessionCosts.Rows(folder.Path, CostGrouping.Turn).Cast<OpiTurnCost>().Select(row => (row.SessionId!, row.Turn, (int)row.Responses)));
        Assert.Equal([("f", 2), ("p", 2)], SessionCosts.Rows(folder.Path, CostGrouping.Session).Select(row => (row.SessionId!, row.Turns)));
    }

    [Theory]
    [InlineData(Created, false)]
    [InlineData(Created, true)]
    [InlineData(Later, false)]
    [InlineData(Later, true)]
    public void In_a_chain_of_forks_each_entry_is_compared_with_one_parent_only(string written, bool lastFirst)
    {
        const int Forks = 40, Turns = 10;
        using var folder = new TempFolder();
        string[] lines = [.. Enumerable.Range(1, Turns).SelectMany(i => new[] { Prompt($"m{2 * i}", written), Answer($"m{(2 * i) + 1}", written, i) })];
        for (int i = 0; i <= Forks; i++)
        {
            Write(folder, $"s{i:00}", Created, i == 0 ? null : $"s{i - 1:00}", lines); // all of one second
        }

        var origins = new OpiOrigins();
        using var compared = new OpiLines();
        OpiFile[] files = [.. Enumerable.Range(0, Forks + 1).Select(i => OpiFile.ReadHead(folder.File($"s{i:00}.jsonl")))];
        Assert.All(files, file => Assert.True(origins.TryAdd(file)));
        foreach (OpiFile file in lastFirst ? files.Reverse() : files)
        {
            using SessionReader reader = SessionReader.Open(file.Path);
            foreach (IndexedEntry entry in reader.Entries)
            {
                Assert.Equal(file == files[0], origins.IsOwn(file, entry, compared, out string origin, CancellationToken.None));
                Assert.Equal("s00", origin);
            }
        }

        Assert.Equal(2 * Forks * lines.Length, compared.LinesRead);
        Assert.InRange(compared.FilesOpened, 2, lastFirst ? 2 * Forks * lines.Length : 2 * Forks);
        Assert.Equal((Turns, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10), ((int)Sessions(folder.Path)[0].Responses, (int)Sessions(folder.Path).Sum(session => session.Tokens)));
    }

    private static (string Id, long Responses, long Tokens)[] Sessions(string path) =>
        [.. SessionCosts.Rows(path, CostGrouping.Session).Select(row => (row.SessionId!, row.Responses, row.TotalTokens))];

    private static string Prompt(string id, string time, string text = "hi") => Make.Line(new MessageEntry(id, null, time, Make.User(text)));

    private static string Answer(string id, string time, long tokens, string text = "ok") => Make.Line(new MessageEntry(id, null, time, Make.Assistant(text, new Usage(tokens, 0))));

    private static void Write(TempFolder folder, string id, string created, string? parent, params string[] lines)
    {
        using var stream = new MemoryStream();
        SessionFork.WriteHeader(stream, new SessionHeader(id, created, "/repo", parent));
        folder.Write(System.Text.Encoding.UTF8.GetString(stream.ToArray()) + string.Concat(lines.Select(line => line + "\n")), id + ".jsonl");
    }
}
