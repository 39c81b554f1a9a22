namespace Opi;

/// <summary>Reads the database of Hermes Agent.</summary>
internal static class HermesDatabase
{
    private const string Models = "session_model_usage";

    private static readonly string[] Counts = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens"];

    /// <summary>Reads what each model used in a session, and of each session what these rows do not have: it can be older than they are.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        string[] needed = Counts[..2];
        database.Require("sessions", ["id", .. needed]);
        Dictionary<string, SessionSums> sessions = ReadSessions(database);
        if (database.Tables.Contains(Models))
        {
            database.Require(Models, ["session_id", "model", .. needed]);
            ReadModels(part, database, sessions, cancellation);
        }

        foreach (SessionSums session in sessions.Values)
        {
            UsageCounts rest = session.Rest;
            if (rest is { Input: >= 0, Output: >= 0, CacheRead: >= 0, CacheWrite: >= 0 })
            {
                var tally = new CountTally();
                LogValueReader.Add(part, DraftOf(session, $"hermes:{session.Id}", session.Model, session.Provider, rest, session.Time), ref tally);
            }
        }
    }

    private static void ReadModels(
        LogPart part, StoreDatabase database, Dictionary<string, SessionSums> sessions, CancellationToken cancellation)
    {
        string[] columns =
        [
            "session_id", "model", "billing_provider", "billing_base_url", "billing_mode", "task", "first_seen", "estimated_cost_usd",
            "actual_cost_usd", "cost_status", .. Counts,
        ];
        using StoreRows rows = database.Query(Select(database, Models, columns));
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            CountTally tally = ReadCounts(rows, 10);
            UsageCounts counts = tally.Apart();
            SessionSums session = sessions.GetValueOrDefault(rows.Text(0) ?? "") ?? new SessionSums { Id = rows.Text(0) ?? "" };
            if (rows.Text(5) is null)
            {
                session.Take(counts); // work in the background is not in the sums of the session
            }

            string key = string.Join(':', "hermes", session.Id, rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4), rows.Text(5));
            DateTimeOffset? time = RowCounts.TimeOf((long?)rows.Number(6)) ?? session.Time;
            UsageDraft draft = DraftOf(session, key, rows.Text(1), ProviderOf(rows.Text(2)), counts, time);
            decimal? billed = RowCounts.MoneyOf(rows.Number(8));
            if (billed > 0 && rows.Text(9) == "actual")
            {
                draft.Billing = draft.Billing! with { StatedCost = billed, StatedBy = draft.Provider };
            }

            draft.LoggedCost = RowCounts.MoneyOf(rows.Number(7));
            LogValueReader.Add(part, draft, ref tally);
        }
    }

    private static Dictionary<string, SessionSums> ReadSessions(StoreDatabase database)
    {
        string[] columns = ["id", "model", "billing_provider", "cwd", "parent_session_id", "source", "started_at", .. Counts];
        var sessions = new Dictionary<string, SessionSums>(StringComparer.Ordinal);
        using StoreRows rows = database.Query(Select(database, "sessions", columns));
        while (rows.Next())
        {
            CountTally tally = ReadCounts(rows, 7);
            string id = rows.Text(0) ?? "";
            sessions[id] = new SessionSums
            {
                Id = id,
                Model = rows.Text(1),
                Provider = ProviderOf(rows.Text(2)),
                Folder = rows.Text(3),
                IsSubagent = rows.Text(4) is not null && rows.Text(5) is "tool" or "subagent",
                Time = RowCounts.TimeOf((long?)rows.Number(6)),
                Rest = tally.Apart(),
            };
        }

        return sessions;
    }

    private static UsageDraft DraftOf(
        SessionSums session, string key, string? model, string? provider, UsageCounts counts, DateTimeOffset? time) => new()
    {
        Source = UsageSource.Hermes,
        Timestamp = time,
        SessionId = session.Id,
        Project = session.Folder,
        Model = model,
        Provider = provider,
        Counts = counts,
        IsSidechain = session.IsSubagent,
        Billing = BillingDetails.Plain with { ContextTokens = 0 }, // several requests: whether one was long is not known
        Key = key,
    };

    /// <summary>The provider; "auto" and "custom" are settings and name none.</summary>
    private static string? ProviderOf(string? name) => name is "auto" or "custom" ? null : name;

    private static string Select(StoreDatabase database, string table, string[] columns) =>
        $"SELECT {string.Join(", ", columns.Select(column => database.Column(table, column)))} FROM {table}";

    private static CountTally ReadCounts(StoreRows rows, int first)
    {
        var tally = new CountTally();
        RowCounts.Set(ref tally, CountKind.Input, rows, first);
        RowCounts.Set(ref tally, CountKind.Output, rows, first + 1);
        RowCounts.Set(ref tally, CountKind.CacheRead, rows, first + 2);
        RowCounts.Set(ref tally, CountKind.CacheWrite, rows, first + 3);
        RowCounts.Set(ref tally, CountKind.Reasoning, rows, first + 4);
        return tally;
    }
}
