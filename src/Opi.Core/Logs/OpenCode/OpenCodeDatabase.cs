namespace Opi;

/// <summary>
/// Reads a database of opencode, or of an agent that keeps its sessions like it. Version 2 has its messages in another table. After an
/// upgrade both are there: what was moved is in both, and what version 1 wrote later is in its table only.
/// </summary>
internal static class OpenCodeDatabase
{
    private static readonly string[] Known = ["message", "session_message"];

    /// <summary>Whether a database is of this form.</summary>
    public static bool HasTables(IReadOnlySet<string> tables) =>
        Known.Any(tables.Contains) && (tables.Contains("session") || tables.Contains("session_v2"));

    /// <summary>Reads the responses.</summary>
    /// <param name="part">Gets them.</param>
    /// <param name="database">The database.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="prefix">What their keys begin with.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(LogPart part, StoreDatabase database, UsageSource source, string prefix, CancellationToken cancellation)
    {
        Dictionary<string, (bool IsChild, string? Folder)> sessions = ReadSessions(database);
        var texts = new OpenCodeTexts();
        string last = "";
        int answers = 0;
        if (IsComplete(database, "session_message", "type"))
        {
            ReadMessages("session_message", "SELECT id, session_id, data, type FROM session_message WHERE type IN ('assistant', 'compaction')");
        }

        if (IsComplete(database, "message"))
        {
            ReadMessages("message", "SELECT id, session_id, data, NULL FROM message WHERE 1");
        }

        part.File.Count(answers, answers);

        void ReadMessages(string table, string query)
        {
            if (part.File.Since is not null && part.File.Began is null)
            {
                part.File.Began = TimeOfFirst(database, query);
            }

            // A message is there from when it was made, and is written again when it is done.
            using StoreRows rows = database.Query($"{query} AND {database.NotBefore(table, part.File.Since, "time_created", "time_updated")}");
            while (rows.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                answers += ReadMessage(rows) ? 1 : 0;
            }
        }

        bool ReadMessage(StoreRows row)
        {
            ReadOnlySpan<byte> data = row.Bytes(2);
            var message = new OpenCodeMessage();
            try
            {
                var json = new JsonCursor(data, lenient: true);
                message.Read(ref json);
            }
            catch (WireException)
            {
                part.File.Skip("a row that is not JSON");
                return false;
            }

            if (row.Text(3) is null && !message.Role.Is("assistant"u8))
            {
                return false;
            }

            string session = row.Text(1) ?? "";
            session = last = session == last ? last : session;
            part.File.HasResponses |= message.Counts is not null;
            part.File.Began ??= message.Time;
            if (message.ToDraft(source, prefix, session, row.Text(0) ?? "", texts) is { } draft)
            {
                (bool isChild, string? folder) = sessions.GetValueOrDefault(session);
                draft.Path = part.File.Path;
                draft.IsSidechain = isChild;
                draft.Project ??= folder;
                draft.IsCompaction = row.Text(3) == "compaction";
                draft.HasFailed = draft.IsCompaction && LogValueReader.Parse(row.Bytes(2))["status"u8].Is("failed"u8);
                part.Drafts.Add(draft);
            }
            else if (message.Unknown.HasBadCount)
            {
                part.File.Skip("a token count that is not a whole number");
            }

            return true;
        }
    }

    /// <summary>When the first message came that has a time, by which files are put into their order.</summary>
    private static DateTimeOffset? TimeOfFirst(StoreDatabase database, string query)
    {
        using StoreRows rows = database.Query(query);
        while (rows.Next())
        {
            var message = new OpenCodeMessage();
            try
            {
                var json = new JsonCursor(rows.Bytes(2), lenient: true);
                message.Read(ref json);
            }
            catch (WireException)
            {
                continue; // reading the rows that are asked for says so
            }

            if (message.Time is not null && (rows.Text(3) is not null || message.Role.Is("assistant"u8)))
            {
                return message.Time;
            }
        }

        return null;
    }

    /// <summary>Whether a table has what is read of it. One of another version is noted by the caller, which finds no rows.</summary>
    private static bool IsComplete(StoreDatabase database, string table, string? more = null)
    {
        if (!database.Tables.Contains(table))
        {
            return false;
        }

        database.Require(table, "id", "session_id", "data", more ?? "id");
        return true;
    }

    /// <summary>Which sessions a subagent has, and where each worked.</summary>
    private static Dictionary<string, (bool IsChild, string? Folder)> ReadSessions(StoreDatabase database)
    {
        var sessions = new Dictionary<string, (bool, string?)>(StringComparer.Ordinal);
        foreach (string table in (string[])["session", "session_v2"])
        {
            if (!database.ColumnsOf(table).Contains("id"))
            {
                continue;
            }

            using StoreRows rows = database.Query(
                $"SELECT id, {database.Column(table, "parent_id")}, {database.Column(table, "directory")} FROM {table}");
            while (rows.Next())
            {
                sessions[rows.Text(0) ?? ""] = (rows.Text(1) is not null, rows.Text(2));
            }
        }

        return sessions;
    }
}
