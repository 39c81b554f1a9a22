namespace Opi.Tests;

/// <summary>Which files are read for the time that is asked for. A file that is not read is known by the damage in it that nobody tells.</summary>
public class SinceReadsLittleTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_the_ledger_the_files_of_the_months_that_are_asked_for(bool isFound)
    {
        using var folder = new TempFolder();
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add([Row("a", Since.AddMonths(-2)), Row("b", Since.AddMonths(-1)), Row("c", Since), Row("d", Since.AddMonths(1)), Row("e", null)], TimeSpan.Zero);
        foreach (string file in ledger.Files())
        {
            File.AppendAllText(file, "nonsense\n");
        }

        // Named as a ledger, or found to be one among all sources.
        UsageSource[] sources = isFound ? [.. Enum.GetValues<UsageSource>()] : [UsageSource.Ledger];
        UsageQuery query = new() { Sources = sources, Paths = [ledger.Folder] };
        Assert.Equal("usage-2026-11.jsonl, usage-2026-12.jsonl: c, d", Read(query with { Since = Since }));
        Assert.Equal("usage-2026-11.jsonl: c", Read(query with { Since = Since, Until = Since.AddMonths(1) }));
        Assert.Equal("usage-2026-09.jsonl: a", Read(query with { Until = Since.AddMonths(-1) }));
        Assert.Equal("usage-2026-09.jsonl, usage-2026-10.jsonl, usage-2026-11.jsonl, usage-2026-12.jsonl, usage-undated.jsonl: a, b, c, d, e", Read(query));
    }

    [Theory]
    [InlineData(UsageSource.ClaudeCode)]
    [InlineData(UsageSource.Pi)]
    public void Of_an_agent_that_only_adds_to_its_logs_those_that_were_written_to_since(UsageSource source)
    {
        using var folder = new TempFolder();
        foreach ((string name, int days) in new[] { ("old", -9), ("yesterday", -1), ("new", 3) })
        {
            string path = folder.Write(Line(source, name, Since.AddDays(days)) + "\nnonsense\n", $"{name}.jsonl");
            File.SetLastWriteTimeUtc(path, Since.AddDays(days).UtcDateTime);
        }

        foreach (UsageSource[] sources in (UsageSource[][])[[source], [.. Enum.GetValues<UsageSource>()]])
        {
            UsageScanResult result = UsageScan.Run(new UsageQuery { Sources = sources, Paths = [folder.Path], Since = Since });
            Assert.Equal(Since.AddDays(3), Assert.Single(result.Rows).Timestamp);
            Assert.Equal(["new.jsonl", "yesterday.jsonl"], result.Findings.Select(finding => Path.GetFileName(finding.Path)).Order());
            Assert.Equal(2, result.FileCount);
        }
    }

    /// <summary>Of each agent's home as it was tallied: every moment, with files as old as their last response, and a day older.</summary>
    [Theory]
    [MemberData(nameof(AgentHomeTests.Homes), MemberType = typeof(AgentHomeTests))]
    public void Of_every_agent_all_that_came_since_and_nothing_else(string home)
    {
        using var folder = new TempFolder();
        string from = Path.Combine(Repository.Root, "tests", "data", "agent-homes", home);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = folder.File(Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        OpiUsage[] all = [.. Scan.Of(Agents, null, folder.Path).Rows];
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            DateTimeOffset? last = all.Where(row => row.Path == file).Max(row => row.Timestamp);
            File.SetLastWriteTimeUtc(file, last?.UtcDateTime.AddHours(-23) ?? new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        UsageSource[] sources = [.. all.Select(row => row.Source).Distinct()];
        DateTimeOffset[] moments = [.. all.Select(row => row.Timestamp!.Value).Distinct().SelectMany(time => (DateTimeOffset[])[time, time.AddTicks(1), time.AddDays(2)])];
        foreach (DateTimeOffset since in moments)
        {
            foreach (UsageSource[] asked in (UsageSource[][])[Agents, sources])
            {
                UsageScanResult result = UsageScan.Run(new UsageQuery
                {
                    Sources = asked, Paths = [folder.Path], Since = since, LedgerFolder = folder.File("no-ledger"),
                });
                Assert.Equal(all.Where(row => row.Timestamp >= since).Select(Show), result.Rows.Select(Show));
            }
        }

        UsageQuery late = new() { Sources = sources, Paths = [folder.Path], Since = moments.Max().AddYears(1), LedgerFolder = folder.File("no-ledger") };
        int kept = home.StartsWith("copilot-cli", StringComparison.Ordinal) && all.Length > 0
            ? Directory.EnumerateFiles(folder.Path, "session-store.db", SearchOption.AllDirectories).Count()
            : OperatingSystem.IsWindows() ? all.Select(row => row.Path!).Distinct().Count(DatabaseFile.IsNamedSo) // the time of an open log comes late there
            : 0;
        Assert.Equal(kept, UsageScan.Run(late).FileCount);
    }

    [Fact]
    public void A_database_whose_log_was_written_to_since_is_read()
    {
        using var folder = new TempFolder();
        string database = Path.Combine(Repository.Root, "tests", "data", "agent-homes", "goose-made");
        string path = folder.File("sessions.db");
        File.Copy(Directory.EnumerateFiles(database, "sessions.db", SearchOption.AllDirectories).Single(), path);
        File.SetLastWriteTimeUtc(path, Since.AddDays(-9).UtcDateTime);
        UsageQuery query = new() { Sources = [UsageSource.Goose], Paths = [path], Since = Since, LedgerFolder = folder.File("no-ledger") };
        Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, UsageScan.Run(query).FileCount);
        File.WriteAllText(path + "-wal", "");
        File.SetLastWriteTimeUtc(path + "-wal", Since.AddHours(-20).UtcDateTime);
        Assert.Equal(1, UsageScan.Run(query).FileCount);
        Assert.Equal(1, UsageScan.Run(query with { Since = null }).FileCount);
    }

    [Theory]
    [InlineData("session-2026-10-01T10-00-5e55a0c1.jsonl")]
    [InlineData("another-5e55a0c1-name.jsonl")]
    public void A_chat_of_Gemini_that_goes_on_in_another_file_is_read_whole(string second)
    {
        using var folder = new TempFolder();
        string session = "5e55a0c1-0000-0000-0000-000000000001";
        string old = folder.Write(
            $$$"""{"sessionId":"{{{session}}}","projectHash":"p","startTime":"{{{Since.AddDays(-30):O}}}","messages":[{{{Gemini("m1", Since.AddDays(-30), 900)}}}]}""",
            "session-2026-10-01T10-00-5e55a0c1.json");
        File.SetLastWriteTimeUtc(old, Since.AddDays(-30).UtcDateTime);
        folder.Write(
            $$$"""{"sessionId":"{{{session}}}","projectHash":"p","startTime":"{{{Since.AddDays(-30):O}}}"}""" + "\n" + Gemini("m1", Since.AddDays(2), 100) + "\n"
                + Gemini("m2", Since.AddDays(2), 70) + "\n",
            second);
        UsageQuery query = new() { Sources = [UsageSource.Gemini], Paths = [folder.Path], LedgerFolder = folder.File("no-ledger") };
        OpiUsage[] all = [.. UsageScan.Run(query).Rows.Where(row => row.Timestamp >= Since)];
        Assert.Equal(70, Assert.Single(all).InputTokens); // the larger copy of the other one is from before
        Assert.Equal(all.Select(Show), UsageScan.Run(query with { Since = Since }).Rows.Select(Show));
    }

    [Fact]
    public void The_log_that_a_fork_of_Codex_comes_from_is_read_whenever_it_was_written()
    {
        using var folder = new TempFolder();
        string parent = "0199aaaa-0000-7000-8000-000000000001", child = "0199aaaa-0000-7000-8000-000000000002";
        string old = folder.Write(
            Meta(parent, null, Since.AddDays(-9)) + Count(Since.AddDays(-9), 1000) + Count(Since.AddDays(-9), 2500), $"rollout-2026-10-23T00-00-00-{parent}.jsonl");
        File.SetLastWriteTimeUtc(old, Since.AddDays(-9).UtcDateTime);
        folder.Write(
            Meta(child, parent, Since.AddDays(2)) + Count(Since.AddDays(2), 1000) + Count(Since.AddDays(2), 2500) + Count(Since.AddDays(2).AddMinutes(5), 2600),
            $"rollout-2026-11-03T00-00-00-{child}.jsonl");

        UsageQuery query = new() { Sources = [UsageSource.Codex], Paths = [folder.Path], LedgerFolder = folder.File("no-ledger") };
        OpiUsage[] all = [.. UsageScan.Run(query).Rows.Where(row => row.Timestamp >= Since)];
        OpiUsage[] since = [.. UsageScan.Run(query with { Since = Since }).Rows];

        Assert.Equal(100, Assert.Single(all).InputTokens);
        Assert.Equal(all, since);
    }

    private static readonly UsageSource[] Agents = [.. Enum.GetValues<UsageSource>().Except([UsageSource.Opi, UsageSource.Ledger, UsageSource.Other])];

    private static string Show(OpiUsage row) =>
        $"{row.Time} {row.Source} {row.Key} {row.SessionId} {row.Project} {row.Model} {row.TotalTokens} {row.Bill} {row.IsSidechain}";

    private static string Gemini(string id, DateTimeOffset time, int input) =>
        $$$$"""{"id":"{{{{id}}}}","type":"gemini","timestamp":"{{{{time:O}}}}","model":"gemini-2.5-pro","content":"x","tokens":{"input":{{{{input}}}},"output":5,"cached":0,"thoughts":0,"tool":0,"total":{{{{input + 5}}}} } }""";

    private static string Read(UsageQuery query)
    {
        UsageScanResult result = UsageScan.Run(query);
        return string.Join(", ", result.Findings.Select(finding => Path.GetFileName(finding.Path)).Order(StringComparer.Ordinal))
            + ": " + string.Join(", ", result.Rows.Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    private static OpiUsage Row(string key, DateTimeOffset? time) => new()
    {
        Key = key, Timestamp = time, Source = UsageSource.ClaudeCode, Provider = "anthropic", Model = "claude-opus-4-5", InputTokens = 10, TotalTokens = 10,
    };

    private static string Line(UsageSource source, string id, DateTimeOffset time) => source == UsageSource.Pi
        ? $$$"""
            {"type":"session","version":3,"id":"{{{id}}}","timestamp":"{{{time:O}}}","cwd":"/w"}
            {"type":"message","id":"{{{id}}}","parentId":null,"timestamp":"{{{time:O}}}","message":{"role":"assistant","content":[],"provider":"anthropic","model":"claude-opus-4-5","usage":{"input":10,"output":1,"cacheRead":0,"cacheWrite":0} } }
            """
        : $$$$"""{"type":"assistant","sessionId":"{{{{id}}}}","isSidechain":false,"timestamp":"{{{{time:O}}}}","requestId":"r{{{{id}}}}","message":{"id":"m{{{{id}}}}","role":"assistant","model":"claude-opus-4-5","usage":{"input_tokens":10,"output_tokens":1} } }""";

    private static string Meta(string id, string? parent, DateTimeOffset time) =>
        $$$"""{"timestamp":"{{{time:O}}}","type":"session_meta","payload":{"id":"{{{id}}}",{{{(parent is null ? "" : $"\"forked_from_id\":\"{parent}\",")}}}"timestamp":"{{{time:O}}}","cwd":"/w","model_provider":"openai"}}""" + "\n"
        + $$$"""{"timestamp":"{{{time:O}}}","type":"turn_context","payload":{"model":"gpt-5.4"}}""" + "\n";

    private static string Count(DateTimeOffset time, int total) =>
        $$$$"""{"timestamp":"{{{{time:O}}}}","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{{total}}}},"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":{{{{total}}}} } } } }""" + "\n";
}
