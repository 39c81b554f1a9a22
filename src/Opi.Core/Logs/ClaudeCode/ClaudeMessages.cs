namespace Opi;

/// <summary>Reads what was said in the logs of Claude Code.</summary>
internal sealed class ClaudeMessages : LogMessages
{
    private static readonly HashSet<string> Envelope = new(StringComparer.Ordinal)
    {
        "parentUuid", "logicalParentUuid", "isSidechain", "userType", "cwd", "sessionId", "version", "gitBranch", "type", "timestamp", "uuid", "slug",
        "requestId", "entrypoint", "isMeta", "leafUuid", "messageId", "toolUseID", "parentToolUseID", "agentId", "subtype", "level", "operation",
    };

    public override void Read(LogValue value, LogEntries entries)
    {
        entries.SessionId = value["sessionId"u8].Text ?? entries.SessionId;
        entries.Project = value["cwd"u8].Text ?? entries.Project;
        LogValue type = value["type"u8], message = value["message"u8];
        string? id = value["uuid"u8].Text;
        DateTimeOffset? time = value["timestamp"u8].Time;
        if ((type.Is("user"u8) || type.Is("assistant"u8)) && message.IsObject)
        {
            LogRole role = LogRoles.Of(message["role"u8].IsText ? message["role"u8] : type);
            if (value["isCompactSummary"u8].IsTrue && message["content"u8] is { IsText: true } summary)
            {
                entries.AddSummary(id, time, summary.Said);
            }
            else
            {
                entries.AddMessage(id, time, role, message["content"u8], message["model"u8].Text);
            }
        }
        else if (type.Is("summary"u8))
        {
            entries.AddName(value["leafUuid"u8].Text, time, value["summary"u8].Said);
        }
        else if (type.Is("custom-title"u8) || type.Is("ai-title"u8))
        {
            entries.AddName(id, time, value["customTitle"u8].Text ?? value["aiTitle"u8].Text ?? value["title"u8].Text);
        }
        else if (type.Is("system"u8) && value["content"u8].IsText)
        {
            entries.AddText(id, time, LogRole.System, value["content"u8].Said);
        }
        else if (!type.Is("file-history-snapshot"u8))
        {
            entries.AddOther(id, time, type.Said, value, Envelope);
        }
    }
}
