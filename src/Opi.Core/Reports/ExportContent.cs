namespace Opi;

/// <summary>What an export lets through of a message.</summary>
internal sealed class ExportContent(SessionExportOptions options)
{
    /// <summary>
    /// Whether images are embedded: only if nothing is redacted, since an image may show anything.
    /// </summary>
    public bool EmbedsImages => options.Redact == ExportRedaction.None;

    /// <summary>Whether a message is exported at all.</summary>
    public bool Includes(AgentMessage message) => !(options.ExcludeToolOutput && message is ToolResultMessage);

    /// <summary>The blocks of an answer that are exported.</summary>
    public IEnumerable<IAssistantContent> Blocks(AssistantMessage answer) =>
        answer.Content.Where(block => !(options.ExcludeThinking && block is ThinkingContent));

    /// <summary>A text, redacted.</summary>
    public string Text(string text) => Redactor.ExportText(text, options.Redact);

    /// <summary>The arguments of a tool call, redacted.</summary>
    public string Arguments(ToolCallContent call) => Redactor.ExportJson(call.Arguments, options.Redact);

    /// <summary>The text for an image that is not embedded.</summary>
    public static string Placeholder(ImageContent image) => $"[image: {image.MediaType}]";
}
