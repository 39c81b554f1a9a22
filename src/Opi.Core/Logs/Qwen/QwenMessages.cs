namespace Opi;

/// <summary>Reads what was said in the chats of Qwen Code and of its subagents.</summary>
internal sealed class QwenMessages : LogMessages
{
    public override void Read(LogValue value, LogEntries entries)
    {
        entries.SessionId = value["sessionId"u8].Text ?? entries.SessionId;
        entries.Project = value["cwd"u8].Text ?? entries.Project;
        string? id = value["uuid"u8].Text;
        DateTimeOffset? time = value["timestamp"u8].Time;
        LogValue message = value["message"u8], subtype = value["subtype"u8];
        if (message.IsObject)
        {
            LogValue parts = message["parts"u8].Raw.IsEmpty ? message["content"u8] : message["parts"u8];
            entries.AddMessage(id, time, LogRoles.Of(message["role"u8]), parts, value["model"u8].Text);
        }
        else if (!subtype.Is("ui_telemetry"u8) && !subtype.Is("attribution_snapshot"u8) && !subtype.Is("file_history_snapshot"u8))
        {
            entries.AddOther(id, time, subtype.IsText ? subtype.Said : value["type"u8].Said, value["systemPayload"u8]);
        }
    }
}
