using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

internal static partial class MessageWire
{
    public static void Write(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, message is SystemMessage ? "user" : message.Role);
        switch (message)
        {
            case UserMessage user:
                WriteInput(writer, user.Content);
                break;
            case SystemMessage system:
                WriteInput(writer, system.Content);
                writer.WriteBoolean("system"u8, true);
                break;
            case AssistantMessage assistant:
                WriteAssistant(writer, assistant);
                break;
            case ToolResultMessage result:
                writer.WriteString("tool_call_id"u8, result.ToolCallId);
                writer.WriteString("tool_name"u8, result.ToolName);
                WriteInput(writer, result.Content);
                writer.WritePropertyName("details"u8);
                if (result.Details is { } details)
                {
                    SerdeJson.WriteValue(writer, details);
                }
                else
                {
                    writer.WriteNullValue();
                }

                writer.WriteBoolean("is_error"u8, result.IsError);
                ProviderDataWire.Write(writer, result.ProviderData);
                break;
        }

        writer.WriteNumber("timestamp_ms"u8, message.TimestampMs);
        writer.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter writer, AssistantMessage message)
    {
        writer.WriteStartArray("content"u8);
        foreach (IAssistantContent block in message.Content)
        {
            writer.WriteStartObject();
            switch (block)
            {
                case TextContent text:
                    WriteText(writer, text);
                    break;
                case ThinkingContent thinking:
                    writer.WriteString("type"u8, "thinking"u8);
                    SerdeJson.WriteText(writer, "thinking"u8, thinking.Thinking);
                    WriteIfAny(writer, "id"u8, thinking.Id);
                    WriteIfAny(writer, "signature"u8, thinking.Signature);
                    WriteIfAny(writer, "encrypted_content"u8, thinking.EncryptedContent);
                    ProviderDataWire.Write(writer, thinking.ProviderData);
                    break;
                case ToolCallContent call:
                    writer.WriteString("type"u8, "tool_call"u8);
                    writer.WriteStartObject("tool_call"u8);
                    writer.WriteString("id"u8, call.Id);
                    writer.WriteString("name"u8, call.Name);
                    SerdeJson.WriteText(writer, "arguments"u8, call.Arguments);
                    WriteIfAny(writer, "signature"u8, call.Signature);
                    ProviderDataWire.Write(writer, call.ProviderData);
                    writer.WriteEndObject();
                    break;
                case OpaqueContent opaque:
                    // opi reads it as thinking, which it keeps and does not show.
                    writer.WriteString("type"u8, "thinking"u8);
                    SerdeJson.WriteText(writer, "thinking"u8, opaque.StandIn);
                    WriteOpaque(writer, opaque);
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("api"u8, Apis[(int)message.Api]);
        writer.WriteString("provider"u8, message.Provider);
        writer.WriteString("model"u8, message.Model);
        writer.WriteString("response_model"u8, message.ResponseModel);
        writer.WriteString("response_id"u8, message.ResponseId);
        writer.WritePropertyName("usage"u8);
        UsageWire.Write(writer, message.Usage);
        writer.WriteString("stop_reason"u8, StopReasonNames.OfOpi(message.StopReason));
        writer.WriteString("error_message"u8, message.ErrorMessage);
        if (StopReasonNames.Detail(message.StopReason) is { } detail)
        {
            writer.WriteString(StopReasonNames.DetailMember, detail);
        }

        WriteIfAny(writer, "asked_model"u8, message.AskedModel);
        ProviderDataWire.Write(writer, message.ProviderData);
    }

    /// <summary>Writes a key that opi does not know and skips; without a value it is not written.</summary>
    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            SerdeJson.WriteText(writer, name, text);
        }
    }

    private static void WriteInput(Utf8JsonWriter writer, ImmutableArray<IInputContent> content)
    {
        writer.WriteStartArray("content"u8);
        foreach (IInputContent block in content)
        {
            writer.WriteStartObject();
            switch (block)
            {
                case TextContent text:
                    WriteText(writer, text);
                    break;
                case ImageContent image:
                    writer.WriteString("type"u8, "image"u8);
                    writer.WriteStartObject("source"u8);
                    WriteSource(writer, image.Source);
                    writer.WriteEndObject();
                    writer.WriteString("media_type"u8, image.MediaType);
                    WriteIfAny(writer, "detail"u8, image.Detail);
                    break;
                case DocumentContent document:
                    WriteDocument(writer, document);
                    break;
                case OpaqueContent opaque:
                    writer.WriteString("type"u8, "text"u8);
                    SerdeJson.WriteText(writer, "text"u8, opaque.StandIn);
                    WriteOpaque(writer, opaque);
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, TextContent text)
    {
        writer.WriteString("type"u8, "text"u8);
        SerdeJson.WriteText(writer, "text"u8, text.Text);
        ProviderDataWire.Write(writer, text.ProviderData);
    }

    private static void WriteOpaque(Utf8JsonWriter writer, OpaqueContent opaque)
    {
        writer.WriteString("opaque"u8, opaque.Kind);
        ProviderDataWire.Write(writer, opaque.Data);
    }

    /// <summary>To opi a document is a text that names it.</summary>
    private static void WriteDocument(Utf8JsonWriter writer, DocumentContent document)
    {
        writer.WriteString("type"u8, "text"u8);
        SerdeJson.WriteText(writer, "text"u8, document.ToString());
        writer.WriteStartObject("document"u8);
        writer.WriteString("media_type"u8, document.MediaType);
        WriteIfAny(writer, "name"u8, document.Name);
        WriteIfAny(writer, "text"u8, document.Text);
        if (document.Source is { } source)
        {
            writer.WriteStartObject("source"u8);
            WriteSource(writer, source);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter writer, ImageSource source)
    {
        if (source.Url is { } url)
        {
            writer.WriteString("type"u8, "url"u8);
            writer.WriteString("url"u8, url);
        }
        else if (source.Bytes is { } bytes)
        {
            writer.WriteString("type"u8, "bytes"u8);
            writer.WriteStartArray("data"u8);
            foreach (byte b in bytes.Span)
            {
                writer.WriteNumberValue((uint)b);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("type"u8, "base64"u8);
            SerdeJson.WriteText(writer, "data"u8, source.Data!);
        }
    }
}
