namespace Opi;

/// <summary>
/// Reads what was said in the sessions of opencode and agents that keep theirs like it. In a database, and in the documents before it, the
/// texts of a message of version 1 are parts of their own; version 2 has them in the message.
/// </summary>
internal sealed class OpenCodeMessages(bool hasDocuments) : LogMessages
{
    private static readonly string[] SessionColumns = ["directory", "title", "time_created"];
    private static readonly string[] Folders = ["storage", "message", "part", "session"];

    public override bool? IsLog(string path, bool own) =>
        !hasDocuments ? null
        : Path.GetFileName(path) is var name
            && name.StartsWith("opencode", StringComparison.Ordinal)
            && name.EndsWith(".db", StringComparison.Ordinal) ? true
        : name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            && (!own || name.StartsWith("msg_", StringComparison.Ordinal)
                || name.StartsWith("prt_", StringComparison.Ordinal) || name.StartsWith("ses_", StringComparison.Ordinal));

    public override bool? Enters(DirectoryInfo folder) => hasDocuments && Folders.Contains(folder.Name, StringComparer.Ordinal) ? true : null;

    public override LogMatch? Match(LogHead head) =>
        hasDocuments && ((head.Has("sessionID") && head.Has("messageID")) || (head.Has("projectID") && head.Has("directory") && head.Has("title")))
            ? LogMatch.Sure
            : null;

    public override void Read(LogValue value, LogEntries entries)
    {
        string? id = value["id"u8].Text;
        LogValue time = value["time"u8];
        entries.SessionId = value["sessionID"u8].Text ?? id;
        if (value["messageID"u8].IsText)
        {
            (LogRole role, string? model, DateTimeOffset? written) = ReadOwner(value, entries);
            DateTimeOffset? said = time["start"u8].UnixTime ?? value["state"u8]["time"u8]["start"u8].UnixTime ?? written;
            entries.AddMessage(value["messageID"u8].Text, said, role, value, model);
        }
        else if (value["role"u8].IsText)
        {
            LogValue summary = value["summary"u8];
            entries.Project = value["path"u8]["cwd"u8].Text ?? entries.Project;
            entries.AddText(id, time["created"u8].UnixTime, LogRoles.Of(value["role"u8]), LogLeaves.Text(summary.Raw));
            entries.AddText(id, time["created"u8].UnixTime, LogRole.System, value["error"u8]["data"u8]["message"u8].Said);
        }
        else
        {
            entries.Project = value["directory"u8].Text;
            entries.AddName(id, time["created"u8].UnixTime, value["title"u8].Said);
        }
    }

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        Dictionary<string, string?> folders = ReadSessions(database, entries, rows);
        if (database.ColumnsOf("part").IsSupersetOf(["id", "message_id", "session_id", "data"]))
        {
            ReadParts(database, folders, entries, rows);
        }

        if (database.ColumnsOf("session_message").IsSupersetOf(["id", "session_id", "type", "data"]))
        {
            ReadMessages(database, folders, entries, rows);
        }
    }

    /// <summary>Who spoke a part, by the document of its message.</summary>
    private static (LogRole Role, string? Model, DateTimeOffset? Time) ReadOwner(LogValue part, LogEntries entries)
    {
        string storage = LogPath.FolderAbove(entries.Path, 3);
        string path = Path.Combine(storage, "message", part["sessionID"u8].Text ?? "", part["messageID"u8].Text + ".json");
        if (part["sessionID"u8].Text is null || !SessionStore.IsId(part["sessionID"u8].Text!) || !SessionStore.IsId(part["messageID"u8].Text!)
            || !File.Exists(path))
        {
            return (LogRole.Assistant, null, null);
        }

        LogValue owner = LogValueReader.Parse(RegularFile.ReadAllBytes(path));
        entries.Project = owner["path"u8]["cwd"u8].Text ?? entries.Project;
        return (LogRoles.Of(owner["role"u8]), owner["modelID"u8].Text, owner["time"u8]["created"u8].UnixTime);
    }

    private static Dictionary<string, string?> ReadSessions(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        var folders = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (string table in (string[])["session", "session_v2"])
        {
            if (!database.ColumnsOf(table).Contains("id"))
            {
                continue;
            }

            string columns = string.Join(", ", SessionColumns.Select(column => database.Column(table, column)));
            using StoreRows sessions = database.Query($"SELECT id, {columns} FROM {table}");
            while (sessions.Next())
            {
                string id = sessions.Text(0) ?? "";
                bool isNew = folders.TryAdd(id, sessions.Text(1)); // after an upgrade a session is in both
                if (isNew && rows.Wants(sessions.Bytes(2)))
                {
                    (entries.SessionId, entries.Project) = (id, sessions.Text(1));
                    entries.AddName(id, RowCounts.TimeOf(sessions.Integer(3)), sessions.Text(2));
                    rows.Take(entries);
                }
            }
        }

        return folders;
    }

    private static void ReadParts(StoreDatabase database, Dictionary<string, string?> folders, LogEntries entries, RowVisitor rows)
    {
        Dictionary<string, (LogRole Role, string? Model, DateTimeOffset? Time)>? owners = null;
        using StoreRows parts = database.Query($"SELECT message_id, session_id, data, {database.Column("part", "time_created")} FROM part");
        while (parts.Next())
        {
            if (!rows.Wants(parts.Bytes(2)))
            {
                continue;
            }

            LogValue part = LogValueReader.Parse(parts.Bytes(2));
            if (part["type"u8].Is("step-start"u8) || part["type"u8].Is("step-finish"u8))
            {
                continue; // they have counts only
            }

            owners ??= ReadOwners(database);
            string message = parts.Text(0) ?? "", session = parts.Text(1) ?? "";
            (LogRole role, string? model, DateTimeOffset? time) = owners.GetValueOrDefault(message, (LogRole.System, null, null));
            (entries.SessionId, entries.Project) = (session, folders.GetValueOrDefault(session));
            entries.AddMessage(message, RowCounts.TimeOf(parts.Integer(3)) ?? time, role, part, model);
            rows.Take(entries);
        }
    }

    private static Dictionary<string, (LogRole Role, string? Model, DateTimeOffset? Time)> ReadOwners(StoreDatabase database)
    {
        var owners = new Dictionary<string, (LogRole, string?, DateTimeOffset?)>(StringComparer.Ordinal);
        if (database.ColumnsOf("message").IsSupersetOf(["id", "data"]))
        {
            using StoreRows messages = database.Query("SELECT id, data FROM message");
            while (messages.Next())
            {
                LogValue message = LogValueReader.Parse(messages.Bytes(1));
                owners[messages.Text(0) ?? ""] =
                    (LogRoles.Of(message["role"u8]), message["modelID"u8].Text, message["time"u8]["created"u8].UnixTime);
            }
        }

        return owners;
    }

    /// <summary>Reads the messages of version 2. What was moved there from version 1 has the same ids, and is found in both.</summary>
    private static void ReadMessages(StoreDatabase database, Dictionary<string, string?> folders, LogEntries entries, RowVisitor rows)
    {
        using StoreRows messages = database.Query("SELECT id, session_id, type, data FROM session_message");
        while (messages.Next())
        {
            if (!rows.Wants(messages.Bytes(3)))
            {
                continue;
            }

            LogValue data = LogValueReader.Parse(messages.Bytes(3));
            string? id = messages.Text(0);
            string session = messages.Text(1) ?? "", type = messages.Text(2) ?? "";
            DateTimeOffset? time = data["time"u8]["created"u8].UnixTime;
            (entries.SessionId, entries.Project) = (session, folders.GetValueOrDefault(session));
            if (type == "compaction")
            {
                entries.AddSummary(id, time, data["summary"u8].Said);
            }
            else if (type is "user" or "assistant")
            {
                LogValue content = data["content"u8].Raw.IsEmpty ? data["text"u8] : data["content"u8];
                LogValue model = data["model"u8];
                LogRole role = type == "user" ? LogRole.User : LogRole.Assistant;
                entries.AddMessage(id, time, role, content, model["id"u8].Text, model["providerID"u8].Text);
            }
            else
            {
                entries.AddOther(id, time, type, data);
            }

            rows.Take(entries);
        }
    }
}
