using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>The wire form of messages: the <c>message</c> object of an entry. Keys in opi's order, optional values as null.</summary>
internal static class MessageWire
{
    private static readonly string[] Apis = ["Anthropic", "OpenAi", "Google", "Mistral"];
    private static readonly string[] StopReasons = ["stop", "length", "tool_use", "error", "aborted"];

    public static void Write(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, message.Role);
        switch (message)
        {
            case UserMessage user:
                WriteInput(writer, user.Content);
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
                break;
        }

        writer.WriteNumber("timestamp_ms"u8, message.TimestampMs);
        writer.WriteEndObject();
    }

    /// <summary>Reads a message. Without <paramref name="build"/> it only checks it and notes the facts, and gives null.</summary>
    public static Message? Read(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        JsonString role = FindTag(json, "role"u8);
        return role.Is("user"u8) ? ReadUser(ref json, build, ref facts)
            : role.Is("assistant"u8) ? ReadAssistant(ref json, build, ref facts)
            : role.Is("tool_result"u8) ? ReadToolResult(ref json, build, ref facts)
            : throw new WireException($"unknown role '{role.ToString()}'");
    }

    /// <summary>The value of an object's tag, wherever it stands; the caller's cursor stays at the start of the object.</summary>
    public static JsonString FindTag(JsonCursor json, ReadOnlySpan<byte> tag)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is(tag))
            {
                return json.ReadString();
            }

            json.Skip();
        }

        throw new WireException($"no '{System.Text.Encoding.UTF8.GetString(tag)}'");
    }

    private static void WriteAssistant(Utf8JsonWriter writer, AssistantMessage message)
    {
        writer.WriteStartArray("content"u8);
        foreach (IAssistantContent block in message.Content)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, block.Type);
            switch (block)
            {
                case TextContent text:
                    SerdeJson.WriteText(writer, "text"u8, text.Text);
                    break;
                case ThinkingContent thinking:
                    SerdeJson.WriteText(writer, "thinking"u8, thinking.Thinking);
                    WriteIfAny(writer, "id"u8, thinking.Id);
                    WriteIfAny(writer, "signature"u8, thinking.Signature);
                    WriteIfAny(writer, "encrypted_content"u8, thinking.EncryptedContent);
                    break;
                case ToolCallContent call:
                    writer.WriteStartObject("tool_call"u8);
                    writer.WriteString("id"u8, call.Id);
                    writer.WriteString("name"u8, call.Name);
                    SerdeJson.WriteText(writer, "arguments"u8, call.Arguments);
                    WriteIfAny(writer, "signature"u8, call.Signature);
                    writer.WriteEndObject();
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
        writer.WriteString("stop_reason"u8, StopReasons[(int)message.StopReason]);
        writer.WriteString("error_message"u8, message.ErrorMessage);
    }

    /// <summary>Writes a key that opi does not know and passes over; without a value it is not written.</summary>
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
            writer.WriteString("type"u8, block.Type);
            switch (block)
            {
                case TextContent text:
                    SerdeJson.WriteText(writer, "text"u8, text.Text);
                    break;
                case ImageContent image:
                    writer.WriteStartObject("source"u8);
                    WriteSource(writer, image.Source);
                    writer.WriteEndObject();
                    writer.WriteString("media_type"u8, image.MediaType);
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSource(Utf8JsonWriter writer, ImageSource source)
    {
        switch (source)
        {
            case UrlImageSource url:
                writer.WriteString("type"u8, "url"u8);
                writer.WriteString("url"u8, url.Url);
                break;
            case Base64ImageSource base64:
                writer.WriteString("type"u8, "base64"u8);
                SerdeJson.WriteText(writer, "data"u8, base64.Data);
                break;
            case BytesImageSource bytes:
                writer.WriteString("type"u8, "bytes"u8);
                writer.WriteStartArray("data"u8);
                foreach (byte b in bytes.Data.Span)
                {
                    writer.WriteNumberValue((uint)b);
                }

                writer.WriteEndArray();
                break;
        }
    }

    private static UserMessage? ReadUser(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.User;
        var seen = new SeenFields();
        ImmutableArray<IInputContent> content = [];
        long timestamp = 0;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "role"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "content"u8))
            {
                content = ReadInput(ref json, build);
            }
            else if (seen.Match(name, 2, "timestamp_ms"u8))
            {
                timestamp = json.ReadInt64();
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "content"u8);
        seen.Require(2, "timestamp_ms"u8);
        return build ? new UserMessage(content, timestamp) : null;
    }

    private static ToolResultMessage? ReadToolResult(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.ToolResult;
        var seen = new SeenFields();
        ImmutableArray<IInputContent> content = [];
        string id = "", tool = "";
        JsonElement? details = null;
        bool isError = false;
        long timestamp = 0;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "role"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "tool_call_id"u8))
            {
                id = Text(json.ReadString(), build);
            }
            else if (seen.Match(name, 2, "tool_name"u8))
            {
                tool = Text(json.ReadString(), build);
            }
            else if (seen.Match(name, 3, "content"u8))
            {
                content = ReadInput(ref json, build);
            }
            else if (seen.Match(name, 4, "details"u8))
            {
                if (!json.TryReadNull())
                {
                    ReadOnlySpan<byte> raw = json.Skip();
                    details = build ? SerdeJson.Parse(raw) : null;
                }
            }
            else if (seen.Match(name, 5, "is_error"u8))
            {
                isError = json.ReadBoolean();
            }
            else if (seen.Match(name, 6, "timestamp_ms"u8))
            {
                timestamp = json.ReadInt64();
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "tool_call_id"u8);
        seen.Require(2, "tool_name"u8);
        seen.Require(3, "content"u8);
        seen.Require(5, "is_error"u8);
        seen.Require(6, "timestamp_ms"u8);
        return build ? new ToolResultMessage(id, tool, content, timestamp) { Details = details, IsError = isError } : null;
    }

    private static AssistantMessage? ReadAssistant(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.Assistant;
        var seen = new SeenFields();
        ImmutableArray<IAssistantContent> content = [];
        JsonString provider = default, model = default;
        string? responseModel = null, responseId = null, error = null;
        int api = 0, stopReason = 0;
        long timestamp = 0;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "role"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "content"u8))
            {
                content = ReadAssistantContent(ref json, build);
            }
            else if (seen.Match(name, 2, "api"u8))
            {
                api = OneOf(json.ReadString(), Apis, "api");
            }
            else if (seen.Match(name, 3, "provider"u8))
            {
                provider = json.ReadString();
            }
            else if (seen.Match(name, 4, "model"u8))
            {
                model = json.ReadString();
            }
            else if (seen.Match(name, 5, "response_model"u8))
            {
                responseModel = Optional(ref json, build);
            }
            else if (seen.Match(name, 6, "response_id"u8))
            {
                responseId = Optional(ref json, build);
            }
            else if (seen.Match(name, 7, "usage"u8))
            {
                facts.Usage = UsageWire.Read(ref json);
            }
            else if (seen.Match(name, 8, "stop_reason"u8))
            {
                stopReason = OneOf(json.ReadString(), StopReasons, "stop_reason");
            }
            else if (seen.Match(name, 9, "error_message"u8))
            {
                error = Optional(ref json, build);
            }
            else if (seen.Match(name, 10, "timestamp_ms"u8))
            {
                timestamp = json.ReadInt64();
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "content"u8);
        seen.Require(2, "api"u8);
        seen.Require(3, "provider"u8);
        seen.Require(4, "model"u8);
        seen.Require(7, "usage"u8);
        seen.Require(8, "stop_reason"u8);
        seen.Require(10, "timestamp_ms"u8);
        facts.Provider = provider;
        facts.Model = model;
        return build
            ? new AssistantMessage(content, provider.ToString(), model.ToString(), timestamp)
            {
                Api = (ModelApi)api,
                ResponseModel = responseModel,
                ResponseId = responseId,
                Usage = facts.Usage!,
                StopReason = (StopReason)stopReason,
                ErrorMessage = error,
            }
            : null;
    }

    private static ImmutableArray<IAssistantContent> ReadAssistantContent(ref JsonCursor json, bool build)
    {
        ImmutableArray<IAssistantContent>.Builder? blocks = build ? ImmutableArray.CreateBuilder<IAssistantContent>() : null;
        json.BeginArray();
        while (json.NextElement())
        {
            JsonString type = FindTag(json, "type"u8);
            IAssistantContent? block =
                type.Is("text"u8) ? Build(ReadOneText(ref json, "text"u8, build), static text => new TextContent(text))
                : type.Is("thinking"u8) ? ReadThinking(ref json, build)
                : type.Is("tool_call"u8) ? ReadToolCall(ref json, build)
                : throw new WireException($"unknown content type '{type.ToString()}'");
            blocks?.Add(block!);
        }

        return blocks?.DrainToImmutable() ?? [];
    }

    private static ImmutableArray<IInputContent> ReadInput(ref JsonCursor json, bool build)
    {
        ImmutableArray<IInputContent>.Builder? blocks = build ? ImmutableArray.CreateBuilder<IInputContent>() : null;
        json.BeginArray();
        while (json.NextElement())
        {
            JsonString type = FindTag(json, "type"u8);
            IInputContent? block =
                type.Is("text"u8) ? Build(ReadOneText(ref json, "text"u8, build), static text => new TextContent(text))
                : type.Is("image"u8) ? ReadImage(ref json, build)
                : throw new WireException($"unknown content type '{type.ToString()}'");
            blocks?.Add(block!);
        }

        return blocks?.DrainToImmutable() ?? [];
    }

    private static T? Build<T>(string? text, Func<string, T> make)
        where T : class => text is null ? null : make(text);

    /// <summary>Reads an object that holds, beside its tag, one required text. Null when nothing is built.</summary>
    private static string? ReadOneText(ref JsonCursor json, ReadOnlySpan<byte> field, bool build)
    {
        var seen = new SeenFields();
        string? text = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, field))
            {
                JsonString value = json.ReadString();
                text = build ? value.ToString() : null;
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "text"u8);
        return text;
    }

    private static ThinkingContent? ReadThinking(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        string thinking = "";
        string? id = null, signature = null, encrypted = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "thinking"u8))
            {
                thinking = Text(json.ReadString(), build);
            }
            else if (!build)
            {
                json.Skip();
            }
            else if (name.Is("id"u8))
            {
                id = TextIfAny(ref json);
            }
            else if (name.Is("signature"u8))
            {
                signature = TextIfAny(ref json);
            }
            else if (name.Is("encrypted_content"u8))
            {
                encrypted = TextIfAny(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "thinking"u8);
        return build ? new ThinkingContent(thinking) { Id = id, Signature = signature, EncryptedContent = encrypted } : null;
    }

    private static ToolCallContent? ReadToolCall(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        string id = "", tool = "", arguments = "";
        string? signature = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "tool_call"u8))
            {
                json.BeginObject();
                while (json.NextProperty(out JsonString field))
                {
                    if (seen.Match(field, 2, "id"u8))
                    {
                        id = Text(json.ReadString(), build);
                    }
                    else if (seen.Match(field, 3, "name"u8))
                    {
                        tool = Text(json.ReadString(), build);
                    }
                    else if (seen.Match(field, 4, "arguments"u8))
                    {
                        arguments = Text(json.ReadString(), build);
                    }
                    else if (build && field.Is("signature"u8))
                    {
                        signature = TextIfAny(ref json);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "tool_call"u8);
        seen.Require(2, "id"u8);
        seen.Require(3, "name"u8);
        seen.Require(4, "arguments"u8);
        return build ? new ToolCallContent(id, tool, arguments) { Signature = signature } : null;
    }

    private static ImageContent? ReadImage(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        ImageSource? source = null;
        string mediaType = "";
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "source"u8))
            {
                source = ReadSource(ref json, build);
            }
            else if (seen.Match(name, 2, "media_type"u8))
            {
                mediaType = json.ReadString().ToString();
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "source"u8);
        if (!ImageContent.MediaTypes.Contains(mediaType))
        {
            throw new WireException($"unknown media type '{mediaType}'");
        }

        return build ? new ImageContent(source!, mediaType) : null;
    }

    private static ImageSource? ReadSource(ref JsonCursor json, bool build)
    {
        JsonString type = FindTag(json, "type"u8);
        return type.Is("url"u8) ? Build(ReadOneText(ref json, "url"u8, build), static url => new UrlImageSource(url))
            : type.Is("base64"u8) ? Build(ReadOneText(ref json, "data"u8, build), static data => new Base64ImageSource(data))
            : type.Is("bytes"u8) ? ReadBytes(ref json, build)
            : throw new WireException($"unknown image source '{type.ToString()}'");
    }

    private static BytesImageSource? ReadBytes(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        List<byte>? bytes = build ? [] : null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "data"u8))
            {
                json.BeginArray();
                while (json.NextElement())
                {
                    long value = json.ReadCount();
                    if (value > byte.MaxValue)
                    {
                        throw new WireException($"{value} is not a byte");
                    }

                    bytes?.Add((byte)value);
                }
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "data"u8);
        return build ? new BytesImageSource(bytes!.ToArray()) : null;
    }

    private static string Text(JsonString value, bool build) => build ? value.ToString() : "";

    /// <summary>A key that opi does not know: of another kind than text it counts as unknown here too.</summary>
    private static string? TextIfAny(ref JsonCursor json)
    {
        if (json.AtString())
        {
            return json.ReadString().ToString();
        }

        json.Skip();
        return null;
    }

    private static string? Optional(ref JsonCursor json, bool build) =>
        json.TryReadString(out JsonString value) && build ? value.ToString() : null;

    private static int OneOf(JsonString value, string[] names, string what)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (value.Is(names[i]))
            {
                return i;
            }
        }

        throw new WireException($"unknown {what} '{value.ToString()}'");
    }
}
