using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>A session as one JSON object, keys in alphabetical order: <c>messages</c> and <c>session</c>.</summary>
internal sealed class JsonTranscript : Transcript
{
    private const int FlushAt = 1 << 16;

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _writer;
    private SessionHeader _header = null!;

    public JsonTranscript(Stream stream, ExportContent content)
        : base(content)
    {
        _stream = stream;
        _writer = new Utf8JsonWriter(
            LineFeedStream.Over(stream), new JsonWriterOptions { Encoder = SerdeEncoder.Instance, Indented = true, SkipValidation = true });
    }

    public override void Begin(SessionHeader header)
    {
        _header = header;
        _writer.WriteStartObject();
        _writer.WriteStartArray("messages"u8);
    }

    public override void End()
    {
        _writer.WriteEndArray();
        _writer.WriteStartObject("session"u8);
        WriteText("cwd"u8, _header.WorkingDirectory);
        _writer.WriteString("id"u8, _header.Id);
        _writer.WriteString("parent_session"u8, _header.ParentSession);
        _writer.WriteString("timestamp"u8, _header.Timestamp);
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.Flush();
        _stream.WriteByte((byte)'\n');
    }

    public override void Dispose() => _writer.Dispose();

    protected override void Add(UserMessage message)
    {
        _writer.WriteStartObject();
        WriteInput(message.Content);
        EndMessage(message);
    }

    protected override void Add(SystemMessage message)
    {
        _writer.WriteStartObject();
        WriteInput(message.Content);
        EndMessage(message);
    }

    protected override void Add(AssistantMessage message)
    {
        _writer.WriteStartObject();
        _writer.WriteStartArray("content"u8);
        foreach (IAssistantContent block in Content.Blocks(message))
        {
            _writer.WriteStartObject();
            switch (block)
            {
                case TextContent text:
                    WriteText("text"u8, text.Text);
                    break;
                case ThinkingContent thinking:
                    WriteText("thinking"u8, thinking.Thinking);
                    break;
                case ToolCallContent call:
                    SerdeJson.WriteText(_writer, "arguments"u8, Content.Arguments(call));
                    WriteText("id"u8, call.Id);
                    WriteText("name"u8, call.Name);
                    break;
                case OpaqueContent opaque:
                    WriteOpaque(opaque);
                    break;
            }

            _writer.WriteString("type"u8, block.Type);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
        if (message.ErrorMessage is { } error)
        {
            WriteText("error_message"u8, error);
        }

        WriteText("model"u8, message.Model);
        WriteText("provider"u8, message.Provider);
        EndMessage(message);
    }

    protected override void Add(ToolResultMessage message)
    {
        _writer.WriteStartObject();
        WriteInput(message.Content);
        _writer.WriteBoolean("is_error"u8, message.IsError);
        _writer.WriteString("role"u8, message.Role);
        WriteText("tool_call_id"u8, message.ToolCallId);
        WriteText("tool_name"u8, message.ToolName);
        EndObject();
    }

    protected override void Add(CompactionSummaryMessage message)
    {
        _writer.WriteStartObject();
        _writer.WriteString("role"u8, message.Role);
        WriteText("summary"u8, message.Summary);
        _writer.WriteNumber("tokens_after"u8, message.TokensAfter);
        _writer.WriteNumber("tokens_before"u8, message.TokensBefore);
        EndObject();
    }

    protected override void Add(BranchSummaryMessage message)
    {
        _writer.WriteStartObject();
        _writer.WriteString("role"u8, message.Role);
        WriteText("summary"u8, message.Summary);
        EndObject();
    }

    private void WriteInput(ImmutableArray<IInputContent> content)
    {
        _writer.WriteStartArray("content"u8);
        foreach (IInputContent block in content)
        {
            _writer.WriteStartObject();
            switch (block)
            {
                case TextContent text:
                    WriteText("text"u8, text.Text);
                    break;
                case ImageContent image:
                    _writer.WriteString("media_type"u8, image.MediaType);
                    break;
                case DocumentContent document:
                    _writer.WriteString("media_type"u8, document.MediaType);
                    WriteText("name"u8, document.Name ?? "");
                    WriteText("text"u8, document.Text ?? "");
                    break;
                case OpaqueContent opaque:
                    WriteOpaque(opaque);
                    break;
            }

            _writer.WriteString("type"u8, block.Type);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void WriteOpaque(OpaqueContent opaque)
    {
        WriteText("kind"u8, opaque.Kind);
        WriteText("text"u8, opaque.ToString());
    }

    private void WriteText(ReadOnlySpan<byte> name, string text) => SerdeJson.WriteText(_writer, name, Content.Text(text));

    private void EndMessage(AgentMessage message)
    {
        _writer.WriteString("role"u8, message.Role);
        EndObject();
    }

    private void EndObject()
    {
        _writer.WriteEndObject();
        if (_writer.BytesPending > FlushAt)
        {
            _writer.Flush();
        }
    }
}
