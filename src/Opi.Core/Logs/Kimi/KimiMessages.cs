namespace Opi;

/// <summary>Reads what was said in the sessions of Kimi Code and kimi-cli. Most of it is logged twice; each is taken once.</summary>
internal sealed class KimiMessages : LogMessages
{
    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "metadata", "runtime.set_binding", "profile.bind", "permission.set_mode", "turn.prompt", "agent.message.appended", "agent.turn.started",
        "agent.turn.ended", "plugin.session_start", "llm.tools_snapshot", "llm.request", "usage.record", "token_counting.measured",
        "token_counting.turn_recorded", "turn.ended", "prompt.completed", "forked", "config.update", "tools.set_active_tools",
        "full_compaction.begin", "full_compaction.complete", "plan_mode.enter", "plan_mode.exit", "StatusUpdate", "SubagentEvent", "StepBegin",
        "TurnEnd", "CompactionBegin", "CompactionEnd",
    };

    public override void ReadPlace(LogEntries entries)
    {
        KimiPlace place = KimiPlace.Of(entries.Path);
        place.Read(path => File.Exists(path) ? RegularFile.ReadAllBytes(path) : null);
        (entries.SessionId, entries.Project) = (place.SessionId, place.Project);
    }

    public override void Read(LogValue value, LogEntries entries)
    {
        LogValue type = value["type"u8], message = value["message"u8];
        DateTimeOffset? time = value["time"u8].UnixTime;
        if (!type.IsText && message.IsObject)
        {
            ReadUpdate(message, value["timestamp"u8].UnixTime, entries);
        }
        else if (type.Is("context.append_message"u8))
        {
            entries.AddMessage(message["id"u8].Text, time, LogRoles.Of(message["role"u8]), message["content"u8]);
            foreach (LogValue call in message["toolCalls"u8].Elements)
            {
                entries.AddCall(message["id"u8].Text, time, call["id"u8].Text, call["name"u8].Text, call["arguments"u8]);
            }
        }
        else if (type.Is("context.append_loop_event"u8))
        {
            ReadEvent(value["event"u8], time, entries);
        }
        else if (type.Is("context.apply_compaction"u8))
        {
            entries.AddSummary(null, time, value["summary"u8].Said);
        }
        else if (!Settings.Contains(type.Said))
        {
            entries.AddOther(null, time, type.Said, value);
        }
    }

    private static void ReadEvent(LogValue entry, DateTimeOffset? time, LogEntries entries)
    {
        LogValue type = entry["type"u8];
        string? id = entry["uuid"u8].Text, call = entry["toolCallId"u8].Text;
        if (type.Is("content.part"u8))
        {
            entries.AddMessage(id, time, LogRole.Assistant, entry["part"u8]);
        }
        else if (type.Is("tool.call"u8))
        {
            entries.AddCall(id, time, call, entry["name"u8].Text, entry["args"u8]);
        }
        else if (type.Is("tool.result"u8))
        {
            LogValue result = entry["result"u8];
            LogValue output = result["output"u8].Raw.IsEmpty ? result : result["output"u8];
            entries.AddResult(entry["parentUuid"u8].Text, time, call, null, output, result["isError"u8].IsTrue);
        }
        else if (!type.Is("step.begin"u8) && !type.Is("step.end"u8))
        {
            entries.AddOther(id, time, type.Said, entry);
        }
    }

    /// <summary>Whether subagents have files of their own. It is looked for once a file.</summary>
    private static bool HasSubagentFiles(LogEntries entries) =>
        (bool)(entries.State ??= Directory.Exists(Path.Combine(LogPath.FolderAbove(entries.Path, 1), "subagents")));

    /// <summary>Reads a line of kimi-cli. What a subagent said is in its own file; older versions did not write one.</summary>
    private static void ReadUpdate(LogValue message, DateTimeOffset? time, LogEntries entries)
    {
        LogValue payload = message["payload"u8];
        string kind = message["type"u8].Said;
        switch (kind)
        {
            case "TurnBegin":
                entries.AddMessage(null, time, LogRole.User, payload["user_input"u8]);
                break;
            case "ContentPart":
                entries.AddMessage(null, time, LogRole.Assistant, payload);
                break;
            case "SubagentEvent" when !HasSubagentFiles(entries):
                ReadUpdate(payload["event"u8], time, entries);
                break;
            case "ToolCall":
                LogValue function = payload["function"u8];
                entries.AddCall(null, time, payload["id"u8].Text, function["name"u8].Text, function["arguments"u8]);
                break;
            case "ToolResult":
                LogValue result = payload["return_value"u8].Raw.IsEmpty ? payload["result"u8] : payload["return_value"u8];
                LogValue output = result["output"u8].Raw.IsEmpty ? result : result["output"u8];
                entries.AddResult(null, time, payload["tool_call_id"u8].Text, null, output, result["is_error"u8].IsTrue);
                break;
            default:
                if (!Settings.Contains(kind))
                {
                    entries.AddOther(null, time, kind, payload);
                }

                break;
        }
    }
}
