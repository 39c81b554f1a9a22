namespace Opi;

/// <summary>
/// Reads the database of a project of Crush. What a subagent cost is in the session that it worked for. The token counts of a session are
/// of its last request.
/// </summary>
internal static class CrushDatabase
{
    /// <summary>Reads what the sessions cost.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        Dictionary<string, (string? Model, string? Provider)> models = ReadModels(part, database, cancellation);
        string folder = LogPath.FolderAbove(part.File.Path, 1);
        string? project = Path.GetFileName(folder) == ".crush" ? Path.GetDirectoryName(folder) : null;
        database.Require("sessions", "id", "parent_session_id", "cost", "updated_at");

        using StoreRows rows = database.Query(
            "SELECT id, cost, updated_at FROM sessions WHERE parent_session_id IS NULL OR parent_session_id NOT IN (SELECT id FROM sessions)");
        while (rows.Next())
        {
            string id = rows.Text(0) ?? "";
            (string? model, string? provider) = models.GetValueOrDefault(id);
            var none = new CountTally();
            LogValueReader.Add(
                part,
                new UsageDraft
                {
                    Source = UsageSource.Crush,
                    Timestamp = RowCounts.TimeOf(rows.Integer(2)),
                    SessionId = id,
                    Project = project,
                    Model = model,
                    Provider = provider,
                    LoggedCost = RowCounts.MoneyOf(rows.Number(1)),
                    Billing = EditorTaskReader.CostOnly,
                    Key = $"crush:{id}",
                },
                ref none);
        }
    }

    /// <summary>The model of each session: its last answer's.</summary>
    private static Dictionary<string, (string? Model, string? Provider)> ReadModels(
        LogPart part, StoreDatabase database, CancellationToken cancellation)
    {
        var models = new Dictionary<string, (string?, string?)>(StringComparer.Ordinal);
        if (!database.ColumnsOf("messages").Contains("model"))
        {
            return models;
        }

        using StoreRows rows = database.Query(
            $"SELECT session_id, model, {database.Column("messages", "provider")} FROM messages WHERE role = 'assistant' AND model IS NOT NULL "
                + $"AND session_id IN (SELECT id FROM sessions WHERE {database.NotBefore("sessions", part.File.Since, "updated_at")})");
        while (rows.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            models[rows.Text(0) ?? ""] = (rows.Text(1), rows.Text(2));
        }

        return models;
    }
}
