using System.Globalization;

namespace Opi.Tests;

/// <summary>Forks of Codex repeat what their parents used, with new times. The ledger knows the parents when their logs are gone.</summary>
public sealed class CodexForkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Ledger => _folder.File("ledger");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_forks_copies_are_known_by_the_ledger_when_the_parents_log_is_gone()
    {
        string parent = Write("a.jsonl", Meta("p", "10:00:00"), Count("10:01:00", 100), Count("10:02:00", 200), Count("10:03:00", 300));
        Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("11:00:00", 100), Count("11:00:03", 200), Count("11:00:07", 300), Count("11:05:00", 370));
        Update();
        Assert.Equal(370, Total(UsageSource.Ledger));

        File.Delete(parent);

        Assert.Equal(70, Total(UsageSource.Codex));
        Assert.Equal(370, Total(UsageSource.Codex, UsageSource.Ledger));
        Assert.Equal(0, Update().Added);
        Assert.Equal(370, Total(UsageSource.Ledger));
    }

    [Fact]
    public void A_fork_of_a_fork_is_known_though_the_first_parent_was_never_kept()
    {
        string middle = Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("11:00:00", 100), Count("11:00:00", 200), Count("11:05:00", 270));
        Update();
        Assert.Equal(70, Total(UsageSource.Ledger)); // the parent's own are not told as the fork's
        File.Delete(middle);
        Write("c.jsonl", Meta("d", "12:00:00", "c"), Count("12:00:03", 100), Count("12:00:06", 200), Count("12:00:09", 270), Count("12:05:00", 330));

        Assert.Equal(60, Total(UsageSource.Codex));
        Assert.Equal(130, Total(UsageSource.Codex, UsageSource.Ledger));
    }

    [Fact]
    public void What_the_parent_did_after_the_fork_is_not_the_forks()
    {
        string parent = Write("a.jsonl", Meta("p", "10:00:00"), Count("10:01:00", 100), Count("10:02:00", 200), Count("12:00:00", 300));
        Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("11:00:00", 100), Count("11:00:03", 200), Count("11:05:00", 300));
        Assert.Equal(400, Total(UsageSource.Codex));
        Update();
        File.Delete(parent);

        Assert.Equal(100, Total(UsageSource.Codex));
        Assert.Equal(400, Total(UsageSource.Codex, UsageSource.Ledger));
    }

    [Fact]
    public void Forks_of_a_parent_that_nobody_knows_count_what_they_share_once()
    {
        Write("b.jsonl", Meta("c", "11:00:00", "gone"), Count("11:00:03", 100), Count("11:00:06", 200), Count("11:05:00", 270));
        Write("c.jsonl", Meta("d", "12:00:00", "gone"), Count("12:00:03", 100), Count("12:00:06", 200), Count("12:05:00", 250));

        Assert.Equal(270 + 50, Total(UsageSource.Codex));

        Update();
        File.Delete(_folder.File("b.jsonl"));
        Assert.Equal(270 + 50, Total(UsageSource.Codex, UsageSource.Ledger));
    }

    [Fact]
    public void Agents_that_were_only_started_side_by_side_may_use_the_same()
    {
        string[] ids = ["s1", "s2", "s3"];
        foreach (string id in ids)
        {
            Write(id + ".jsonl", Meta(id, "11:00:00").Replace("\"cwd\"", "\"source\":{\"subagent\":{\"thread_spawn\":{\"parent_thread_id\":\"p\"}}},\"cwd\"", StringComparison.Ordinal), Count("11:00:05", 100));
        }

        Assert.Equal(300, Total(UsageSource.Codex));
        Update();
        Assert.Equal(300, Total(UsageSource.Ledger));
    }

    [Fact]
    public void A_ledger_of_an_earlier_Opi_has_the_same_responses()
    {
        Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("11:00:00", 100), Count("11:05:00", 170));
        OpiUsage row = Assert.Single(Scan.Of(UsageSource.Codex, _folder.File("b.jsonl")).Rows);
        string former = $"codex:{Time("11:05:00").UtcTicks}:170/0/0";
        Assert.Equal(("codex:c<p:170/0/0", former), (row.Key, row.FormerKey));
        new UsageLedger(Ledger).Add([row with { Key = former, FormerKey = null }], TimeSpan.Zero);

        Assert.Equal((0, 0), (Update().Added, Update().Updated));
        Assert.Equal(70, Total(UsageSource.Codex, UsageSource.Ledger));
    }

    [Fact]
    public void Copies_that_an_earlier_Opi_took_for_responses_do_not_count_once_they_are_known()
    {
        string parent = Write("a.jsonl", Meta("p", "10:00:00"), Count("10:01:00", 100), Count("10:02:00", 200));
        Update();
        File.Delete(parent);
        OpiUsage bad = Total200() with { Key = $"codex:{Time("11:00:03").UtcTicks}:200/0/0", SessionId = "c", Timestamp = Time("11:00:03") };
        new UsageLedger(Ledger).Add([bad], TimeSpan.Zero);
        Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("11:00:00", 100), Count("11:00:03", 200), Count("11:05:00", 270));

        Assert.Equal(270, Total(UsageSource.Codex, UsageSource.Ledger));

        OpiUsage Total200() => Scan.Of([UsageSource.Ledger], Ledger, Ledger).Rows.Single(row => row.Key!.EndsWith("200/0/0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_response_that_a_fork_copied_with_its_own_time_is_the_parents()
    {
        string parent = Write("a.jsonl", Meta("p", "10:00:00"), Count("10:01:00", 100));
        string key = Assert.Single(Scan.Of(UsageSource.Codex, parent).Rows).Key!;
        File.Delete(parent);

        string fork = Write("b.jsonl", Meta("c", "11:00:00", "p"), Count("10:58:00", 50), Count("11:05:00", 170));

        Assert.Equal($"codex:{Time("10:01:00").UtcTicks}:100/0/0", key);
        Assert.Equal(["codex:c<p:170/0/0"], Scan.Of(UsageSource.Codex, fork).Rows.Select(row => row.Key));
    }

    [Fact]
    public void What_a_review_used_is_the_reviews_though_the_thread_that_asked_for_it_notes_it_too()
    {
        string parent = WriteReviewed("10:02:01.001", "10:02:03.000");
        Assert.Equal((1000, 6), (Total(UsageSource.Codex), Scan.Of(UsageSource.Codex, parent).Rows.Count)); // without the review's own log
        Update();
        string review = WriteReview("10:02:01.000", "10:02:03.000");

        IReadOnlyList<OpiUsage> rows = Scan.Of(UsageSource.Codex, parent, review).Rows;
        Assert.Equal((1000, 6), (rows.Sum(row => row.TotalTokens), rows.Count));
        Assert.Equal(["large", "large", "small", "small", "large", "large"], rows.Select(row => row.Model));
        Assert.Equal([false, false, true, true, false, false], rows.Select(row => row.IsSidechain));
        Assert.Equal(1000, Total(UsageSource.Codex, UsageSource.Ledger));
    }

    [Theory]
    [InlineData("10:02:01.000", "10:05:00.000", "review", 1040)] // another time: it is not the same response
    [InlineData("10:02:01.000", "10:02:03.000", null, 1070)] // not a review, but another thread
    public void What_is_not_a_reviews_counts(string first, string second, string? subagent, long total)
    {
        string parent = WriteReviewed("10:02:01.001", "10:02:03.001");
        string review = WriteReview(first, second, subagent);
        Assert.Equal(total, Scan.Of(UsageSource.Codex, parent, review).Rows.Sum(row => row.TotalTokens));
    }

    private string WriteReviewed(string first, string second) => Write(
        "a.jsonl",
        Meta("p", "10:00:00"),
        Model("large"),
        Count("10:01:00.000", 300, 300),
        Count("10:01:30.000", 600, 300),
        Event("entered_review_mode"),
        Count(first, 30, 30),
        Count(second, 70, 40),
        Event("exited_review_mode"),
        Count("10:03:00.000", 600, 300),
        Count("10:03:30.000", 800, 200),
        Count("10:04:00.000", 930, 130));

    private string WriteReview(string first, string second, string? subagent = "review") => Write(
        "b.jsonl",
        $$$"""{"timestamp":"2026-10-01T10:02:00.000Z","type":"session_meta","payload":{"id":"r","source":{{{(subagent is null ? "\"cli\"" : $$"""{"subagent":"{{subagent}}"}""")}}}} }""",
        Model("small"),
        Count(first, 30, 30),
        Count(second, 70, 40));

    private static string Model(string model) => $$$"""{"timestamp":"2026-10-01T10:00:00.000Z","type":"turn_context","payload":{"model":"{{{model}}}"} }""";

    private static string Event(string type) => $$$"""{"timestamp":"2026-10-01T10:02:00.000Z","type":"event_msg","payload":{"type":"{{{type}}}"} }""";

    private static string Count(string time, long total, long last) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{total}}},"output_tokens":0},"last_token_usage":{"input_tokens":{{{last}}},"output_tokens":0} } } }""";

    private long Total(params UsageSource[] sources) =>
        Scan.Of(sources, Ledger, [.. Directory.GetFiles(_folder.Path, "*.jsonl"), .. Directory.Exists(Ledger) ? [Ledger] : Array.Empty<string>()])
            .Rows.Sum(row => row.TotalTokens);

    private OpiLedgerUpdate Update() => new UsageLedger(Ledger).Add(
        Scan.Of([UsageSource.Codex], Ledger, Directory.GetFiles(_folder.Path, "*.jsonl")).Rows, TimeSpan.Zero);

    private string Write(string name, params string[] lines) => _folder.Write(string.Join('\n', lines) + "\n", name);

    private static DateTimeOffset Time(string time) => DateTimeOffset.Parse($"2026-10-01T{time}Z", CultureInfo.InvariantCulture);

    private static string Meta(string id, string time, string? forkedFrom = null) =>
        $$"""{"timestamp":"2026-10-01T{{time}}.000Z","type":"session_meta","payload":{"id":"{{id}}",{{(forkedFrom is null ? "" : $"\"forked_from_id\":\"{forkedFrom}\",")}}"cwd":"/r"} }""";

    private static string Count(string time, long total) =>
        $$$"""{"timestamp":"2026-10-01T{{{time}}}.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{total}}},"output_tokens":0} } } }""";
}
