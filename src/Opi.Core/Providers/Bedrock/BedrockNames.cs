using System.Text.Json;

namespace Opi;

/// <summary>
/// The replies of Converse as its reference writes them. The AWS SDK for .NET has the same members with a capital letter, all that are not
/// set as null, and its enumerations as objects with a Value; its events of a stream are not wrapped in their name.
/// </summary>
internal static class BedrockNames
{
    public const string MessageStart = "messageStart";
    public const string BlockStart = "contentBlockStart";
    public const string BlockDelta = "contentBlockDelta";
    public const string BlockStop = "contentBlockStop";
    public const string MessageStop = "messageStop";
    public const string Metadata = "metadata";
    public const string BlockIndex = "contentBlockIndex";

    private const string Exception = "Exception";

    private static readonly string[] Events = [MessageStart, BlockStart, BlockDelta, BlockStop, MessageStop, Metadata];

    /// <summary>Members of a reply or of an event, as the SDK for .NET writes them.</summary>
    private static readonly string[] Capital =
    [
        "Output", "ContentBlockIndex", "StopReason", "Role", "Usage", "Stream",
        "MessageStart", "ContentBlockStart", "ContentBlockDelta", "ContentBlockStop", "MessageStop", "Metadata",
    ];

    /// <summary>Members whose value is anybody's JSON, or is read under its own name.</summary>
    private static readonly string[] Foreign = ["Input", "Json", "AdditionalModelResponseFields", "ResponseMetadata"];

    /// <summary>The value with the names of the reference.</summary>
    public static JsonElement Normal(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && Array.Exists(Capital, name => value.Get(name) is not null)
            ? ReplyExcerpt.Of(writer => WriteMembers(writer, value))
            : value;

    /// <summary>The name of an event of a stream and its content; null when the value is not an event.</summary>
    public static (string Name, JsonElement Data)? EventIn(JsonElement chunk)
    {
        JsonElement value = Normal(chunk);
        if (value.ValueKind != JsonValueKind.Object || value.Get("output") is not null || value.Get("type") is not null)
        {
            return null;
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && (Events.Contains(member.Name) || IsException(member.Name))
                && (member.Name != Metadata || IsOfReply(member.Value)))
            {
                return (member.Name, member.Value);
            }
        }

        bool isOfBlock = value.Count(BlockIndex) is not null;
        string? name = isOfBlock && value.Object("delta") is not null ? BlockDelta
            : isOfBlock && value.Object("start") is not null ? BlockStart
            : isOfBlock && Only(BlockIndex, "p") ? BlockStop
            : value.Is("role", "assistant") && value.EnumerateObject().All(member => member.Name is "role" or "p") ? MessageStart
            : value.Text("stopReason") is not null && Only("stopReason", "additionalModelResponseFields", "p") ? MessageStop
            : value.Count("usage", "inputTokens") is not null && value.Object("metrics") is not null ? Metadata
            : null;
        return name is null ? null : (name, value);

        bool Only(params string[] names) => value.EnumerateObject().All(
            member => member.Value.ValueKind == JsonValueKind.Null || names.Contains(member.Name));
    }

    /// <summary>Whether metadata are those of a reply: very many objects have a member of this name.</summary>
    private static bool IsOfReply(JsonElement metadata) =>
        (metadata.Object("usage") ?? metadata.Object("metrics") ?? metadata.Object("trace")) is not null;

    /// <summary>An error in the middle of a stream; null when the value is not one.</summary>
    public static (string Code, string? Message)? ErrorIn(JsonElement chunk) =>
        EventIn(chunk) is { } found && IsException(found.Name)
            ? (char.ToUpperInvariant(found.Name[0]) + found.Name[1..], found.Data.Text("message") ?? found.Data.Text("originalMessage"))
            : null;

    public static bool IsException(string name) => name.EndsWith(Exception, StringComparison.Ordinal) && char.IsAsciiLetterLower(name[0]);

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement value)
    {
        foreach (JsonProperty member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (Foreign.Contains(member.Name))
            {
                writer.WritePropertyName(member.Name is "ResponseMetadata" ? member.Name : Small(member.Name));
                member.Value.WriteTo(writer);
            }
            else
            {
                writer.WritePropertyName(Small(member.Name));
                Write(writer, member.Value);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().ToArray() is [{ Name: "Value", Value.ValueKind: JsonValueKind.String } only]:
                only.Value.WriteTo(writer);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                WriteMembers(writer, value);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string Small(string name) =>
        name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
}
