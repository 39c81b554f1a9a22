using System.Text;

namespace Opi;

/// <summary>
/// Reads what was said in a task of an extension of VS Code from the document that its view is made of. Where the messages are there as they were
/// sent, those are read instead.
/// </summary>
internal static class EditorTaskMessages
{
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "api_req_started", "api_req_finished", "api_req_retried", "api_req_retry_delayed", "deleted_api_reqs", "subagent_usage", "checkpoint_created",
        "checkpoint_saved", "mcp_server_request_started", "resume_task", "resume_completed_task",
    };

    /// <summary>Reads all of it.</summary>
    public static void Read(LogValue value, LogEntries entries)
    {
        int place = 0;
        foreach (LogValue element in value.Elements)
        {
            entries.Offset = place; // an element has no id
            Read(element, place++ == 0, entries);
        }
    }

    private static void Read(LogValue element, bool isFirst, LogEntries entries)
    {
        DateTimeOffset? time = element["ts"u8].UnixTime;
        string? model = element["modelInfo"u8]["modelId"u8].Text, provider = element["modelInfo"u8]["providerId"u8].Text;
        string kind = element["say"u8].Text ?? element["ask"u8].Said;
        string? text = element["text"u8].Text;
        if (element["reasoning"u8].Text is { } thought)
        {
            entries.AddBlocks(null, time, LogRole.Assistant, [new ThinkingContent(thought)], model, provider);
        }

        switch (kind)
        {
            case "text" when isFirst: // older versions say so of the task
            case "task" or "user_feedback" or "user_feedback_diff":
                entries.AddText(null, time, LogRole.User, text);
                break;
            case "text" or "completion_result" or "followup" or "plan_mode_respond" or "command" or "error":
                entries.AddText(null, time, LogRole.Assistant, text, model, provider);
                break;
            case "reasoning" when text is not null:
                entries.AddBlocks(null, time, LogRole.Assistant, [new ThinkingContent(text)], model, provider);
                break;
            case "tool" or "use_mcp_server" when text is not null:
                AddCall(text, time, model, entries);
                break;
            case "command_output" or "mcp_server_response" or "browser_action_result":
                entries.AddResult(null, time, null, null, element["text"u8]);
                break;
            case "condense_context":
                entries.AddSummary(null, time, element["contextCondense"u8]["summary"u8].Text);
                break;
            default:
                if (!Silent.Contains(kind) && text is not null)
                {
                    entries.AddOther(null, time, kind, element["text"u8]);
                }

                break;
        }
    }

    /// <summary>A call of a tool, which is JSON in a text.</summary>
    private static void AddCall(string text, DateTimeOffset? time, string? model, LogEntries entries)
    {
        LogValue call = LogValueReader.Parse(Encoding.UTF8.GetBytes(text));
        if (call.IsObject)
        {
            entries.AddCall(null, time, null, call["tool"u8].Text ?? call["toolName"u8].Text, call, model);
        }
        else
        {
            entries.AddText(null, time, LogRole.Assistant, text, model);
        }
    }
}
