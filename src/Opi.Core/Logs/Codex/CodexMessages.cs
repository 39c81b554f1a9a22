namespace Opi;

/// <summary>
/// Reads what was said in the rollouts of Codex, and in what <c>codex exec --json</c> prints. An event that repeats a call or a result is
/// skipped, and so are the instructions that every session begins with. An event with a message is marked as a repeat.
/// </summary>
internal sealed class CodexMessages : LogMessages
{
    private static readonly HashSet<string> Repeats = new(StringComparer.Ordinal)
    {
        "agent_message_delta", "agent_reasoning_raw_content", "agent_reasoning_section_break", "exec_command_begin", "exec_command_end",
        "exec_command_output_delta", "mcp_tool_call_begin", "mcp_tool_call_end", "patch_apply_begin",
        "patch_apply_end", "web_search_begin", "web_search_end", "task_started", "task_complete", "turn_started", "turn_complete", "turn_aborted",
        "token_count", "context_compacted", "thread_settings_applied", "view_image_tool_call", "dynamic_tool_call_request",
        "dynamic_tool_call_response", "item_completed", "image_generation_end",
    };

    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "turn_context", "world_state", "token_usage_record", "inter_agent_communication_metadata", "item.started", "item.updated", "turn.started",
        "turn.completed",
    };

    public override void Read(LogValue value, LogEntries entries)
    {
        LogValue type = value["type"u8], payload = value["payload"u8];
        DateTimeOffset? time = value["timestamp"u8].Time;
        string kind = type.Said;
        if (kind is "session_meta")
        {
            entries.SessionId = payload["id"u8].Text ?? entries.SessionId;
            entries.Project = payload["cwd"u8].Text ?? entries.Project;
        }
        else if (kind is "thread.started")
        {
            entries.SessionId = value["thread_id"u8].Text ?? entries.SessionId;
        }
        else if (kind is "item.completed")
        {
            ReadItem(value["item"u8], time, entries);
        }
        else if (kind is "compacted")
        {
            entries.AddSummary(null, time, payload["message"u8].Said);
        }
        else if (kind is "response_item")
        {
            ReadResponse(payload, time, entries);
        }
        else if (kind is "event_msg")
        {
            ReadEvent(payload, time, entries);
        }
        else if (!payload.IsObject && (value["role"u8].IsText || value["call_id"u8].IsText))
        {
            ReadResponse(value, time, entries); // as the first versions wrote them
        }
        else if (type.IsText && !Settings.Contains(kind))
        {
            entries.AddOther(value["id"u8].Text, time, kind, payload.IsObject ? payload : value);
        }
        else if (!type.IsText)
        {
            entries.SessionId ??= value["id"u8].Text; // the first line of the first versions
        }
    }

    private static void ReadResponse(LogValue item, DateTimeOffset? time, LogEntries entries)
    {
        string kind = item["type"u8].Said;
        string? id = item["id"u8].Text, call = item["call_id"u8].Text;
        switch (kind)
        {
            case "message" or "agent_message":
                LogRole role = item["role"u8].IsText ? LogRoles.Of(item["role"u8]) : LogRole.Assistant;
                entries.AddMessage(id, time, role, item["content"u8]);
                break;
            case "reasoning":
                AddThinking(item["summary"u8], id, time, entries);
                AddThinking(item["content"u8], id, time, entries);
                break;
            case "function_call":
                entries.AddCall(id ?? call, time, call, item["name"u8].Text, item["arguments"u8]);
                break;
            case "custom_tool_call":
                entries.AddCall(id ?? call, time, call, item["name"u8].Text, item["input"u8]);
                break;
            case "local_shell_call" or "web_search_call":
                entries.AddCall(id ?? call, time, call ?? id, kind[..^"_call".Length], item["action"u8]);
                break;
            case "function_call_output" or "custom_tool_call_output":
                LogValue output = item["output"u8];
                entries.AddResult(id, time, call, null, output["content"u8].Raw.IsEmpty ? output : output["content"u8]);
                break;
            default:
                entries.AddOther(id ?? call, time, kind, item);
                break;
        }
    }

    private static void AddThinking(LogValue parts, string? id, DateTimeOffset? time, LogEntries entries)
    {
        foreach (LogValue part in parts.Elements)
        {
            if (part["text"u8].Text is not null)
            {
                entries.AddBlocks(id, time, LogRole.Assistant, [new ThinkingContent(part["text"u8].Said)]);
            }
        }
    }

    private static void ReadEvent(LogValue payload, DateTimeOffset? time, LogEntries entries)
    {
        string kind = payload["type"u8].Said;
        if (kind == "thread_name_updated")
        {
            entries.AddName(null, time, payload["thread_name"u8].Said);
        }
        else if (kind is "user_message" or "agent_message" or "agent_reasoning")
        {
            entries.IsRepeat = true;
            if (kind == "agent_reasoning")
            {
                entries.AddBlocks(null, time, LogRole.Assistant, [new ThinkingContent(payload["text"u8].Said)]);
            }
            else
            {
                entries.AddMessage(null, time, kind == "user_message" ? LogRole.User : LogRole.Assistant, payload["message"u8]);
            }

            entries.IsRepeat = false;
        }
        else if (!Repeats.Contains(kind))
        {
            entries.AddOther(null, time, kind, payload);
        }
    }

    /// <summary>Reads an item that <c>codex exec --json</c> prints.</summary>
    private static void ReadItem(LogValue item, DateTimeOffset? time, LogEntries entries)
    {
        string kind = (item["type"u8].IsText ? item["type"u8] : item["item_type"u8]).Said;
        string? id = item["id"u8].Text;
        switch (kind)
        {
            case "agent_message" or "assistant_message":
                entries.AddText(id, time, LogRole.Assistant, item["text"u8].Said);
                break;
            case "reasoning":
                entries.AddBlocks(id, time, LogRole.Assistant, [new ThinkingContent(item["text"u8].Said)]);
                break;
            case "command_execution":
                entries.AddCall(id, time, id, "shell", item["command"u8]);
                entries.AddResult(id, time, id, "shell", item["aggregated_output"u8]);
                break;
            default:
                entries.AddOther(id, time, kind, item);
                break;
        }
    }
}
