using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>The members of a provider's block that Opi has no member for: taken out when it is read, merged in when it goes back.</summary>
internal static class ExtraMembers
{
    /// <summary>How deep the members of a block are looked at; what lies deeper is copied as it is written.</summary>
    private const int Depth = 3;

    /// <summary>The members but the known ones and those that are null or empty; null for none.</summary>
    public static ProviderData? Of(string shape, JsonElement block, params string[] known)
    {
        if (block.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonProperty[] rest = [.. block.EnumerateObject().Where(member => !known.Contains(member.Name) && !IsEmpty(member.Value))];
        return rest.Length == 0 ? null : new ProviderData(shape, ReplyJson.Compact(ReplyExcerpt.Of(writer =>
        {
            foreach (JsonProperty member in rest)
            {
                ReplyExcerpt.WriteMember(writer, member.Name, member.Value);
            }
        })));
    }

    /// <summary>Adds the members to a block that goes back; what the block has already stays.</summary>
    public static JsonObject Merge(JsonObject block, ProviderData? data)
    {
        foreach ((string name, JsonNode? value) in Read(data))
        {
            if (!block.ContainsKey(name))
            {
                block[name] = value?.DeepClone();
            }
        }

        return block;
    }

    /// <summary>The data as an object; empty when there is none.</summary>
    public static JsonObject Read(ProviderData? data) =>
        data is not null && ReplyJson.TryParse(data.Json) is { ValueKind: JsonValueKind.Object } value ? ToObject(value) : [];

    /// <summary>
    /// An object that can be changed. A member that is written twice counts once, as every reader does it; the framework would refuse it.
    /// </summary>
    public static JsonObject ToObject(JsonElement value, int depth = Depth)
    {
        var made = new JsonObject();
        foreach (JsonProperty member in value.EnumerateObject())
        {
            made[member.Name] = ToNode(member.Value, depth - 1);
        }

        return made;
    }

    /// <summary>A member that is a text; null for everything else.</summary>
    public static string? TextOf(this JsonObject block, string name) =>
        block[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A value that can be put into an object.</summary>
    public static JsonNode? ToNode(JsonElement value, int depth = Depth) => value.ValueKind switch
    {
        JsonValueKind.Object => depth > 0 ? ToObject(value, depth) : JsonObject.Create(value),
        JsonValueKind.Array when depth > 0 => new JsonArray([.. value.EnumerateArray().Select(item => ToNode(item, depth - 1))]),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
