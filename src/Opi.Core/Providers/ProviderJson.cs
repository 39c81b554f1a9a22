using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Members of a provider's JSON that Opi has no place for: taken out of a reply, and put into a request again.</summary>
internal static class ProviderJson
{
    /// <summary>An object as data of a protocol; null when it has no member.</summary>
    public static ProviderData? Data(string shape, JsonObject members) =>
        members.Count == 0 ? null : new ProviderData(shape, members.ToElement().GetRawText());

    /// <summary>The members of an object that say something and have none of these names.</summary>
    public static JsonObject Except(JsonElement value, params string[] known)
    {
        var rest = new JsonObject();
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (!known.Contains(member.Name) && !IsZero(member.Value))
                {
                    rest[member.Name] = Node(member.Value);
                }
            }
        }

        return rest;
    }

    /// <summary>The object that data holds; one without members when it holds none.</summary>
    public static JsonElement Read(ProviderData? data) =>
        data is not null && ReplyJson.TryParse(data.Json) is { } value ? value : SerdeJson.Parse("{}"u8);

    /// <summary>Adds members to an object, except those with these names.</summary>
    public static void Merge(JsonObject into, JsonElement members, params string[] but)
    {
        if (members.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in members.EnumerateObject().Where(member => !but.Contains(member.Name)))
            {
                into[member.Name] = Node(member.Value);
            }
        }
    }

    public static JsonNode? Node(JsonElement value) => ExtraMembers.ToNode(value.Clone());

    /// <summary>Whether a value says nothing: null, false, 0, and what is empty.</summary>
    public static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.True => false,
        _ => true,
    };

    /// <summary>A text as part of a line: short, and without line breaks.</summary>
    public static string Line(string? text)
    {
        const int Longest = 200;
        string line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line
            : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest), "...");
    }
}
