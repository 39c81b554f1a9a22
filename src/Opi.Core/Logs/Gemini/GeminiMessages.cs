namespace Opi;

/// <summary>Reads what was said in the chats of Gemini CLI: a document with all messages, or a line for each.</summary>
internal sealed class GeminiMessages : LogMessages
{
    public override void Read(LogValue value, LogEntries entries)
    {
        entries.SessionId = value["sessionId"u8].Text ?? entries.SessionId;
        if (value["messages"u8].IsArray)
        {
            entries.AddName(null, value["startTime"u8].Time, value["summary"u8].Said);
            foreach (LogValue message in value["messages"u8].Elements)
            {
                ReadMessage(message, entries);
            }
        }
        else if (value["type"u8].IsText)
        {
            ReadMessage(value, entries);
        }
        else if (!value["projectHash"u8].IsText)
        {
            entries.AddOther(value["id"u8].Text, value["timestamp"u8].Time, "update", value);
        }
    }

    private static void ReadMessage(LogValue message, LogEntries entries)
    {
        string? id = message["id"u8].Text, model = message["model"u8].Text;
        DateTimeOffset? time = message["timestamp"u8].Time;
        LogRole role = LogRoles.Of(message["type"u8]);
        foreach (LogValue thought in message["thoughts"u8].Elements)
        {
            string text = $"{thought["subject"u8].Said}\n{thought["description"u8].Said}".Trim('\n');
            entries.AddBlocks(id, time, LogRole.Assistant, [new ThinkingContent(text)], model, "google");
        }

        entries.AddMessage(id, time, role, message["content"u8], model, role == LogRole.Assistant ? "google" : null);
        foreach (LogValue call in message["toolCalls"u8].Elements)
        {
            string? name = call["name"u8].Text;
            entries.AddCall(id, time, call["id"u8].Text, name, call["args"u8], model);
            LogValue result = call["result"u8];
            if (!result.Raw.IsEmpty)
            {
                ReadResult(result, call, entries, id, time);
            }
        }
    }

    /// <summary>Reads the result of a call: parts in the form of the request, which name the tool again.</summary>
    private static void ReadResult(LogValue result, LogValue call, LogEntries entries, string? id, DateTimeOffset? time)
    {
        string? callId = call["id"u8].Text, name = call["name"u8].Text;
        if (!result.IsArray)
        {
            entries.AddResult(id, time, callId, name, result);
            return;
        }

        foreach (LogValue part in result.Elements)
        {
            LogValue response = part["functionResponse"u8]["response"u8];
            entries.AddResult(id, time, callId, name, response.Raw.IsEmpty ? part : response);
        }
    }
}
