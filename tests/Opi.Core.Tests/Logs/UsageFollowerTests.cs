using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Opi.Tests;

/// <summary>Logs that are followed while agents write them.</summary>
public class UsageFollowerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Lines_that_are_added_are_read_and_no_others()
    {
        using var folder = new TempFolder();
        string path = folder.Write(string.Concat(Enumerable.Range(0, 500).Select(i => Line(i, 100, 10))), "a.jsonl");
        UsageFollower follower = Follow(folder, UsageSource.ClaudeCode);
        Assert.Equal(500, follower.Next(null, default).Length);
        Assert.Equal(new FileInfo(path).Length, follower.BytesRead);

        Assert.Empty(follower.Next(null, default));
        File.AppendAllText(path, Line(500, 7, 3));
        long before = follower.BytesRead;
        OpiUsage row = Assert.Single(follower.Next(null, default));

        Assert.Equal(("msg_000000000000000000000500", 7L, 3L), (row.ResponseId, row.InputTokens, row.OutputTokens));
        Assert.Equal(Line(500, 7, 3).Length, follower.BytesRead - before);
    }

    // The new file is as long as the one before, or longer: its length alone says that something was added, or nothing.
    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(9, false)]
    [InlineData(9, true)]
    public void A_file_that_was_replaced_or_written_anew_is_read_from_its_beginning(int lines, bool isReplaced)
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line(1, 10, 1) + Line(2, 10, 1), "a.jsonl");
        UsageFollower follower = Follow(folder, UsageSource.ClaudeCode);
        Assert.Equal(2, follower.Next(null, default).Length);

        string text = string.Concat(Enumerable.Range(100, lines).Select(i => Line(i, 10, 1)));
        if (isReplaced)
        {
            using var other = new TempFolder();
            File.Move(other.Write(text), path, overwrite: true);
        }
        else
        {
            File.WriteAllText(path, text);
        }

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(
            Enumerable.Range(100, lines).Select(i => $"msg_{i:D24}"),
            follower.Next(null, default).Select(row => row.ResponseId));
    }

    [Fact]
    public void A_line_is_read_when_it_is_whole()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line(1, 10, 1), "a.jsonl");
        UsageFollower follower = Follow(folder, UsageSource.ClaudeCode);
        Assert.Single(follower.Next(null, default));

        File.AppendAllText(path, Line(2, 20, 2)[..60]);
        Assert.Empty(follower.Next(null, default));
        File.AppendAllText(path, Line(2, 20, 2).TrimEnd('\n')[60..]);
        Assert.Equal(20, Assert.Single(follower.Next(null, default)).InputTokens); // an object that has its end, before its line end
        File.AppendAllText(path, "\n" + Line(3, 30, 3));

        Assert.Equal(30, Assert.Single(follower.Next(null, default)).InputTokens);
        Assert.Empty(follower.Result.Findings);
    }

    [Fact]
    public void What_a_response_grows_by_is_a_further_row_so_that_the_sum_is_right()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line(1, 1000, 1), "a.jsonl");
        UsageFollower follower = Follow(folder, UsageSource.ClaudeCode);
        var rows = new List<OpiUsage>(follower.Next(null, default));
        foreach (int output in (int[])[8, 8, 400])
        {
            File.AppendAllText(path, Line(1, 1000, output));
            rows.AddRange(follower.Next(null, default));
        }

        Assert.Equal([(1000L, 1L), (0L, 7L), (0L, 392L)], rows.Select(row => (row.InputTokens, row.OutputTokens)));
        OpiUsage whole = Assert.Single(Scan.Of(UsageSource.ClaudeCode, folder.Path).Rows);
        Assert.Equal((whole.Cost, whole.TotalTokens), (rows.Sum(row => row.Cost), rows.Sum(row => row.TotalTokens)));

        // Added up again by their tokens they cost the same.
        var groups = new CostGroups([CostGrouping.Source], TimeZoneInfo.Utc, PricingCatalog.Default);
        rows.ForEach(groups.Add);
        Assert.Equal(whole.Cost, groups.ToTotal().Cost.TotalCost);
    }

    [Fact]
    public void New_files_are_found_and_a_copy_counts_once()
    {
        using var folder = new TempFolder();
        UsageFollower follower = Follow(folder, UsageSource.ClaudeCode);
        Assert.Empty(follower.Next(null, default));

        Directory.CreateDirectory(folder.File("projects/p"));
        folder.Write(Line(1, 10, 1) + Line(2, 20, 2), "projects/p/a.jsonl");
        Assert.Equal([10L, 20L], follower.Next(null, default).Select(row => row.InputTokens));
        folder.Write(Line(2, 20, 2) + Line(3, 30, 3), "projects/p/b.jsonl");
        Assert.Equal([30L], follower.Next(null, default).Select(row => row.InputTokens));
        Assert.Equal(60, Scan.Of(UsageSource.ClaudeCode, folder.Path).Rows.Sum(row => row.InputTokens));
    }

    [Fact]
    public void A_running_total_goes_on_where_it_was()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            """
            {"timestamp":"2026-11-24T10:00:00Z","type":"session_meta","payload":{"id":"t1","timestamp":"2026-11-24T10:00:00Z","cwd":"/w","model_provider":"openai"}}
            {"timestamp":"2026-11-24T10:00:01Z","type":"turn_context","payload":{"model":"gpt-5.4"}}

            """ + Count(1, 1000), "rollout-a.jsonl");
        UsageFollower follower = Follow(folder, UsageSource.Codex);
        Assert.Equal([1000L], follower.Next(null, default).Select(row => row.InputTokens));

        File.AppendAllText(path, Count(2, 1600) + Count(3, 1650));

        OpiUsage[] added = follower.Next(null, default);
        Assert.Equal([600L, 50L], added.Select(row => row.InputTokens));
        Assert.All(added, row => Assert.Equal(("gpt-5.4", "t1"), (row.Model, row.SessionId)));
    }

    [Fact]
    public void A_session_of_Opi_and_a_document_are_followed_too()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        UsageFollower follower = Follow(folder, UsageSource.Opi, UsageSource.Amp);
        Assert.Empty(follower.Next(null, default));

        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(100, 10))]);
        Assert.Equal([100L], follower.Next(null, default).Select(row => row.InputTokens));
        long before = follower.BytesRead;
        long length = new FileInfo(session.Path).Length;
        session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(200, 10))]);
        Assert.Equal([200L], follower.Next(null, default).Select(row => row.InputTokens));
        Assert.Equal(new FileInfo(session.Path).Length - length, follower.BytesRead - before);
        OpiUsage last = Scan.Of(UsageSource.Opi, folder.Path).Rows[^1];
        Assert.Equal((2, 200L), (last.Turn, last.InputTokens));
    }

    [Fact]
    public void A_database_is_looked_at_again_when_its_agent_wrote()
    {
        using var folder = new TempFolder();
        FollowDatabase(folder, folder.File("state.db"));
    }

    [Fact]
    public void A_message_of_a_database_that_is_written_again_and_again_counts_once()
    {
        using var folder = new TempFolder();
        using var agent = new SqliteConnection($"Data Source={folder.File("opencode.db")};Pooling=False");
        agent.Open();
        Run(agent, "PRAGMA journal_mode = WAL; CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT);");
        Run(agent, "CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT)");
        Run(agent, "INSERT INTO session VALUES ('s', NULL, '/w')");
        var time = new ManualTime(Start, TimeSpan.FromMinutes(1));
        var follower = new UsageFollower(new UsageQuery { Sources = [UsageSource.OpenCode], Paths = [folder.Path] }, PricingCatalog.Default, time);
        var rows = new List<OpiUsage>();
        Write(1, 100, 10);
        Look();
        Write(2, 500, 0);
        Look();
        Write(2, 500, 20);
        Look();
        Write(1, 100, 30); // of an older message
        Write(2, 500, 90);
        Write(3, 7, 1);
        Look();

        Assert.Equal((607L, 121L), (rows.Sum(row => row.InputTokens), rows.Sum(row => row.OutputTokens)));
        Assert.Equal([(100, 10), (500, 0), (0, 20), (0, 20), (0, 70), (7, 1)], rows.Select(row => (row.InputTokens, row.OutputTokens)));
        UsageScanResult whole = Scan.Of(UsageSource.OpenCode, folder.Path);
        Assert.Equal((607L, 121L), (whole.Rows.Sum(row => row.InputTokens), whole.Rows.Sum(row => row.OutputTokens)));

        void Look()
        {
            for (int i = 0; i < 40; i++)
            {
                rows.AddRange(follower.Next(null, default)); // it is not read all the time
            }
        }

        void Write(int id, int input, int output)
        {
            long at = Start.AddMinutes(id).ToUnixTimeMilliseconds();
            Run(agent, string.Create(
                CultureInfo.InvariantCulture,
                $$$"""INSERT OR REPLACE INTO message VALUES ('m{{{id}}}', 's', {{{at}}}, {{{at + output}}}, '{"role":"assistant","providerID":"p","modelID":"m","time":{"created":{{{at}}}},"tokens":{"input":{{{input}}},"output":{{{output}}},"reasoning":0,"cache":{"read":0,"write":0} } }')"""));
        }
    }

    [Fact]
    public void A_database_is_read_no_more_than_a_tenth_of_the_time()
    {
        using var folder = new TempFolder();
        using var agent = new SqliteConnection($"Data Source={folder.File("state.db")};Pooling=False");
        agent.Open();
        Run(agent, "CREATE TABLE messages (id INTEGER); CREATE TABLE sessions (id TEXT, model TEXT, started_at REAL, input_tokens INTEGER, output_tokens INTEGER);");
        Run(agent, "INSERT INTO sessions VALUES ('s', 'claude-sonnet-4-5', 1793000000, 1, 0)");
        var time = new ManualTime(Start, TimeSpan.FromMinutes(1));
        var follower = new UsageFollower(new UsageQuery { Sources = [UsageSource.Hermes], Paths = [folder.Path] }, PricingCatalog.Default, time);
        var read = new List<DateTimeOffset>();
        for (int i = 0; i < 100; i++)
        {
            Run(agent, "UPDATE sessions SET input_tokens = input_tokens + 1");
            if (follower.Next(null, default).Length > 0)
            {
                read.Add(time.Now);
            }
        }

        Assert.InRange(read.Count, 5, 100); // reading takes a minute of this clock
        Assert.All(read.Zip(read.Skip(1), (one, next) => next - one), pause => Assert.True(pause >= TimeSpan.FromMinutes(10), $"{pause}"));
    }

    [UnixFact]
    public void A_database_behind_a_link_is_looked_at_again_when_its_agent_wrote_beside_it()
    {
        using TempFolder folder = new(), real = new();
        File.CreateSymbolicLink(folder.File("state.db"), real.File("state.db"));
        FollowDatabase(folder, real.File("state.db"));
    }

    private static void FollowDatabase(TempFolder folder, string database)
    {
        using var agent = new SqliteConnection($"Data Source={database};Pooling=False");
        agent.Open();
        Run(agent, "PRAGMA journal_mode = WAL; CREATE TABLE messages (id INTEGER); CREATE TABLE sessions (id TEXT, model TEXT, billing_provider TEXT, started_at REAL, input_tokens INTEGER, output_tokens INTEGER);");
        Run(agent, "INSERT INTO sessions VALUES ('s', 'claude-sonnet-4-5', 'anthropic', 1793000000, 100, 10)");
        var time = new ManualTime(Start, TimeSpan.FromMinutes(1));
        var follower = new UsageFollower(new UsageQuery { Sources = [UsageSource.Hermes], Paths = [folder.Path] }, PricingCatalog.Default, time);
        Assert.Equal([100L], follower.Next(null, default).Select(row => row.InputTokens));

        Run(agent, "UPDATE sessions SET input_tokens = 150");
        var rows = new List<OpiUsage>();
        for (int i = 0; i < 20 && rows.Count == 0; i++)
        {
            rows.AddRange(follower.Next(null, default)); // it is not read all the time
        }

        Assert.Equal((50L, 0L), (Assert.Single(rows).InputTokens, rows[0].OutputTokens));
    }

    [Fact]
    public void Only_what_is_asked_for_is_given_and_what_is_wrong_is_reported_once()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Line(1, 10, 1) + Line(90, 20, 2), "a.jsonl");
        var query = new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder.Path], Since = Start.AddMinutes(60), Models = ["*sonnet*"] };
        var follower = new UsageFollower(query, PricingCatalog.Default, TimeProvider.System);
        Assert.Equal([20L], follower.Next(null, default).Select(row => row.InputTokens));

        File.AppendAllText(path, "nonsense\n");
        Assert.Empty(follower.Next(null, default));
        Assert.Single(follower.Result.Findings);
        File.AppendAllText(path, Line(91, 30, 3) + Line(92, 40, 4).Replace("sonnet", "opus", StringComparison.Ordinal));
        Assert.Equal([30L], follower.Next(null, default).Select(row => row.InputTokens));
        Assert.Empty(follower.Result.Findings);
        File.AppendAllText(path, "more nonsense\n");
        follower.Next(null, default);
        Assert.Empty(follower.Result.Findings);
    }

    private static UsageFollower Follow(TempFolder folder, params UsageSource[] sources) =>
        new(new UsageQuery { Sources = sources, Paths = [folder.Path], LedgerFolder = folder.File("no-ledger") }, PricingCatalog.Default, TimeProvider.System);

    private static string Line(int number, int input, int output) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"type":"assistant","sessionId":"s1","isSidechain":false,"timestamp":"{{Start.AddMinutes(number):O}}","cwd":"/w","requestId":"r{{number}}","message":{"id":"msg_{{number:D24}}","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":{{input}},"output_tokens":{{output}} } } }
        """) + "\n";

    private static string Count(int second, int total) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"timestamp":"{{Start.AddSeconds(second):O}}","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{total}},"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":{{total}} } } } }
        """) + "\n";

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
