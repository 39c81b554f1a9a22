using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>The wire form of messages: the <c>message</c> object of an entry. Keys in opi's order, optional values as null.</summary>
internal static partial class MessageWire
{
    private static readonly string[] Apis = ["Anthropic", "OpenAi", "Google", "Mistral"];

    private static readonly WireFields UserFields =
        WireFields.Of([UserField.Content, UserField.TimestampMs], extras: UserField.System);

    private static readonly WireFields ResultFields = WireFields.Of(
        [ResultField.ToolCallId, ResultField.ToolName, ResultField.Content, ResultField.IsError, ResultField.TimestampMs],
        extras: ResultField.ProviderData);

    private static readonly WireFields AnswerFields = WireFields.Of(
        [
            AnswerField.Content, AnswerField.Api, AnswerField.Provider, AnswerField.Model, AnswerField.Usage, AnswerField.StopReason,
            AnswerField.TimestampMs,
        ],
        extras: AnswerField.ProviderData);

    private enum UserField
    {
        Role,
        Content,
        TimestampMs,
        System,
    }

    private enum ResultField
    {
        Role,
        ToolCallId,
        ToolName,
        Content,
        Details,
        IsError,
        TimestampMs,
        ProviderData,
    }

    private enum AnswerField
    {
        Role,
        Content,
        Api,
        Provider,
        Model,
        ResponseModel,
        ResponseId,
        Usage,
        StopReason,
        ErrorMessage,
        TimestampMs,
        ProviderData,
        StopDetail,
        AskedModel,
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

    /// <summary>The value of an object's tag, wherever it is; the caller's cursor stays at the start of the object.</summary>
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

    private static Message? ReadUser(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.User;
        var fields = new FieldReader(UserFields);
        ImmutableArray<IInputContent> content = [];
        bool isSystem = false;
        long timestamp = 0;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((UserField)field)
            {
                case UserField.Content:
                    content = ReadInput(ref json, build);
                    break;
                case UserField.TimestampMs:
                    timestamp = json.ReadInt64();
                    break;
                case UserField.System:
                    isSystem = json.Skip().SequenceEqual("true"u8);
                    break;
                case UserField.Role:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        facts.Role = isSystem ? EntryRole.System : EntryRole.User;
        return !build ? null : isSystem ? new SystemMessage(content, timestamp) : new UserMessage(content, timestamp);
    }

    private static ToolResultMessage? ReadToolResult(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.ToolResult;
        var fields = new FieldReader(ResultFields);
        ImmutableArray<IInputContent> content = [];
        string id = "", tool = "";
        JsonElement? details = null;
        ProviderData? data = null;
        bool isError = false;
        long timestamp = 0;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((ResultField)field)
            {
                case ResultField.ToolCallId:
                    id = Text(json.ReadString(), build);
                    break;
                case ResultField.ToolName:
                    tool = Text(json.ReadString(), build);
                    break;
                case ResultField.Content:
                    content = ReadInput(ref json, build);
                    break;
                case ResultField.Details:
                    if (!json.TryReadNull())
                    {
                        ReadOnlySpan<byte> raw = json.Skip();
                        details = build ? SerdeJson.Parse(raw) : null;
                    }

                    break;
                case ResultField.IsError:
                    isError = json.ReadBoolean();
                    break;
                case ResultField.TimestampMs:
                    timestamp = json.ReadInt64();
                    break;
                case ResultField.ProviderData when build:
                    data = ProviderDataWire.Read(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        return build ? new ToolResultMessage(id, tool, content, timestamp) { Details = details, IsError = isError, ProviderData = data } : null;
    }

    private static AssistantMessage? ReadAssistant(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.Assistant;
        var fields = new FieldReader(AnswerFields);
        ImmutableArray<IAssistantContent> content = [];
        JsonString provider = default, model = default;
        string? responseModel = null, responseId = null, error = null, askedModel = null;
        int api = 0;
        StopReason stopReason = StopReason.Stop;
        JsonString stopDetail = default;
        ProviderData? data = null;
        long timestamp = 0;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((AnswerField)field)
            {
                case AnswerField.Content:
                    content = ReadAssistantContent(ref json, build);
                    break;
                case AnswerField.Api:
                    api = OneOf(json.ReadString(), Apis, "api");
                    break;
                case AnswerField.Provider:
                    provider = json.ReadString();
                    break;
                case AnswerField.Model:
                    model = json.ReadString();
                    break;
                case AnswerField.ResponseModel:
                    responseModel = Optional(ref json, build);
                    break;
                case AnswerField.ResponseId:
                    responseId = Optional(ref json, build);
                    break;
                case AnswerField.Usage:
                    facts.Usage = UsageWire.Read(ref json, keepRaw: build);
                    break;
                case AnswerField.StopReason:
                    stopReason = StopReasonNames.Read(json.ReadString());
                    break;
                case AnswerField.ErrorMessage:
                    error = Optional(ref json, build);
                    break;
                case AnswerField.TimestampMs:
                    facts.TimestampMs = timestamp = json.ReadInt64();
                    break;
                case AnswerField.ProviderData when build:
                    data = ProviderDataWire.Read(ref json);
                    break;
                case AnswerField.AskedModel when build && json.AtString():
                    askedModel = json.ReadString().ToString();
                    break;
                case AnswerField.StopDetail when build && json.AtString():
                    stopDetail = json.ReadString();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        fields.Require();
        facts.Provider = provider;
        facts.Model = model;
        return build
            ? new AssistantMessage(content, provider.ToString(), model.ToString(), timestamp)
            {
                Api = (ModelApi)api,
                ResponseModel = responseModel,
                AskedModel = askedModel,
                ResponseId = responseId,
                Usage = facts.Usage!,
                StopReason = StopReasonNames.Refine(stopReason, stopDetail),
                ErrorMessage = error,
                ProviderData = data,
            }
            : null;
    }

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
