using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>The names of Gemini's members: its servers take and clients write camelCase and snake_case alike.</summary>
internal static class GeminiNames
{
    /// <summary>Members whose value is anybody's JSON.</summary>
    private static readonly string[] Foreign = ["args", "response"];

    /// <summary>The value in camelCase. The arguments and responses of functions stay as they are.</summary>
    public static JsonElement Normal(JsonElement value)
    {
        if (!HasSnake(value))
        {
            return value;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            Write(writer, value);
        }

        return SerdeJson.Parse(buffer.WrittenSpan);
    }

    private static bool HasSnake(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(
            member => IsSnake(member.Name) || (!Foreign.Contains(member.Name) && HasSnake(member.Value))),
        JsonValueKind.Array => value.EnumerateArray().Any(HasSnake),
        _ => false,
    };

    private static bool IsSnake(string name) => name.IndexOf('_', StringComparison.Ordinal) is > 0 and var at && at < name.Length - 1;

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Camel(member.Name));
                    if (Foreign.Contains(member.Name))
                    {
                        member.Value.WriteTo(writer);
                    }
                    else
                    {
                        Write(writer, member.Value);
                    }
                }

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

    private static string Camel(string name)
    {
        if (!IsSnake(name))
        {
            return name;
        }

        var camel = new StringBuilder(name.Length);
        bool isNext = false;
        foreach (char c in name)
        {
            if (c == '_' && camel.Length > 0)
            {
                isNext = true;
            }
            else
            {
                camel.Append(isNext ? char.ToUpperInvariant(c) : c);
                isNext = false;
            }
        }

        return camel.ToString();
    }
}
