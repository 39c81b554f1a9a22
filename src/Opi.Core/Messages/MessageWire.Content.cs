using System.Collections.Immutable;

namespace Opi;

internal static partial class MessageWire
{
    private static ImmutableArray<IAssistantContent> ReadAssistantContent(ref JsonCursor json, bool build)
    {
        ImmutableArray<IAssistantContent>.Builder? blocks = build ? ImmutableArray.CreateBuilder<IAssistantContent>() : null;
        json.BeginArray();
        while (json.NextElement())
        {
            JsonString type = FindTag(json, "type"u8);
            IAssistantContent? block =
                type.Is("text"u8) ? ReadAnswerText(ref json, build)
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
                type.Is("text"u8) ? ReadInputText(ref json, build)
                : type.Is("image"u8) ? ReadImage(ref json, build)
                : throw new WireException($"unknown content type '{type.ToString()}'");
            blocks?.Add(block!);
        }

        return blocks?.DrainToImmutable() ?? [];
    }

    private static IAssistantContent? ReadAnswerText(ref JsonCursor json, bool build) => (IAssistantContent?)ReadText(ref json, build, out _);

    private static IInputContent? ReadInputText(ref JsonCursor json, bool build)
    {
        IInputContent? text = ReadText(ref json, build, out DocumentContent? document);
        return document ?? text;
    }

    /// <summary>Reads a block of text, and what only Opi sees in it: an opaque block, a document.</summary>
    private static IInputContent? ReadText(ref JsonCursor json, bool build, out DocumentContent? document)
    {
        var seen = new SeenFields();
        string text = "";
        string? opaque = null;
        ProviderData? data = null;
        document = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (seen.Match(name, 0, "type"u8))
            {
                json.Skip();
            }
            else if (seen.Match(name, 1, "text"u8))
            {
                text = Text(json.ReadString(), build);
            }
            else if (!build)
            {
                json.Skip();
            }
            else if (name.Is(ProviderDataWire.Name))
            {
                data = ProviderDataWire.Read(ref json);
            }
            else if (name.Is("opaque"u8))
            {
                opaque = TextIfAny(ref json);
            }
            else if (name.Is("document"u8))
            {
                document = ReadDocument(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "text"u8);
        return !build ? null
            : opaque is not null && data is not null ? new OpaqueContent(opaque, text, data)
            : new TextContent(text) { ProviderData = data };
    }

    private static T? Build<T>(string? text, Func<string, T> make)
        where T : class => text is null ? null : make(text);

    /// <summary>Reads an object that holds, besides its tag, one required text. Null when nothing is built.</summary>
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

        seen.Require(1, field);
        return text;
    }

    private static IAssistantContent? ReadThinking(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        string thinking = "";
        string? id = null, signature = null, encrypted = null, opaque = null;
        ProviderData? data = null;
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
            else if (name.Is(ProviderDataWire.Name))
            {
                data = ProviderDataWire.Read(ref json);
            }
            else if (name.Is("opaque"u8))
            {
                opaque = TextIfAny(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "thinking"u8);
        return !build ? null
            : opaque is not null && data is not null ? new OpaqueContent(opaque, thinking, data)
            : new ThinkingContent(thinking) { Id = id, Signature = signature, EncryptedContent = encrypted, ProviderData = data };
    }

    private static ToolCallContent? ReadToolCall(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        string id = "", tool = "", arguments = "";
        string? signature = null;
        ProviderData? data = null;
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
                    else if (build && field.Is(ProviderDataWire.Name))
                    {
                        data = ProviderDataWire.Read(ref json);
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
        return build ? new ToolCallContent(id, tool, arguments) { Signature = signature, ProviderData = data } : null;
    }

    private static ImageContent? ReadImage(ref JsonCursor json, bool build)
    {
        var seen = new SeenFields();
        ImageSource? source = null;
        string mediaType = "";
        string? detail = null;
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
            else if (build && name.Is("detail"u8))
            {
                detail = TextIfAny(ref json);
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

        return build ? new ImageContent(source!, mediaType) { Detail = detail } : null;
    }

    /// <summary>Reads a document; null when it is something else, which is then read as its text.</summary>
    private static DocumentContent? ReadDocument(ref JsonCursor json)
    {
        if (!json.AtObject())
        {
            json.Skip();
            return null;
        }

        string? mediaType = null, documentName = null, text = null;
        ImageSource? source = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("media_type"u8))
            {
                mediaType = TextIfAny(ref json);
            }
            else if (name.Is("name"u8))
            {
                documentName = TextIfAny(ref json);
            }
            else if (name.Is("text"u8))
            {
                text = TextIfAny(ref json);
            }
            else if (name.Is("source"u8))
            {
                source = SourceIfAny(json.Skip());
            }
            else
            {
                json.Skip();
            }
        }

        return mediaType is not null && (text is not null || source is not null)
            ? new DocumentContent(mediaType, source, text) { Name = documentName } : null;
    }

    /// <summary>opi does not know this member, so that what is wrong in it spoils nothing but itself.</summary>
    private static ImageSource? SourceIfAny(ReadOnlySpan<byte> raw)
    {
        try
        {
            var json = new JsonCursor(raw);
            return ReadSource(ref json, build: true);
        }
        catch (WireException)
        {
            return null; // the document is read as the text that names it
        }
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

    /// <summary>A key that opi does not know: if it is not text, it is ignored as an unknown key here too.</summary>
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
}
