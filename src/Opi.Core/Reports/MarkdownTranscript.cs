using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// A session as Markdown: a section for each message. A text that Markdown could take for markup is in a code block, so that it is
/// shown as it was written and can neither add a section nor end one.
/// </summary>
internal sealed partial class MarkdownTranscript(Stream stream, ExportContent content) : Transcript(content)
{
    private const int MinFence = 3;

    private readonly StreamWriter _output = new(stream, bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };

    public override void Begin(SessionHeader header)
    {
        _output.WriteLine($"# Session {Inline(header.Id)}");
        _output.WriteLine();
        _output.WriteLine($"- timestamp: {Inline(header.Timestamp)}");
        _output.WriteLine($"- cwd: {Inline(header.WorkingDirectory)}");
        if (header.ParentSession is { } parent)
        {
            _output.WriteLine($"- parent: {Inline(parent)}");
        }
    }

    public override void End()
    {
    }

    public override void Dispose() => _output.Dispose();

    protected override void Add(UserMessage message)
    {
        Heading("User");
        WriteInput(message.Content);
    }

    protected override void Add(SystemMessage message)
    {
        Heading("System");
        WriteInput(message.Content);
    }

    protected override void Add(AssistantMessage message)
    {
        Heading("Assistant");
        foreach (IAssistantContent block in Content.Blocks(message))
        {
            switch (block)
            {
                case TextContent text:
                    WriteText(text.Text);
                    break;
                case ThinkingContent { Thinking.Length: > 0 } thinking:
                    WriteThinking(thinking.Thinking);
                    break;
                case ToolCallContent call:
                    Paragraph($"*tool call: {Inline(call.Name)} ({Inline(call.Id)})*");
                    Paragraph(Fenced(VisibleText.Of(Content.Arguments(call)), "json"));
                    break;
                case OpaqueContent opaque:
                    Paragraph(Inline(opaque.ToString()));
                    break;
            }
        }

        if (message.ErrorMessage is { } error)
        {
            Paragraph($"*error: {Inline(error)}*");
        }
    }

    protected override void Add(ToolResultMessage message)
    {
        Heading($"Tool: {Inline(message.ToolName)}");
        if (message.IsError)
        {
            Paragraph("*the tool failed*");
        }

        WriteInput(message.Content);
    }

    protected override void Add(CompactionSummaryMessage message)
    {
        Heading("Compaction Summary");
        Paragraph(string.Create(
            CultureInfo.InvariantCulture, $"_(kept from {Inline(message.FirstKeptEntryId)}, tokens {message.TokensBefore} -> "
                + $"{message.TokensAfter})_"));
        WriteText(message.Summary);
    }

    protected override void Add(BranchSummaryMessage message)
    {
        Heading("Branch Summary");
        WriteText(message.Summary);
    }

    private void Heading(string text) => Paragraph("## " + text);

    private void Paragraph(string text)
    {
        _output.WriteLine();
        _output.WriteLine(text);
    }

    private void WriteInput(ImmutableArray<IInputContent> content)
    {
        foreach (IInputContent block in content)
        {
            switch (block)
            {
                case TextContent text:
                    WriteText(text.Text);
                    break;
                case ImageContent image:
                    Paragraph(MarkdownText.Escape(ExportContent.Placeholder(image)));
                    break;
                case DocumentContent document:
                    Paragraph(Inline(document.ToString()));
                    WriteText(document.Text ?? "");
                    break;
                case OpaqueContent opaque:
                    Paragraph(Inline(opaque.ToString()));
                    break;
            }
        }
    }

    private void WriteText(string text)
    {
        string visible = VisibleText.Of(Content.Text(text));
        if (visible.Length > 0)
        {
            Paragraph(Block(visible));
        }
    }

    private void WriteThinking(string thinking)
    {
        string block = Block(VisibleText.Of(Content.Text(thinking)));
        string text = block.StartsWith('`') ? "thinking:\n\n" + block : "thinking: " + block;
        Paragraph("> " + text.Replace("\n", "\n> ", StringComparison.Ordinal));
    }

    /// <summary>A text as it is where it is plain paragraphs, else in a code block.</summary>
    private static string Block(string text) => IsPlain(text) ? text : Fenced(text, "");

    private static bool IsPlain(string text) =>
        text == TextRedaction.Placeholder || (text.AsSpan().IndexOfAny(MarkdownText.Markup) < 0 && !NotParagraphs().IsMatch(text));

    /// <summary>A code block whose fence is longer than any run of its character inside.</summary>
    private static string Fenced(string text, string language)
    {
        int longest = 0, run = 0;
        foreach (char c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        string fence = new('`', Math.Max(MinFence, longest + 1));
        return $"{fence}{language}\n{text}{(text.EndsWith('\n') ? "" : "\n")}{fence}";
    }

    /// <summary>Foreign text within a line.</summary>
    private string Inline(string text) => MarkdownText.Inline(Content.Text(text));

    /// <summary>A line that begins as no line of a paragraph does, or that follows another directly and would be joined to it.</summary>
    [GeneratedRegex(@"^([^\S\n]|[+=-])|^[0-9]+[.)]|[^\n]\n[^\n]|[^\S\n]$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NotParagraphs();
}
