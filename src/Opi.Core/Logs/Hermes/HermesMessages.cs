namespace Opi;

/// <summary>Reads what was said in the sessions of Hermes Agent: texts, calls in the form of OpenAI's, and results.</summary>
internal sealed class HermesMessages : LogMessages
{
    private static readonly string[] SessionColumns = ["id", "title", "cwd", "started_at", "model"];

    private static readonly string[] MessageColumns =
        ["id", "session_id", "role", "content", "timestamp", "tool_calls", "tool_call_id", "tool_name", "reasoning"];

    public override void Read(LogValue value, LogEntries entries) => throw new NotSupportedException("Hermes has no other logs.");

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        var known = new Dictionary<string, (string? Folder, string? Model)>(StringComparer.Ordinal);
        using (StoreRows sessions = database.Query(Select(database, "sessions", SessionColumns)))
        {
            while (sessions.Next())
            {
                string id = sessions.Text(0) ?? "";
                known[id] = (sessions.Text(2), sessions.Text(4));
                if (rows.Wants(sessions.Bytes(1)))
                {
                    (entries.SessionId, entries.Project) = (id, sessions.Text(2));
                    entries.AddName(id, RowCounts.TimeOf((long?)sessions.Number(3)), sessions.Text(1));
                    rows.Take(entries);
                }
            }
        }

        using StoreRows messages = database.Query(Select(database, "messages", MessageColumns));
        while (messages.Next())
        {
            if (rows.Wants(messages.Bytes(3)) || rows.Wants(messages.Bytes(5)) || rows.Wants(messages.Bytes(7)) || rows.Wants(messages.Bytes(8)))
            {
                string session = messages.Text(1) ?? "";
                (string? folder, string? model) = known.GetValueOrDefault(session);
                (entries.SessionId, entries.Project) = (session, folder);
                AddMessage(messages, entries, model);
                rows.Take(entries);
            }
        }
    }

    private static void AddMessage(StoreRows row, LogEntries entries, string? model)
    {
        DateTimeOffset? time = RowCounts.TimeOf((long?)row.Number(4));
        long milliseconds = time?.ToUnixTimeMilliseconds() ?? 0;
        string? role = row.Text(2);
        var blocks = new List<object>();
        if (row.Text(8) is { Length: > 0 } thinking)
        {
            blocks.Add(new ThinkingContent(thinking));
        }

        var said = new List<object>();
        ReadContent(row.Bytes(3), row.Text(3), said, milliseconds);
        if (role == "tool")
        {
            blocks.Add(new ToolResultMessage(row.Text(6) ?? "", row.Text(7) ?? "", said.Select(LogBlocks.ToInput), milliseconds));
        }
        else
        {
            blocks.AddRange(said);
        }

        LogValue calls = LogValueReader.Parse(row.Bytes(5));
        if (calls.IsArray)
        {
            foreach (LogValue call in calls.Elements)
            {
                LogValue function = call["function"u8];
                blocks.Add(LogBlocks.Call(call["id"u8].Text, function["name"u8].Text, function["arguments"u8]));
            }
        }

        LogRole speaker = role switch { "user" or "tool" => LogRole.User, "assistant" => LogRole.Assistant, _ => LogRole.System };
        entries.AddBlocks(row.Text(0), time, speaker, blocks, speaker == LogRole.Assistant ? model : null);
    }

    /// <summary>A text, or blocks where the content is a list of them in JSON.</summary>
    private static void ReadContent(ReadOnlySpan<byte> bytes, string? text, List<object> blocks, long time)
    {
        if (text?.StartsWith("[{", StringComparison.Ordinal) == true)
        {
            LogBlocks.Read(LogValueReader.Parse(bytes), blocks, time);
        }

        if (blocks.Count == 0 && !string.IsNullOrEmpty(text))
        {
            blocks.Add(new TextContent(text));
        }
    }

    private static string Select(StoreDatabase database, string table, string[] columns) =>
        $"SELECT {string.Join(", ", columns.Select(column => database.Column(table, column)))} FROM {table}";
}
