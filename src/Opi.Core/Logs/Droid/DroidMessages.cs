namespace Opi;

/// <summary>Reads what was said in the sessions of Droid, in a file next to the one with the usage.</summary>
internal sealed class DroidMessages : LogMessages
{
    public override bool? IsLog(string path, bool own) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) && (own || LogPath.IsIn(path, ".factory"));

    public override LogMatch? Match(LogHead head) =>
        head.Type == "session_start" ? LogMatch.Sure
        : head.Type == "message" && head.Has("message.role") && !head.Has("message.usage") && LogPath.IsIn(head.Path, ".factory") ? LogMatch.Sure
        : LogMatch.None;

    public override void Read(LogValue value, LogEntries entries)
    {
        LogValue type = value["type"u8], message = value["message"u8];
        string? id = value["id"u8].Text;
        DateTimeOffset? time = value["timestamp"u8].Time;
        if (type.Is("session_start"u8))
        {
            (entries.SessionId, entries.Project) = (id, value["cwd"u8].Text);
            entries.AddName(id, time, value["sessionTitle"u8].Text ?? value["title"u8].Text);
        }
        else if (type.Is("message"u8) && message.IsObject)
        {
            entries.AddMessage(id, time, LogRoles.Of(message["role"u8]), message["content"u8], message["model"u8].Text);
        }
        else if (type.Is("compaction_state"u8) && value["summaryText"u8].IsText)
        {
            entries.AddSummary(id, time, value["summaryText"u8].Said);
        }
        else
        {
            entries.AddOther(id, time, type.Said, value);
        }
    }
}
