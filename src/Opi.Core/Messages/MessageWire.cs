using System.Collections.Immutable;
using System.Text.Json;

namespace Opi;

/// <summary>The wire form of messages: the <c>message</c> object of an entry. Keys in opi's order, optional values as null.</summary>
internal static partial class MessageWire
{
    private static readonly string[] Apis = ["Anthropic", "OpenAi", "Google", "Mistral"];

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
        var seen = new SeenFields();
        ImmutableArray<IInputContent> content = [];
        bool isSystem = false;
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
            else if (name.Is("system"u8))
            {
                isSystem = json.Skip().SequenceEqual("true"u8);
            }
            else
            {
                json.Skip();
            }
        }

        seen.Require(1, "content"u8);
        seen.Require(2, "timestamp_ms"u8);
        facts.Role = isSystem ? EntryRole.System : EntryRole.User;
        return !build ? null : isSystem ? new SystemMessage(content, timestamp) : new UserMessage(content, timestamp);
    }

    private static ToolResultMessage? ReadToolResult(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.ToolResult;
        var seen = new SeenFields();
        ImmutableArray<IInputContent> content = [];
        string id = "", tool = "";
        JsonElement? details = null;
        ProviderData? data = null;
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
            else if (build && name.Is(ProviderDataWire.Name))
            {
                data = ProviderDataWire.Read(ref json);
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
        return build ? new ToolResultMessage(id, tool, content, timestamp) { Details = details, IsError = isError, ProviderData = data } : null;
    }

    private static AssistantMessage? ReadAssistant(ref JsonCursor json, bool build, ref MessageFacts facts)
    {
        facts.Role = EntryRole.Assistant;
        var seen = new SeenFields();
        ImmutableArray<IAssistantContent> content = [];
        JsonString provider = default, model = default;
        string? responseModel = null, responseId = null, error = null;
        int api = 0;
        StopReason stopReason = StopReason.Stop;
        JsonString stopDetail = default;
        ProviderData? data = null;
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
                facts.Usage = UsageWire.Read(ref json, keepRaw: build);
            }
            else if (seen.Match(name, 8, "stop_reason"u8))
            {
                stopReason = StopReasonNames.Read(json.ReadString());
            }
            else if (seen.Match(name, 9, "error_message"u8))
            {
                error = Optional(ref json, build);
            }
            else if (seen.Match(name, 10, "timestamp_ms"u8))
            {
                facts.TimestampMs = timestamp = json.ReadInt64();
            }
            else if (build && name.Is(ProviderDataWire.Name))
            {
                data = ProviderDataWire.Read(ref json);
            }
            else if (build && name.Is(StopReasonNames.DetailMember) && json.AtString())
            {
                stopDetail = json.ReadString();
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
