using System.Runtime.Loader;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Opi.Tests;

/// <summary>Databases that an agent has open, and bad ones.</summary>
public sealed class DatabaseFileTests
{
    private const string Tables =
        "CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT); CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, data TEXT)";

    [Fact]
    public void What_an_agent_has_not_yet_moved_out_of_the_log_is_read_and_what_it_has_not_committed_is_not()
    {
        using var folder = new TempFolder();
        using SqliteConnection agent = Open(folder, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + Tables);
        Add(agent, 1);
        Add(agent, 2);
        using SqliteTransaction open = agent.BeginTransaction();
        Add(agent, 3, open);
        Dictionary<string, string> before = Hashes(folder.Path);

        UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);

        Assert.Equal([11L, 12L], result.Rows.Select(row => row.TotalTokens));
        Assert.Empty(result.Findings);
        Assert.Equal(before, Hashes(folder.Path));
        open.Commit();
        Assert.Equal(3, Scan.Of(UsageSource.OpenCode, folder.Path).Rows.Count);
    }

    [Fact]
    public async Task While_an_agent_writes_only_whole_transactions_are_seen()
    {
        using var folder = new TempFolder();
        using SqliteConnection agent = Open(folder, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 20;" + Tables);
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                using SqliteTransaction all = agent.BeginTransaction();
                for (int j = 0; j < 10; j++)
                {
                    Add(agent, (i * 10) + j, all);
                }

                all.Commit();
            }
        });

        int last = 0;
        try
        {
            while (!writer.IsCompleted)
            {
                UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);
                Assert.Empty(result.Findings);
                Assert.Equal(0, result.Rows.Count % 10);
                Assert.InRange(result.Rows.Count, last, 600);
                last = result.Rows.Count;
            }
        }
        finally
        {
            await writer; // it still writes where something failed, and would fail too once its connection is closed
        }

        Assert.Equal(600, Scan.Of(UsageSource.OpenCode, folder.Path).Rows.Count);
    }

    [Fact]
    public void What_a_disturbed_reading_saw_is_not_told_of_the_next_one()
    {
        var file = new LogFile("opencode.db", 1, null);
        file.Skip("a row that is not JSON");
        file.LackUsage("a line without usage");
        file.Count(3, 2);
        file.Fail("it has no table that Opi knows", isLog: true);

        file.ForgetReading();

        Assert.Null(file.ToFinding());
    }

    // The clock of a file system may stand still for milliseconds, and neither the length nor the header of the database changes here.
    [Fact]
    public void A_checkpoint_is_noticed_within_one_step_of_the_clock()
    {
        using var folder = new TempFolder();
        using SqliteConnection agent = Open(folder, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + Tables);
        Add(agent, 1);
        Run(agent, "PRAGMA wal_checkpoint(PASSIVE)");
        Run(agent, "UPDATE message SET data = replace(data, 'x', 'y')");
        string path = folder.File("opencode.db");
        DateTime time = File.GetLastWriteTimeUtc(path);
        string before = DatabaseFile.StateOf(path);

        Run(agent, "UPDATE message SET data = replace(data, 'y', 'z')");
        Assert.Equal(before, DatabaseFile.StateOf(path)); // it only adds to the log
        Run(agent, "PRAGMA wal_checkpoint(PASSIVE)");
        File.SetLastWriteTimeUtc(path, time);

        Assert.NotEqual(before, DatabaseFile.StateOf(path));
    }

    [Fact]
    public void A_log_that_an_agent_left_when_it_was_killed_is_read_where_it_is()
    {
        using var live = new TempFolder();
        using var left = new TempFolder();
        using (SqliteConnection agent = Open(live, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + Tables))
        {
            Add(agent, 1);
            File.Copy(live.File("opencode.db"), left.File("opencode.db"));
            File.Copy(live.File("opencode.db-wal"), left.File("opencode.db-wal"));
        }

        Dictionary<string, string> before = Hashes(left.Path);

        Assert.Single(Scan.Of(UsageSource.OpenCode, left.Path).Rows);
        Assert.Equal(before, Hashes(left.Path)); // no index beside it, and the log still there
    }

    [Fact]
    public void A_write_that_was_broken_off_is_undone_in_a_copy()
    {
        using var live = new TempFolder();
        using var left = new TempFolder();
        using (SqliteConnection agent = Open(live, "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1;" + Tables))
        {
            Add(agent, 1);
            using SqliteTransaction open = agent.BeginTransaction();
            for (int i = 2; i < 400; i++)
            {
                Add(agent, i, open);
            }

            File.Copy(live.File("opencode.db"), left.File("opencode.db"));
            File.Copy(live.File("opencode.db-journal"), left.File("opencode.db-journal"));
            open.Rollback();
        }

        Dictionary<string, string> before = Hashes(left.Path);

        Assert.Equal(11, Assert.Single(Scan.Of(UsageSource.OpenCode, left.Path).Rows).TotalTokens);
        Assert.Equal(before, Hashes(left.Path));
    }

    [Fact]
    public void A_locked_database_is_read_as_it_was_committed()
    {
        using var folder = new TempFolder();
        using SqliteConnection agent = Open(folder, Tables);
        Add(agent, 1);
        Run(agent, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");

        UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);

        Assert.Single(result.Rows);
        Assert.Empty(result.Findings);
    }

    [SkippableFact]
    public void A_database_in_a_folder_that_cannot_be_written_is_read()
    {
        Skip.If(OperatingSystem.IsWindows(), "modes of folders");
        using var live = new TempFolder();
        using var left = new TempFolder();
        using (SqliteConnection agent = Open(live, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + Tables))
        {
            Add(agent, 1);
            File.Copy(live.File("opencode.db"), left.File("opencode.db"));
            File.Copy(live.File("opencode.db-wal"), left.File("opencode.db-wal"));
        }

#pragma warning disable CA1416 // not on Windows
        foreach (string file in Directory.GetFiles(left.Path))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        File.SetUnixFileMode(left.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        UsageScanResult result = Scan.Of(UsageSource.OpenCode, left.Path);
        File.SetUnixFileMode(left.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416

        Assert.Single(result.Rows);
        Assert.Equal(2, Directory.GetFiles(left.Path).Length);
    }

    [Fact]
    public void A_database_that_is_none_is_named_once_with_the_reason()
    {
        using var folder = new TempFolder();
        folder.Write(RandomNumberGenerator.GetBytes(8192), "opencode.db");

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.OpenCode, folder.Path).Findings);

        Assert.Equal(
            (folder.File("opencode.db"), UsageSource.OpenCode, "it is not a SQLite database, or it is encrypted", true),
            (finding.Path, finding.Source, finding.Reason, finding.HidesUsage));
    }

    [Fact]
    public void A_database_that_was_cut_off_is_named_once_with_the_reason()
    {
        using var folder = new TempFolder();
        using (SqliteConnection agent = Open(folder, Tables))
        {
            for (int i = 1; i < 200; i++)
            {
                Add(agent, i);
            }
        }

        byte[] whole = File.ReadAllBytes(folder.File("opencode.db"));
        folder.Write(whole.AsSpan(0, 5000), "opencode.db");

        UsageScanResult result = Scan.Of(UsageSource.OpenCode, folder.Path);

        Assert.Contains("the database is damaged or cut off", Assert.Single(result.Findings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_version_is_named_with_what_is_missing()
    {
        using var folder = new TempFolder();
        Open(folder, "CREATE TABLE session (id TEXT); CREATE TABLE message (id TEXT, session_id TEXT, body TEXT)").Dispose();
        using var other = new TempFolder();
        Open(other, "CREATE TABLE everything (id TEXT)").Dispose();

        Assert.Equal(
            "its table message has no column data: the agent may be newer than Opi",
            Assert.Single(Scan.Of(UsageSource.OpenCode, folder.Path).Findings).Reason);
        Assert.Equal(
            "it has no table that Opi knows of OpenCode: the agent may be newer than Opi",
            Assert.Single(Scan.Of(UsageSource.OpenCode, other.Path).Findings).Reason);
    }

    [Theory]
    [InlineData(UsageSource.Goose, "CREATE TABLE sessions (id TEXT, sums INTEGER); CREATE TABLE messages (id TEXT); CREATE TABLE schema_version (version INTEGER)", "sessions", "accumulated_input_tokens")]
    [InlineData(UsageSource.Goose, "CREATE TABLE sessions (id TEXT); CREATE TABLE usage_ledger (id INTEGER, session_id TEXT, output_tokens INTEGER)", "usage_ledger", "input_tokens")]
    [InlineData(UsageSource.Copilot, "CREATE TABLE assistant_usage_events (session_id TEXT, input_tokens INTEGER, output_tokens INTEGER)", "assistant_usage_events", "cache_read_tokens")]
    [InlineData(UsageSource.Hermes, "CREATE TABLE sessions (id TEXT, input_tokens INTEGER); CREATE TABLE messages (id TEXT)", "sessions", "output_tokens")]
    [InlineData(UsageSource.OpenClaw, "CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, body TEXT)", "transcript_events", "event_json")]
    [InlineData(UsageSource.Crush, "CREATE TABLE sessions (id TEXT, parent_session_id TEXT, updated_at INTEGER); CREATE TABLE messages (id TEXT)", "sessions", "cost")]
    public void A_column_of_counts_that_is_not_there_is_not_taken_for_0(UsageSource source, string tables, string table, string column)
    {
        using var folder = new TempFolder();
        string name = source == UsageSource.Hermes ? "state.db" : "data.db";
        Open(folder, tables, name).Dispose();

        UsageFinding finding = Assert.Single(Scan.Of(source, folder.File(name)).Findings);

        Assert.Equal(($"its table {table} has no column {column}: the agent may be newer than Opi", true), (finding.Reason, finding.HidesUsage));
    }

    [Theory]
    [InlineData("'100'")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("9223372036854775807")]
    public void A_count_that_is_none_is_reported(string count)
    {
        using var folder = new TempFolder();
        Open(folder, "CREATE TABLE assistant_usage_events (session_id, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens);"
            + $"INSERT INTO assistant_usage_events VALUES ('s', {count}, 0, 0, 0)", "session-store.db").Dispose();

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.Copilot, folder.Path).Findings);

        Assert.Equal((1, "a token count that is not a whole number (1)"), (finding.SkippedLines, finding.Reason));
    }

    // The rest of an agent's last writes is in the log beside it; alone it may be one that is only just made.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_database_is_named_and_hides_usage_only_where_its_log_has_some(bool hasLog)
    {
        using var folder = new TempFolder();
        folder.Write("", "opencode.db");
        if (hasLog)
        {
            folder.Write(new string('x', 5000), "opencode.db-wal");
        }

        UsageFinding finding = Assert.Single(Scan.Of(UsageSource.OpenCode, folder.Path).Findings);

        Assert.Equal(("the database is empty", hasLog), (finding.Reason, finding.HidesUsage));
    }

    [Fact]
    public void What_reads_databases_is_apart_from_another_version_that_is_loaded()
    {
        using var folder = new TempFolder();
        using SqliteConnection agent = Open(folder, Tables); // loads the version of the tests
        Add(agent, 1);

        Assert.Single(Scan.Of(UsageSource.OpenCode, folder.Path).Rows);

        Version[] versions = [.. AppDomain.CurrentDomain.GetAssemblies().Where(
            assembly => assembly.GetName().Name == "SQLitePCLRaw.core").Select(assembly => assembly.GetName().Version!).Distinct()];
        Assert.Equal(2, versions.Length);
        Assert.Equal("Opi.Stores", AssemblyLoadContext.GetLoadContext(StoreLibrary.Access.GetType().Assembly)!.Name);
        Add(agent, 2);
        Assert.Equal(2L, Run(agent, "SELECT count(*) FROM message"));
    }

    private static SqliteConnection Open(TempFolder folder, string sql, string name = "opencode.db")
    {
        var connection = new SqliteConnection($"Data Source={folder.File(name)};Pooling=False");
        connection.Open();
        Run(connection, sql);
        return connection;
    }

    private static void Add(SqliteConnection agent, int number, SqliteTransaction? transaction = null) => Run(
        agent,
        $$$"""
        INSERT INTO message VALUES ('msg_{{{number}}}', 'ses_1',
        '{"role":"assistant","modelID":"m","providerID":"p","time":{"created":{{{1790000000000 + number}}}},
        "tokens":{"input":{{{number}}},"output":10,"reasoning":0,"cache":{"read":0,"write":0}},"text":"{{{new string('x', 5000)}}}"}')
        """,
        transaction);

    private static object? Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of this test
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }

    private static Dictionary<string, string> Hashes(string folder) => Directory.GetFiles(folder).ToDictionary(
        file => file,
        file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return $"{stream.Length} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(SHA256.HashData(stream))}";
        });
}
