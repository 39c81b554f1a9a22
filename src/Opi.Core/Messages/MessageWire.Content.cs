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
}
