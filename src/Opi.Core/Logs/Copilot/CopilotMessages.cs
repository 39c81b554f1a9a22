namespace Opi;

/// <summary>
/// Reads what was said in the sessions of GitHub Copilot CLI: their events, and of a session without events the turns in the database.
/// </summary>
internal sealed class CopilotMessages : LogMessages
{
    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "assistant.turn_start", "assistant.turn_end", "tool.execution_start", "tool.execution_partial_result", "session.usage_record",
        "session.usage_checkpoint", "session.shutdown", "session.model_change", "session.idle", "assistant.usage",
    };

    public override void Read(LogValue value, LogEntries entries)
    {
        string kind = value["type"u8].Said;
        LogValue data = value["data"u8];
        string? id = value["id"u8].Text;
        DateTimeOffset? time = value["timestamp"u8].Time;
        switch (kind)
        {
            case "session.start" or "session.resume":
                entries.SessionId = data["sessionId"u8].Text ?? entries.SessionId;
                entries.Project = data["context"u8]["cwd"u8].Text ?? entries.Project;
                break;
            case "user.message":
                entries.AddMessage(id, time, LogRole.User, data["content"u8]);
                break;
            case "system.message":
                entries.AddMessage(id, time, LogRole.System, data["content"u8]);
                break;
            case "assistant.message":
                ReadAnswer(data, id, time, entries);
                break;
            case "assistant.reasoning":
                entries.AddBlocks(id, time, LogRole.Assistant, [new ThinkingContent(data["content"u8].Said)]);
                break;
            case "tool.execution_complete":
                LogValue result = data["result"u8];
                LogValue content = result["content"u8].Raw.IsEmpty ? result.Raw.IsEmpty ? data["error"u8] : result : result["content"u8];
                bool hasFailed = data["success"u8].Raw.SequenceEqual("false"u8);
                entries.AddResult(id, time, data["toolCallId"u8].Text, data["toolName"u8].Text, content, hasFailed);
                break;
            case "session.compaction_complete":
                entries.AddSummary(id, time, data["summaryContent"u8].Said);
                break;
            case "session.title_changed":
                entries.AddName(id, time, data["title"u8].Said);
                break;
            default:
                if (!Settings.Contains(kind))
                {
                    entries.AddOther(id, time, kind, data);
                }

                break;
        }
    }

    public override void ReadDatabase(StoreDatabase database, LogEntries entries, RowVisitor rows)
    {
        if (!database.ColumnsOf("turns").IsSupersetOf(["session_id", "user_message", "assistant_response"]))
        {
            return; // it has no texts
        }

        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        using StoreRows turns = database.Query(
            $"SELECT t.session_id, t.user_message, t.assistant_response, {Time(database)}, s.cwd, t.id FROM turns t "
            + "LEFT JOIN sessions s ON s.id = t.session_id");
        while (turns.Next())
        {
            string session = turns.Text(0) ?? "";
            if (!rows.Wants(turns.Bytes(1)) && !rows.Wants(turns.Bytes(2)))
            {
                continue;
            }

            if (!known.TryGetValue(session, out bool hasEvents))
            {
                known[session] = hasEvents = File.Exists(
                    Path.Combine(LogPath.FolderAbove(entries.Path, 1), "session-state", session, "events.jsonl"));
            }

            if (!hasEvents)
            {
                (entries.SessionId, entries.Project) = (session, turns.Text(4));
                DateTimeOffset? time = RowCounts.TimeOf(turns.Text(3));
                entries.AddText(turns.Text(5), time, LogRole.User, turns.Text(1));
                entries.AddText(turns.Text(5), time, LogRole.Assistant, turns.Text(2));
                rows.Take(entries);
            }
        }
    }

    private static string Time(StoreDatabase database) => database.ColumnsOf("turns").Contains("timestamp") ? "t.timestamp" : "NULL";

    private static void ReadAnswer(LogValue data, string? id, DateTimeOffset? time, LogEntries entries)
    {
        string? model = data["model"u8].Text;
        if (data["reasoningText"u8].Text is not null)
        {
            entries.AddBlocks(id, time, LogRole.Assistant, [new ThinkingContent(data["reasoningText"u8].Said)], model);
        }

        entries.AddMessage(id, time, LogRole.Assistant, data["content"u8], model);
        foreach (LogValue call in data["toolRequests"u8].Elements)
        {
            entries.AddCall(id, time, call["toolCallId"u8].Text, call["name"u8].Text, call["arguments"u8], model);
        }
    }
}
