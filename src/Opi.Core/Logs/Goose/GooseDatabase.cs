using System.Globalization;

namespace Opi;

/// <summary>Reads the database of Goose.</summary>
internal static class GooseDatabase
{
    private const string Ledger = "usage_ledger";

    /// <summary>
    /// Reads the responses of the ledger, and of each session what the ledger does not have: a session can be older than the ledger.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        bool hasLedger = database.Tables.Contains(Ledger);
        database.Require("sessions", hasLedger ? ["id"] : ["id", "accumulated_input_tokens", "accumulated_output_tokens"]);
        Dictionary<string, SessionSums> sessions = ReadSessions(database);
        if (hasLedger)
        {
            database.Require(Ledger, "id", "session_id", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens");
            ReadLedger(part, database, sessions, cancellation);
        }

        foreach (SessionSums session in sessions.Values)
        {
            UsageCounts rest = session.Rest;
            if (rest is not { Input: >= 0, Output: >= 0, CacheRead: >= 0, CacheWrite: >= 0 } || rest.Total == 0)
            {
                continue; // the sums may lag behind the ledger
            }

            var tally = new CountTally();
            LogValueReader.Add(
                part,
                new UsageDraft
                {
                    Source = UsageSource.Goose,
                    Timestamp = session.Time,
                    SessionId = session.Id,
                    Project = session.Folder,
                    Model = session.Model,
                    Provider = session.Provider,
                    Counts = rest,
                    IsSidechain = session.IsSubagent,
                    Billing = BillingDetails.Plain with { ContextTokens = 0 },
                    Key = $"goose:{session.Id}",
                },
                ref tally);
        }
    }

    private static void ReadLedger(
        LogPart part, StoreDatabase database, Dictionary<string, SessionSums> sessions, CancellationToken cancellation)
    {
        string[] columns =
        [
            "id", "session_id", "created_timestamp", "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost",
            "cost_source",
        ];
        string list = string.Join(", ", columns.Select(column => database.Column(Ledger, column)));
        using StoreRows rows = database.Query($"SELECT {list} FROM {Ledger} WHERE {Wanted(part, database)}");
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            SessionSums? session = rows.Text(1) is { } id ? sessions.GetValueOrDefault(id) : null;
            CountTally tally = ReadCounts(rows, 4);
            UsageCounts counts = tally.Within();
            session?.Take(counts);
            decimal? cost = RowCounts.MoneyOf(rows.Number(8));
            bool isBill = cost > 0 && rows.Text(9) == "provider_reported";
            LogValueReader.Add(
                part,
                new UsageDraft
                {
                    Source = UsageSource.Goose,
                    Timestamp = RowCounts.TimeOf(rows.Integer(2)),
                    SessionId = rows.Text(1),
                    Project = session?.Folder,
                    Model = rows.Text(3) ?? session?.Model,
                    Provider = session?.Provider,
                    Counts = counts,
                    IsSidechain = session?.IsSubagent == true,
                    LoggedCost = cost,
                    Billing = isBill ? BillingDetails.Plain with { StatedCost = cost, StatedBy = session?.Provider } : null,
                    Key = FormattableString.Invariant($"goose:{rows.Text(1)}:{rows.Integer(0)}:{rows.Integer(2)}"),
                },
                ref tally);
        }
    }

    /// <summary>The rows of the time that is asked for, and all of the sessions from then: what they have besides their rows is computed.</summary>
    private static string Wanted(LogPart part, StoreDatabase database)
    {
        string recent = database.NotBefore(Ledger, part.File.Since, "created_timestamp");
        string? day = part.File.Since?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return day is not null && database.ColumnsOf("sessions").Contains("created_at")
            ? $"{recent} OR session_id IN (SELECT id FROM sessions WHERE coalesce(julianday(created_at) > julianday('{day}') - 2, 1))"
            : recent;
    }

    private static Dictionary<string, SessionSums> ReadSessions(StoreDatabase database)
    {
        string[] columns =
        [
            "id", "working_dir", "provider_name", "model_config_json", "parent_session_id", "session_type", "created_at", "accumulated_input_tokens",
            "accumulated_output_tokens", "accumulated_cache_read_tokens", "accumulated_cache_write_tokens",
        ];
        var sessions = new Dictionary<string, SessionSums>(StringComparer.Ordinal);
        string list = string.Join(", ", columns.Select(column => database.Column("sessions", column)));
        using StoreRows rows = database.Query($"SELECT {list} FROM sessions");
        while (rows.Next())
        {
            CountTally tally = ReadCounts(rows, 7);
            string id = rows.Text(0) ?? "";
            sessions[id] = new SessionSums
            {
                Id = id,
                Folder = rows.Text(1),
                Provider = rows.Text(2),
                Model = LogValueReader.Parse(rows.Bytes(3))["model_name"u8].Text,
                IsSubagent = rows.Text(4) is not null || rows.Text(5) == "sub_agent",
                Time = RowCounts.TimeOf(rows.Text(6)),
                Rest = tally.Within(),
            };
        }

        return sessions;
    }

    private static CountTally ReadCounts(StoreRows rows, int first)
    {
        var tally = new CountTally();
        RowCounts.Set(ref tally, CountKind.Input, rows, first);
        RowCounts.Set(ref tally, CountKind.Output, rows, first + 1);
        RowCounts.Set(ref tally, CountKind.CacheRead, rows, first + 2);
        RowCounts.Set(ref tally, CountKind.CacheWrite, rows, first + 3);
        return tally;
    }
}
