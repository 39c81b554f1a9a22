using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>A session as one page of HTML, which loads and runs nothing.</summary>
internal sealed partial class HtmlTranscript(Stream stream, ExportContent content) : Transcript(content)
{
    private readonly HtmlWriter _html = new(stream);
    private readonly TranscriptPlan _plan = new(content);
    private int _number;

    public override bool HasPlan => true;

    public override void Plan(AgentMessage message) => _plan.Add(message);

    public override void Begin(SessionHeader header)
    {
        string title = "Session " + Content.Text(header.Id);
        _html.BeginPage(title, StyleSheets.Session);
        using (_html.Block("header"))
        {
            _html.Element("h1", title);
            using HtmlElement facts = _html.Inline("dl");
            _html.Line();
            WriteFacts(header);
        }

        _html.BeginMain();
        WriteTurns();
    }

    private void WriteFacts(SessionHeader header)
    {
        Fact("Created", header.Timestamp);
        Fact("Working directory", header.WorkingDirectory);
        if (header.ParentSession is { } parent)
        {
            Fact("Forked from", parent);
        }

        if (_plan.HasUsage)
        {
            Fact("Cost", $"{Sum(_plan.Turns).Cost} for the answers on this page, at the prices of {PricingCatalog.Default.Date}");
        }
    }

    public override void End()
    {
        if (_number == 0)
        {
            _html.Element("p", "This session has no messages.", ("class", "none")).Line();
        }

        _html.EndPage();
    }

    public override void Dispose() => _html.Dispose();

    protected override void Add(UserMessage message)
    {
        using HtmlElement section = BeginMessage("user", "User", Notes(TimeOf(message), TurnNote(_plan.TurnAt(_number + 1))));
        WriteInput(message.Content);
    }

    protected override void Add(SystemMessage message)
    {
        using HtmlElement section = BeginMessage("user", "System", TimeOf(message));
        WriteInput(message.Content);
    }

    protected override void Add(AssistantMessage message)
    {
        using HtmlElement section = BeginMessage("assistant", "Assistant", Notes(message.ModelSpec, TimeOf(message), UsageNote(message)));
        int calls = 0;
        foreach (IAssistantContent block in Content.Blocks(message))
        {
            switch (block)
            {
                case TextContent text:
                    WriteText(text.Text);
                    break;
                case ThinkingContent { Thinking.Length: > 0 } thinking:
                    WriteThinking(thinking);
                    break;
                case ToolCallContent call:
                    WriteCall(call, ++calls);
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
    }

    protected override void Add(ToolResultMessage message)
    {
        using HtmlElement section = BeginMessage("tool", "Tool: " + Content.Text(message.ToolName), Notes(message.ToolCallId, TimeOf(message)));
        if (_plan.CallOf(_number) is { } call)
        {
            _html.Element("a", "its call", ("href", "#" + IdOf(call)), ("class", "jump")).Line();
        }

        if (message.IsError)
        {
            _html.Element("p", "The tool failed.", ("class", "error")).Line();
        }

        if (message.Content.Length > 0)
        {
            using HtmlElement details = _html.Block("details", ("class", "result"), ("open", message.IsError ? "open" : null));
            _html.Element("summary", ResultSummary(message));
            WriteInput(message.Content, scrolls: true);
        }
    }

    protected override void Add(CompactionSummaryMessage message)
    {
        using HtmlElement section = BeginMessage("summary", "Compaction summary", string.Create(
            CultureInfo.InvariantCulture, $"kept from {message.FirstKeptEntryId}, {message.TokensBefore:N0} to {message.TokensAfter:N0} tokens"));
        WriteText(message.Summary);
    }

    protected override void Add(BranchSummaryMessage message)
    {
        using HtmlElement section = BeginMessage("summary", "Branch summary");
        WriteText(message.Summary);
    }

    private void WriteThinking(ThinkingContent thinking)
    {
        using HtmlElement details = _html.Block("details", ("class", "thinking"));
        _html.Element("summary", "Thinking");
        WriteText(thinking.Thinking);
    }

    private void Fact(string name, string value)
    {
        using HtmlElement fact = _html.Block("div");
        _html.Element("dt", name).Element("dd", Content.Text(value));
    }

    private HtmlElement BeginMessage(string kind, string heading, string? note = null)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"m{++_number}");
        HtmlElement section = _html.Block("section", ("id", id), ("class", kind), ("aria-labelledby", id + "h"));
        using HtmlElement head = _html.Line().Block("div", ("class", "head"));
        _html.Element("h2", heading, ("id", id + "h"));
        if (note is not null)
        {
            _html.Element("span", Content.Text(note), ("class", "note"));
        }

        _html.Element("a", "#" + id[1..], ("href", "#" + id), ("aria-label", "Link to message " + id[1..]));
        return section;
    }

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

    private void WriteCall(ToolCallContent call, int number)
    {
        string arguments = Content.Arguments(call);
        using HtmlElement block = _html.Block("div", ("class", "call"), ("id", IdOf((_number, number))));
        using (_html.Block("p"))
        {
            _html.Text("Tool call ").Element("code", Content.Text(call.Name)).Text(" ").Element("span", Content.Text(call.Id), ("class", "note"));
            if (_plan.ResultOf(_number, number) is { } result)
            {
                _html.Text(" ").Element("a", "its result", ("href", FormattableString.Invariant($"#m{result}")), ("class", "jump"));
            }
        }

        if (TryParseObject(arguments) is { } members)
        {
            using HtmlElement list = _html.Inline("dl");
            foreach (JsonProperty member in members.EnumerateObject())
            {
                string value = member.Value.ValueKind == JsonValueKind.String ? JsonHalves.TextOf(member.Value) : SerdeJson.ToText(member.Value);
                using HtmlElement argument = _html.Inline("div");
                _html.Element("dt", member.Name).Element("dd", value, ("class", "text"));
            }
        }
        else
        {
            _html.Element("div", arguments, ("class", "text"));
        }
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
        string? data = Content.EmbedsImages ? image.Source.Data : null;
        if (data is null || !Base64.IsValid(data))
        {
            _html.Element("p", ExportContent.Placeholder(image), ("class", "note")).Line();
        }
        else
        {
            _html.Empty("img", ("alt", ExportContent.Placeholder(image)), ("src", $"data:{image.MediaType};base64,{data}")).Line();
        }
    }
}
