namespace Opi;

/// <summary>Reads what was said in the sessions of Grok Build. Its texts are in pieces, as they came; each piece is an entry.</summary>
internal sealed class GrokMessages : LogMessages
{
    public override void ReadPlace(LogEntries entries)
    {
        string summary = Path.Combine(LogPath.FolderAbove(entries.Path, 1), "summary.json");
        entries.SessionId = LogPath.Above(entries.Path, 1);
        entries.Project = File.Exists(summary) ? LogValueReader.Parse(RegularFile.ReadAllBytes(summary))["info"u8]["cwd"u8].Text : null;
    }

    public override void Read(LogValue value, LogEntries entries)
    {
        LogValue parameters = value["params"u8], update = parameters["update"u8], meta = parameters["_meta"u8];
        entries.SessionId = parameters["sessionId"u8].Text ?? entries.SessionId;
        DateTimeOffset? time = meta["agentTimestampMs"u8].UnixTime ?? value["timestamp"u8].UnixTime;
        string kind = update["sessionUpdate"u8].Said;
        string? call = update["toolCallId"u8].Text;
        switch (kind)
        {
            case "user_message_chunk":
                entries.AddMessage(null, time, LogRole.User, update["content"u8]);
                break;
            case "agent_message_chunk":
                entries.AddMessage(null, time, LogRole.Assistant, update["content"u8]);
                break;
            case "agent_thought_chunk":
                entries.AddBlocks(null, time, LogRole.Assistant, [new ThinkingContent(update["content"u8]["text"u8].Said)]);
                break;
            case "tool_call":
                entries.AddCall(null, time, call, update["title"u8].Text, update["rawInput"u8]);
                break;
            case "tool_call_update" when !update["rawOutput"u8].Raw.IsEmpty || update["content"u8].IsArray:
                LogValue output = update["rawOutput"u8].Raw.IsEmpty ? update["content"u8] : update["rawOutput"u8];
                entries.AddResult(null, time, call, update["title"u8].Text, output);
                break;
            case "turn_completed":
                break;
            default:
                entries.AddOther(null, time, kind, update);
                break;
        }
    }
}
