namespace Opi;

/// <summary>Reads what was said in the sessions of Crush.</summary>
internal sealed class CrushMessages : LogMessages
{
    private static readonly string[] Columns = ["id", "session_id", "role", "parts", "created_at", "model", "provider"];

    public override void Read(LogValue value, LogEntries entries) => throw new NotSupportedException("Crush has no other logs.");

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        string folder = LogPath.FolderAbove(entries.Path, 1);
        entries.Project = Path.GetFileName(folder) == ".crush" ? Path.GetDirectoryName(folder) : null;
        string title = database.Column("sessions", "title"), created = database.Column("sessions", "created_at");
        using (StoreRows sessions = database.Query($"SELECT id, {title}, {created} FROM sessions"))
        {
            while (sessions.Next())
            {
                if (rows.Wants(sessions.Bytes(1)))
                {
                    entries.SessionId = sessions.Text(0);
                    entries.AddName(entries.SessionId, RowCounts.TimeOf(sessions.Integer(2)), sessions.Text(1));
                    rows.Take(entries);
                }
            }
        }

        IEnumerable<string> columns = Columns.Select(name => database.Column("messages", name));
        using StoreRows messages = database.Query($"SELECT {string.Join(", ", columns)} FROM messages");
        while (messages.Next())
        {
            if (rows.Wants(messages.Bytes(3)))
            {
                entries.SessionId = messages.Text(1);
                LogRole role = messages.Text(2) switch { "user" => LogRole.User, "assistant" => LogRole.Assistant, _ => LogRole.System };
                DateTimeOffset? time = RowCounts.TimeOf(messages.Integer(4));
                entries.AddMessage(messages.Text(0), time, role, LogValueReader.Parse(messages.Bytes(3)), messages.Text(5), messages.Text(6));
                rows.Take(entries);
            }
        }
    }
}
