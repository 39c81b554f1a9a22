namespace Opi;

/// <summary>Reads what was said in the sessions of pi, and of agents that keep theirs like it.</summary>
internal sealed class PiMessages : LogMessages
{
    private static readonly HashSet<string> Settings =
        new(StringComparer.Ordinal) { "model_change", "thinking_level_change", "usage", "leaf" };

    public override void Read(LogValue value, LogEntries entries)
    {
        string kind = value["type"u8].Said;
        string? id = value["id"u8].Text;
        DateTimeOffset? time = value["timestamp"u8].Time;
        switch (kind)
        {
            case "session":
                entries.SessionId = id ?? entries.SessionId;
                entries.Project = value["cwd"u8].Text ?? entries.Project;
                break;
            case "message":
                ReadMessage(value["message"u8], id, time, entries);
                break;
            case "compaction":
                entries.AddSummary(id, time, value["summary"u8].Said);
                break;
            case "branch_summary":
                entries.Add(new BranchSummaryEntry(id ?? "", null, WireTime.ToText(time) ?? "", value["summary"u8].Said), time);
                break;
            case "custom_message":
                entries.AddMessage(id, time, LogRole.User, value["content"u8]);
                break;
            case "session_info":
                entries.AddName(id, time, value["name"u8].Said);
                break;
            case "label":
                entries.Add(
                    new LabelEntry(id ?? "", null, WireTime.ToText(time) ?? "", value["label"u8].Said, Removed: !value["label"u8].IsText), time);
                break;
            default:
                if (!Settings.Contains(kind))
                {
                    entries.AddOther(id, time, kind, value);
                }

                break;
        }
    }

    private static void ReadMessage(LogValue message, string? id, DateTimeOffset? time, LogEntries entries)
    {
        LogValue role = message["role"u8];
        time ??= message["timestamp"u8].UnixTime;
        if (role.Is("toolResult"u8))
        {
            entries.AddResult(
                id, time, message["toolCallId"u8].Text, message["toolName"u8].Text, message["content"u8], message["isError"u8].IsTrue);
        }
        else if (role.Is("bashExecution"u8))
        {
            entries.AddCall(id, time, id, "bash", message["command"u8]);
            entries.AddResult(id, time, id, "bash", message["output"u8], message["exitCode"u8].Number is not (null or 0));
        }
        else if (role.Is("branchSummary"u8) || role.Is("compactionSummary"u8))
        {
            entries.AddSummary(id, time, message["summary"u8].Said);
        }
        else
        {
            LogRole speaker = role.Is("custom"u8) || role.Is("hookMessage"u8) ? LogRole.User : LogRoles.Of(role);
            entries.AddMessage(id, time, speaker, message["content"u8], message["model"u8].Text, message["provider"u8].Text);
            entries.AddText(id, time, LogRole.System, message["errorMessage"u8].Said);
        }
    }
}
