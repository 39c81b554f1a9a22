using System.Collections.Immutable;

namespace Opi;

internal static partial class MessageWire
{
    private static readonly WireFields TextFields = WireFields.Of([TextField.Text], extras: TextField.ProviderData);
    private static readonly WireFields ThinkingFields = WireFields.Of([ThinkingField.Thinking], extras: ThinkingField.Id);
    private static readonly WireFields ToolCallFields = WireFields.Of([ToolCallField.ToolCall]);
    private static readonly WireFields CallFields =
        WireFields.Of([CallField.Id, CallField.Name, CallField.Arguments], extras: CallField.Signature);

    private static readonly WireFields ImageFields = WireFields.Of([ImageField.Source], extras: ImageField.Detail);
    private static readonly WireFields UrlFields = WireFields.Of([UrlField.Url]);
    private static readonly WireFields DataFields = WireFields.Of([DataField.Data]);
    private static readonly WireFields DocumentFields = WireFields.Of<DocumentField>([], extras: DocumentField.MediaType);

    private enum TextField
    {
        Type,
        Text,
        ProviderData,
        Opaque,
        Document,
    }

    private enum ThinkingField
    {
        Type,
        Thinking,
        Id,
        Signature,
        EncryptedContent,
        ProviderData,
        Opaque,
    }

    private enum ToolCallField
    {
        Type,
        ToolCall,
    }

    private enum CallField
    {
        Id,
        Name,
        Arguments,
        Signature,
        ProviderData,
    }

    private enum ImageField
    {
        Type,
        Source,
        MediaType,
        Detail,
    }

    private enum UrlField
    {
        Type,
        Url,
    }

    private enum DataField
    {
        Type,
        Data,
    }

    private enum DocumentField
    {
        MediaType,
        Name,
        Source,
        Text,
    }

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
        var fields = new FieldReader(TextFields);
        string text = "";
        string? opaque = null;
        ProviderData? data = null;
        document = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((TextField)field)
            {
                case TextField.Text:
                    text = Text(json.ReadString(), build);
                    break;
                case TextField.ProviderData when build:
                    data = ProviderDataWire.Read(ref json);
                    break;
                case TextField.Opaque when build:
                    opaque = TextIfAny(ref json);
                    break;
                case TextField.Document when build:
                    document = ReadDocument(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        return !build ? null
            : opaque is not null && data is not null ? new OpaqueContent(opaque, text, data)
            : new TextContent(text) { ProviderData = data };
    }

    private static T? Build<T>(string? text, Func<string, T> make)
        where T : class => text is null ? null : make(text);

    /// <summary>Reads an image source that holds, besides its tag, one required text, its second field. Null when nothing is built.</summary>
    private static string? ReadSourceText(ref JsonCursor json, WireFields source, bool build)
    {
        var fields = new FieldReader(source);
        string? text = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            if (field == 1)
            {
                JsonString value = json.ReadString();
                text = build ? value.ToString() : null;
            }
            else
            {
                json.Skip();
            }
        }

        fields.Require();
        return text;
    }

    private static IAssistantContent? ReadThinking(ref JsonCursor json, bool build)
    {
        var fields = new FieldReader(ThinkingFields);
        string thinking = "";
        string? id = null, signature = null, encrypted = null, opaque = null;
        ProviderData? data = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((ThinkingField)field)
            {
                case ThinkingField.Thinking:
                    thinking = Text(json.ReadString(), build);
                    break;
                case ThinkingField.Id when build:
                    id = TextIfAny(ref json);
                    break;
                case ThinkingField.Signature when build:
                    signature = TextIfAny(ref json);
                    break;
                case ThinkingField.EncryptedContent when build:
                    encrypted = TextIfAny(ref json);
                    break;
                case ThinkingField.ProviderData when build:
                    data = ProviderDataWire.Read(ref json);
                    break;
                case ThinkingField.Opaque when build:
                    opaque = TextIfAny(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        return !build ? null
            : opaque is not null && data is not null ? new OpaqueContent(opaque, thinking, data)
            : new ThinkingContent(thinking) { Id = id, Signature = signature, EncryptedContent = encrypted, ProviderData = data };
    }

    private static ToolCallContent? ReadToolCall(ref JsonCursor json, bool build)
    {
        var fields = new FieldReader(ToolCallFields);
        ToolCallContent? call = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            if ((ToolCallField)field == ToolCallField.ToolCall)
            {
                call = ReadCall(ref json, build);
            }
            else
            {
                json.Skip();
            }
        }

        fields.Require();
        return call;
    }

    private static ToolCallContent? ReadCall(ref JsonCursor json, bool build)
    {
        var fields = new FieldReader(CallFields);
        string id = "", tool = "", arguments = "";
        string? signature = null;
        ProviderData? data = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((CallField)field)
            {
                case CallField.Id:
                    id = Text(json.ReadString(), build);
                    break;
                case CallField.Name:
                    tool = Text(json.ReadString(), build);
                    break;
                case CallField.Arguments:
                    arguments = Text(json.ReadString(), build);
                    break;
                case CallField.Signature when build:
                    signature = TextIfAny(ref json);
                    break;
                case CallField.ProviderData when build:
                    data = ProviderDataWire.Read(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        return build ? new ToolCallContent(id, tool, arguments) { Signature = signature, ProviderData = data } : null;
    }

    private static ImageContent? ReadImage(ref JsonCursor json, bool build)
    {
        var fields = new FieldReader(ImageFields);
        ImageSource? source = null;
        string mediaType = "";
        string? detail = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((ImageField)field)
            {
                case ImageField.Source:
                    source = ReadSource(ref json, build);
                    break;
                case ImageField.MediaType:
                    mediaType = json.ReadString().ToString();
                    break;
                case ImageField.Detail when build:
                    detail = TextIfAny(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
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

        var fields = new FieldReader(DocumentFields);
        string? mediaType = null, name = null, text = null;
        ImageSource? source = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((DocumentField)field)
            {
                case DocumentField.MediaType:
                    mediaType = TextIfAny(ref json);
                    break;
                case DocumentField.Name:
                    name = TextIfAny(ref json);
                    break;
                case DocumentField.Source:
                    source = SourceIfAny(json.Skip());
                    break;
                case DocumentField.Text:
                    text = TextIfAny(ref json);
                    break;
            }
        }

        return mediaType is not null && (text is not null || source is not null)
            ? new DocumentContent(mediaType, source, text) { Name = name } : null;
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
        return type.Is("url"u8) ? Build(ReadSourceText(ref json, UrlFields, build), ImageSource.FromUrl)
            : type.Is("base64"u8) ? Build(ReadSourceText(ref json, DataFields, build), ImageSource.FromBase64)
            : type.Is("bytes"u8) ? ReadBytes(ref json, build)
            : throw new WireException($"unknown image source '{type.ToString()}'");
    }

    private static ImageSource? ReadBytes(ref JsonCursor json, bool build)
    {
        var fields = new FieldReader(DataFields);
        List<byte>? bytes = build ? [] : null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            if ((DataField)field != DataField.Data)
            {
                json.Skip();
                continue;
            }

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

        fields.Require();
        return build ? ImageSource.FromBytes(bytes!.ToArray()) : null;
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
