using System.Text;

namespace Opi;

/// <summary>
/// Reads the content of messages in the forms that agents write: blocks of Anthropic and OpenAI, parts of Gemini, and the forms of pi, Goose,
/// Crush and others. A block of a kind that is not known is kept whole.
/// </summary>
internal static class LogBlocks
{
    /// <summary>Reads a text, a block, or a list of them.</summary>
    /// <param name="content">The content.</param>
    /// <param name="blocks">Gets blocks of answers and inputs, and results of tools as messages.</param>
    /// <param name="time">When, in milliseconds since 1970.</param>
    public static void Read(LogValue content, List<object> blocks, long time)
    {
        if (content.IsText)
        {
            AddText(blocks, content.Said);
        }
        else if (content.IsArray)
        {
            foreach (LogValue element in content.Elements)
            {
                Read(element, blocks, time);
            }
        }
        else if (content.IsObject)
        {
            ReadBlock(content, blocks, time);
        }
    }

    /// <summary>Reads what a tool gave back: a text, blocks, or any JSON.</summary>
    public static void ReadResult(LogValue content, List<object> blocks)
    {
        if (content.IsObject && !content["type"u8].IsText)
        {
            AddText(blocks, LogLeaves.Text(content.Raw));
        }
        else
        {
            Read(content, blocks, 0);
        }
    }

    /// <summary>A tool call.</summary>
    public static ToolCallContent Call(string? id, string? tool, LogValue arguments) =>
        new(id ?? "", tool ?? "", arguments.IsText ? arguments.Said : arguments.Raw.IsEmpty ? "{}" : Encoding.UTF8.GetString(arguments.Raw));

    /// <summary>A block as one of a user's message or a result.</summary>
    public static IInputContent ToInput(object block) => block as IInputContent ?? new TextContent(block.ToString() ?? "");

    private static void ReadBlock(LogValue block, List<object> blocks, long time)
    {
        LogValue type = block["type"u8], data = block["data"u8];
        LogValue inner = data.IsObject ? data : block; // Crush has the members of a block in its data
        if (!type.IsText)
        {
            ReadPart(block, blocks, time);
        }
        else if (type.Is("text"u8) || type.Is("input_text"u8) || type.Is("output_text"u8) || type.Is("summary_text"u8) || type.Is("inputText"u8))
        {
            AddText(blocks, inner["text"u8].Said);
        }
        else if (type.Is("thinking"u8) || type.Is("think"u8) || type.Is("reasoning"u8) || type.Is("reasoning_text"u8))
        {
            AddThinking(blocks, First(inner, "thinking"u8, "text"u8, "think"u8));
        }
        else if (type.Is("tool_use"u8) || type.Is("toolCall"u8) || type.Is("tool_call"u8)
            || type.Is("server_tool_use"u8) || type.Is("mcp_tool_use"u8))
        {
            LogValue arguments = inner["input"u8].Raw.IsEmpty ? inner["arguments"u8] : inner["input"u8];
            blocks.Add(Call(First(inner, "id"u8, "toolCallId"u8, "tool_call_id"u8), inner["name"u8].Said, arguments));
        }
        else if (type.Is("toolRequest"u8))
        {
            LogValue call = block["toolCall"u8]["value"u8];
            blocks.Add(Call(block["id"u8].Said, call["name"u8].Said, call["arguments"u8]));
        }
        else if (type.Is("tool_result"u8) || type.Is("toolResult"u8) || type.Is("mcp_tool_result"u8))
        {
            LogValue content = inner["content"u8].Raw.IsEmpty ? inner["run"u8].Raw.IsEmpty ? inner["result"u8] : inner["run"u8] : inner["content"u8];
            string? call = First(inner, "tool_use_id"u8, "toolUseID"u8, "toolCallId"u8, "tool_call_id"u8);
            AddResult(blocks, call, inner["name"u8].Said, content, inner["is_error"u8].IsTrue, time);
        }
        else if (type.Is("toolResponse"u8))
        {
            LogValue result = block["toolResult"u8];
            LogValue value = result["value"u8];
            LogValue content = value["content"u8].Raw.IsEmpty ? value.Raw.IsEmpty ? result["error"u8] : value : value["content"u8];
            AddResult(blocks, block["id"u8].Said, null, content, !result["error"u8].Raw.IsEmpty, time);
        }
        else if (type.Is("tool"u8) && inner["state"u8].IsObject)
        {
            AddTool(blocks, inner, time);
        }
        else if (type.Is("image"u8) || type.Is("input_image"u8) || type.Is("image_url"u8))
        {
            blocks.Add(new OpaqueContent("image", "[image]", new ProviderData("", "{}")));
        }
        else
        {
            string kind = type.Said;
            blocks.Add(new OpaqueContent(kind, $"[{kind}]", new ProviderData("", Encoding.UTF8.GetString(block.Raw))));
        }
    }

    /// <summary>Reads a part as Gemini has them, which name their kind by a member.</summary>
    private static void ReadPart(LogValue part, List<object> blocks, long time)
    {
        LogValue call = part["functionCall"u8], result = part["functionResponse"u8];
        if (call.IsObject)
        {
            blocks.Add(Call(call["id"u8].Said, call["name"u8].Said, call["args"u8]));
        }
        else if (result.IsObject)
        {
            AddResult(blocks, result["id"u8].Said, result["name"u8].Said, result["response"u8], isError: false, time);
        }
        else if (part["text"u8].IsText && part["thought"u8].IsTrue)
        {
            AddThinking(blocks, part["text"u8].Said);
        }
        else if (part["text"u8].IsText)
        {
            AddText(blocks, part["text"u8].Said);
        }
        else if (part["inlineData"u8].IsObject)
        {
            blocks.Add(new OpaqueContent("image", "[image]", new ProviderData("", "{}")));
        }
        else
        {
            blocks.Add(new OpaqueContent("part", "[part]", new ProviderData("", Encoding.UTF8.GetString(part.Raw))));
        }
    }

    /// <summary>Adds a call and its result, which opencode keeps in one block.</summary>
    private static void AddTool(List<object> blocks, LogValue tool, long time)
    {
        LogValue state = tool["state"u8];
        string? call = First(tool, "callID"u8, "id"u8), name = First(tool, "tool"u8, "name"u8);
        blocks.Add(Call(call, name, state["input"u8]));
        LogValue output = state["output"u8].Raw.IsEmpty ? state["content"u8].Raw.IsEmpty ? state["error"u8] : state["content"u8] : state["output"u8];
        if (!output.Raw.IsEmpty)
        {
            AddResult(blocks, call, name, output, state["status"u8].Is("error"u8), time);
        }
    }

    private static void AddText(List<object> blocks, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            blocks.Add(new TextContent(text));
        }
    }

    private static void AddThinking(List<object> blocks, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            blocks.Add(new ThinkingContent(text));
        }
    }

    private static void AddResult(List<object> blocks, string? call, string? tool, LogValue content, bool isError, long time)
    {
        var inner = new List<object>();
        ReadResult(content, inner);
        blocks.Add(new ToolResultMessage(call ?? "", tool ?? "", inner.Select(ToInput), time) { IsError = isError });
    }

    private static string? First(
        LogValue value,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> second,
        ReadOnlySpan<byte> third = default,
        ReadOnlySpan<byte> fourth = default) =>
        value[name].IsText ? value[name].Said
        : value[second].IsText ? value[second].Said
        : !third.IsEmpty && value[third].IsText ? value[third].Said
        : !fourth.IsEmpty && value[fourth].IsText ? value[fourth].Said
        : null;
}
