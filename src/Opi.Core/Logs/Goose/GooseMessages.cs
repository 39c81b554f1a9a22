namespace Opi;

/// <summary>Reads what was said in the sessions of Goose.</summary>
internal sealed class GooseMessages : LogMessages
{
    private static readonly string[] SessionColumns = ["id", "name", "description", "working_dir", "created_at"];
    private static readonly string[] MessageColumns = ["id", "session_id", "role", "content_json", "created_timestamp", "message_id"];

    public override void Read(LogValue value, LogEntries entries) => throw new NotSupportedException("Goose has no other logs.");

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        var folders = new Dictionary<string, string?>(StringComparer.Ordinal);
        IEnumerable<string> columns = SessionColumns.Select(name => database.Column("sessions", name));
        using (StoreRows sessions = database.Query($"SELECT {string.Join(", ", columns)} FROM sessions"))
        {
            while (sessions.Next())
            {
                string id = sessions.Text(0) ?? "";
                folders[id] = sessions.Text(3);
                (entries.SessionId, entries.Project) = (id, sessions.Text(3));
                foreach (int column in (int[])[1, 2])
                {
                    if (rows.Wants(sessions.Bytes(column)))
                    {
                        entries.AddName(id, RowCounts.TimeOf(sessions.Text(4)), sessions.Text(column));
                        rows.Take(entries);
                    }
                }
            }
        }

        columns = MessageColumns.Select(name => database.Column("messages", name));
        using StoreRows messages = database.Query($"SELECT {string.Join(", ", columns)} FROM messages");
        while (messages.Next())
        {
            if (rows.Wants(messages.Bytes(3)))
            {
                string session = messages.Text(1) ?? "";
                (entries.SessionId, entries.Project) = (session, folders.GetValueOrDefault(session));
                LogRole role = messages.Text(2) switch { "user" => LogRole.User, "assistant" => LogRole.Assistant, _ => LogRole.System };
                string? id = messages.Text(5) ?? messages.Text(0);
                entries.AddMessage(id, RowCounts.TimeOf(messages.Integer(4)), role, LogValueReader.Parse(messages.Bytes(3)));
                rows.Take(entries);
            }
        }
    }
}
