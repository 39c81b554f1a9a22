using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>A session as one page of HTML, which loads and runs nothing.</summary>
internal sealed class HtmlTranscript(Stream stream, ExportContent content) : Transcript(content)
{
    private readonly HtmlWriter _html = new(stream);
    private int _number;

    public override void Begin(SessionHeader header)
    {
        string title = "Session " + Content.Text(header.Id);
        _html.BeginPage(title, StyleSheets.Session);
        _html.Open("header").Element("h1", title).Open("dl").Line();
        Fact("Created", header.Timestamp);
        Fact("Working directory", header.WorkingDirectory);
        if (header.ParentSession is { } parent)
        {
            Fact("Forked from", parent);
        }

        _html.Close("dl").Close("header").Line().Open("main").Line();
    }

    public override void End()
    {
        if (_number == 0)
        {
            _html.Element("p", "This session has no messages.", ("class", "none")).Line();
        }

        _html.Close("main").Line().EndPage();
    }

    public override void Dispose() => _html.Dispose();

    protected override void Add(UserMessage message)
    {
        BeginMessage("user", "User");
        WriteInput(message.Content);
        EndMessage();
    }

    protected override void Add(SystemMessage message)
    {
        BeginMessage("user", "System");
        WriteInput(message.Content);
        EndMessage();
    }

    protected override void Add(AssistantMessage message)
    {
        BeginMessage("assistant", "Assistant", message.ModelSpec);
        foreach (IAssistantContent block in Content.Blocks(message))
        {
            switch (block)
            {
                case TextContent text:
                    WriteText(text.Text);
                    break;
                case ThinkingContent { Thinking.Length: > 0 } thinking:
                    _html.Open("details", ("class", "thinking")).Element("summary", "Thinking");
                    WriteText(thinking.Thinking);
                    _html.Close("details").Line();
                    break;
                case ToolCallContent call:
                    WriteCall(call);
                    break;
                case OpaqueContent opaque:
                    WriteNote(opaque);
                    break;
            }
        }

        if (message.ErrorMessage is { } error)
        {
            _html.Element("p", "Error: " + Content.Text(error), ("class", "error")).Line();
        }

        EndMessage();
    }

    protected override void Add(ToolResultMessage message)
    {
        BeginMessage("tool", "Tool: " + Content.Text(message.ToolName), message.ToolCallId);
        if (message.IsError)
        {
            _html.Element("p", "The tool failed.", ("class", "error")).Line();
        }

        WriteInput(message.Content, scrolls: true);
        EndMessage();
    }

    protected override void Add(CompactionSummaryMessage message)
    {
        BeginMessage("summary", "Compaction summary", string.Create(
            CultureInfo.InvariantCulture, $"kept from {message.FirstKeptEntryId}, {message.TokensBefore:N0} to {message.TokensAfter:N0} tokens"));
        WriteText(message.Summary);
        EndMessage();
    }

    protected override void Add(BranchSummaryMessage message)
    {
        BeginMessage("summary", "Branch summary");
        WriteText(message.Summary);
        EndMessage();
    }

    private void Fact(string name, string value) =>
        _html.Open("div").Element("dt", name).Element("dd", Content.Text(value)).Close("div").Line();

    private void BeginMessage(string kind, string heading, string? note = null)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"m{++_number}");
        _html.Open("section", ("id", id), ("class", kind), ("aria-labelledby", id + "h")).Line();
        _html.Open("div", ("class", "head")).Element("h2", heading, ("id", id + "h"));
        if (note is not null)
        {
            _html.Element("span", Content.Text(note), ("class", "note"));
        }

        _html.Element("a", "#" + id[1..], ("href", "#" + id), ("aria-label", "Link to message " + id[1..])).Close("div").Line();
    }

    private void EndMessage() => _html.Close("section").Line();

    private void WriteInput(ImmutableArray<IInputContent> content, bool scrolls = false)
    {
        foreach (IInputContent block in content)
        {
            switch (block)
            {
                case TextContent text:
                    WriteText(text.Text, scrolls);
                    break;
                case ImageContent image:
                    WriteImage(image);
                    break;
                case DocumentContent document:
                    WriteNote(document);
                    WriteText(document.Text ?? "", scrolls);
                    break;
                case OpaqueContent opaque:
                    WriteNote(opaque);
                    break;
            }
        }
    }

    private void WriteNote(object block) => _html.Element("p", Content.Text(block.ToString()!), ("class", "note")).Line();

    private void WriteText(string text, bool scrolls = false)
    {
        if (text.Length > 0)
        {
            _html.Element("div", Content.Text(text), ("class", "text"), ("dir", "auto"), ("tabindex", scrolls ? "0" : null)).Line();
        }
    }

    private void WriteCall(ToolCallContent call)
    {
        string arguments = Content.Arguments(call);
        _html.Open("div", ("class", "call")).Open("p").Text("Tool call ").Element("code", Content.Text(call.Name)).Text(" ")
            .Element("span", Content.Text(call.Id), ("class", "note")).Close("p").Line();
        if (TryParseObject(arguments) is { } members)
        {
            _html.Open("dl");
            foreach (JsonProperty member in members.EnumerateObject())
            {
                string value = member.Value.ValueKind == JsonValueKind.String ? JsonHalves.TextOf(member.Value) : SerdeJson.ToText(member.Value);
                _html.Open("div").Element("dt", member.Name).Element("dd", value, ("class", "text")).Close("div");
            }

            _html.Close("dl");
        }
        else
        {
            _html.Element("div", arguments, ("class", "text"));
        }

        _html.Close("div").Line();
    }

    private static JsonElement? TryParseObject(string json)
    {
        try
        {
            return SerdeJson.Parse(Encoding.UTF8.GetBytes(json)) is { ValueKind: JsonValueKind.Object } value ? value : null;
        }
        catch (JsonException)
        {
            return null; // the model gave no JSON: it is shown as it is
        }
    }

    private void WriteImage(ImageContent image)
    {
        string? data = !Content.EmbedsImages ? null : image.Source switch
        {
            BytesImageSource bytes => Convert.ToBase64String(bytes.Data.Span),
            Base64ImageSource base64 when Base64.IsValid(base64.Data) => base64.Data,
            _ => null,
        };
        if (data is null)
        {
            _html.Element("p", ExportContent.Placeholder(image), ("class", "note")).Line();
        }
        else
        {
            _html.Empty("img", ("alt", ExportContent.Placeholder(image)), ("src", $"data:{image.MediaType};base64,{data}")).Line();
        }
    }
}
