using System.Globalization;

namespace Opi;

/// <summary>Reads the database of all sessions of Copilot CLI: a row for each response. Older ones lack columns, or the table.</summary>
internal static class CopilotDatabase
{
    private const string Table = "assistant_usage_events";

    /// <summary>Reads the responses.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        if (!database.Tables.Contains(Table))
        {
            return; // the sessions' own files have everything
        }

        database.Require(Table, "session_id", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens");
        Dictionary<string, string?> folders = ReadFolders(database);
        string[] columns =
        [
            "session_id", "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "total_nano_aiu",
            "agent_id", "initiator", "created_at",
        ];
        using StoreRows rows = database.Query($"SELECT {string.Join(", ", columns.Select(column => database.Column(Table, column)))} FROM {Table}");
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            var tally = new CountTally();
            RowCounts.Set(ref tally, CountKind.Input, rows, 2);
            RowCounts.Set(ref tally, CountKind.Output, rows, 3);
            RowCounts.Set(ref tally, CountKind.CacheRead, rows, 4);
            RowCounts.Set(ref tally, CountKind.CacheWrite, rows, 5);
            RowCounts.Set(ref tally, CountKind.Reasoning, rows, 6);
            string? session = rows.Text(0), model = rows.Text(1);
            UsageCounts counts = tally.Within();
            DateTimeOffset? time = RowCounts.TimeOf(rows.Text(10));
            decimal? cost = rows.Integer(7) is > 0 and { } units ? CopilotReader.ToUsd(units) : null;
            LogValueReader.Add(
                part,
                new CopilotDraft
                {
                    Source = UsageSource.Copilot,
                    Record = CopilotRecord.Database,
                    Timestamp = time,
                    SessionId = session,
                    Project = session is null ? null : folders.GetValueOrDefault(session),
                    Model = model,
                    Provider = cost is null ? null : "github-copilot",
                    Counts = counts,
                    IsSidechain = rows.Text(8) is not null || rows.Text(9) == "sub-agent",
                    LoggedCost = cost,
                    Billing = cost is null ? null : CopilotReader.InCredits,
                    Key = string.Create(
                        CultureInfo.InvariantCulture,
                        $"copilot:{session}:{model}:{time?.UtcTicks}:{counts.Input}/{counts.Output}/{counts.CacheRead}/{counts.CacheWrite}"),
                },
                ref tally);
        }
    }

    private static Dictionary<string, string?> ReadFolders(StoreDatabase database)
    {
        var folders = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (database.ColumnsOf("sessions").Contains("id"))
        {
            using StoreRows rows = database.Query($"SELECT id, {database.Column("sessions", "cwd")} FROM sessions");
            while (rows.Next())
            {
                folders[rows.Text(0) ?? ""] = rows.Text(1);
            }
        }

        return folders;
    }
}
