using Microsoft.Data.Sqlite;

namespace Opi.Tests;

/// <summary>The database of Hermes Agent, made after the tables of its source.</summary>
public class HermesLogTests
{
    private const string Tables = """
        CREATE TABLE schema_version (version INTEGER NOT NULL);
        CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT NOT NULL, model TEXT, parent_session_id TEXT, started_at REAL NOT NULL, cwd TEXT,
            input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0, cache_read_tokens INTEGER DEFAULT 0, cache_write_tokens INTEGER DEFAULT 0,
            reasoning_tokens INTEGER DEFAULT 0, billing_provider TEXT, estimated_cost_usd REAL, actual_cost_usd REAL);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, timestamp REAL);
        CREATE TABLE session_model_usage (session_id TEXT NOT NULL, model TEXT NOT NULL, billing_provider TEXT NOT NULL DEFAULT '',
            billing_base_url TEXT NOT NULL DEFAULT '', billing_mode TEXT NOT NULL DEFAULT '', task TEXT NOT NULL DEFAULT '',
            api_call_count INTEGER NOT NULL DEFAULT 0, input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,
            cache_read_tokens INTEGER NOT NULL DEFAULT 0, cache_write_tokens INTEGER NOT NULL DEFAULT 0, reasoning_tokens INTEGER NOT NULL DEFAULT 0,
            estimated_cost_usd REAL NOT NULL DEFAULT 0, actual_cost_usd REAL NOT NULL DEFAULT 0, cost_status TEXT, cost_source TEXT,
            first_seen REAL, last_seen REAL);
        INSERT INTO sessions VALUES ('old', 'cli', 'claude-sonnet-4-5', NULL, 1790000000.5, '/w/app', 1000, 100, 5000, 200, 40, 'anthropic', 0.1, NULL);
        INSERT INTO sessions VALUES ('s1', 'cli', 'claude-sonnet-4-5', NULL, 1793000000.5, '/w/app', 3000, 300, 0, 0, 0, 'anthropic', 0.2, NULL);
        INSERT INTO session_model_usage VALUES ('s1', 'claude-sonnet-4-5', 'anthropic', '', 'api', '', 2, 2000, 200, 0, 0, 50, 0.009, 0, 'estimated', 'x', 1793000100, 1793000200);
        INSERT INTO session_model_usage VALUES ('s1', 'hermes-4-405b', 'nous', 'https://n', 'api', '', 1, 1000, 100, 0, 0, 0, 0.4, 0.5, 'actual', 'y', 1793000300, 1793000300);
        INSERT INTO session_model_usage VALUES ('s1', 'house-model', 'custom', '', '', 'title', 1, 70, 7, 0, 0, 0, 0, 0, NULL, NULL, 1793000400, 1793000400);
        """;

    [Fact]
    public void What_was_said_is_found()
    {
        using var folder = new TempFolder();
        string path = Make(folder, "state.db");
        using (var agent = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            agent.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = agent.CreateCommand();
            command.CommandText = """
                ALTER TABLE sessions ADD COLUMN title TEXT;
                ALTER TABLE messages ADD COLUMN tool_calls TEXT;
                ALTER TABLE messages ADD COLUMN tool_call_id TEXT;
                ALTER TABLE messages ADD COLUMN tool_name TEXT;
                UPDATE sessions SET title = 'the needle of the name' WHERE id = 's1';
                INSERT INTO messages VALUES (1, 's1', 'user', 'find the needle', 1793000101.5, NULL, NULL, NULL);
                INSERT INTO messages VALUES (2, 's1', 'assistant', 'here', 1793000102,
                    '[{"id":"c1","type":"function","function":{"name":"grep","arguments":"{\"pattern\":\"needle\"}"}}]', NULL, NULL);
                INSERT INTO messages VALUES (3, 's1', 'tool', 'a.cs: needle', 1793000103, NULL, 'c1', 'grep');
                """;
            command.ExecuteNonQuery();
        }

        IReadOnlyList<OpiSearchHit> hits = Find.Of(new SearchRequest { Text = "needle", Sources = [UsageSource.Hermes], Paths = [path] });

        Assert.Equal(
            ["Name ", "User ", "Assistant grep", "ToolResult grep"],
            hits.OrderBy(hit => hit.Timestamp).Select(hit => $"{hit.Role} {hit.Tool}"));
        Assert.All(hits, hit => Assert.Equal(("s1", "/w/app"), (hit.SessionId, hit.Project)));
    }

    [Fact]
    public void Each_model_of_a_session_is_a_row_and_what_is_older_than_these_rows_is_one_more()
    {
        using var folder = new TempFolder();
        string path = Make(folder, "state.db");
        byte[] before = SharedText.ReadAllBytes(path);

        UsageScanResult result = Scan.Of(UsageSource.Hermes, folder.Path);

        Assert.Equal(
            ["old claude-sonnet-4-5 1000 100 5000 200", "s1 claude-sonnet-4-5 2000 200 0 0", "s1 hermes-4-405b 1000 100 0 0", "s1 house-model 70 7 0 0"],
            result.Rows.Select(row => $"{row.SessionId} {row.Model} {row.InputTokens} {row.OutputTokens} {row.CacheReadTokens} {row.CacheWriteTokens}"));
        Assert.All(result.Rows, row => Assert.Equal((UsageSource.Hermes, "/w/app"), (row.Source, row.Project)));
        Assert.Equal(["anthropic", "anthropic", "nous", null], result.Rows.Select(row => row.Provider));
        Assert.Equal(50, result.Rows[1].ReasoningTokens);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1793000100), result.Rows[1].Timestamp);
        Assert.Equal((0.5m, CostSource.Billed), (result.Rows[2].Cost, result.Rows[2].CostSource));
        Assert.Empty(result.Findings);
        Assert.Equal(before, SharedText.ReadAllBytes(path));
    }

    [Fact]
    public void It_is_known_among_all_sources_and_in_a_profile()
    {
        using var folder = new TempFolder();
        Make(folder, "state.db");
        Directory.CreateDirectory(folder.File("profiles/work"));
        Make(folder, "profiles/work/state.db", "UPDATE sessions SET id = id || '-work'; UPDATE session_model_usage SET session_id = session_id || '-work';");

        UsageScanResult result = Scan.Of([.. Enum.GetValues<UsageSource>()], null, folder.Path);

        Assert.Equal(8, result.Rows.Count);
        Assert.All(result.Rows, row => Assert.Equal(UsageSource.Hermes, row.Source));
    }

    private static string Make(TempFolder folder, string name, string change = "")
    {
        string path = folder.File(name);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Tables + change;
        command.ExecuteNonQuery();
        return path;
    }
}
