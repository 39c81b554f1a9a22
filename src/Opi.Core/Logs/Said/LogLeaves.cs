using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>The texts in a JSON value, for people to read: a line for each member, <c>name: text</c>, at any depth.</summary>
internal static class LogLeaves
{
    /// <summary>The texts of a value; null when it is not JSON.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    public static string? Text(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        try
        {
            var cursor = new JsonCursor(json, lenient: true);
            Add(text, null, new LogValue(cursor.Skip()));
        }
        catch (WireException)
        {
            return null;
        }

        return text.ToString();
    }

    /// <summary>The texts of a text that is JSON; null for any other text.</summary>
    /// <param name="text">A text.</param>
    public static string? Text(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        return trimmed.Length > 1 && trimmed[0] is '{' or '[' ? Text(Encoding.UTF8.GetBytes(text)) : null;
    }

    /// <summary>Reads a value as a document; where it is not JSON by the letter, its texts as one text.</summary>
    public static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth });
        }
        catch (JsonException)
        {
            return JsonDocument.Parse(Quote(Text(json) ?? Encoding.UTF8.GetString(json)));
        }
    }

    private static string Quote(string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Add(StringBuilder text, string? name, LogValue value)
    {
        if (value.IsObject)
        {
            foreach (LogMember member in value.Members)
            {
                Add(text, LogText.Decode(member.Name), member.Value);
            }
        }
        else if (value.IsArray)
        {
            foreach (LogValue element in value.Elements)
            {
                Add(text, name, element);
            }
        }
        else if (!value.Raw.SequenceEqual("null"u8))
        {
            text.Append(text.Length > 0 ? "\n" : "");
            if (name is not null)
            {
                text.Append(name).Append(": ");
            }

            text.Append(value.IsText ? value.Said : Encoding.UTF8.GetString(value.Raw));
        }
    }
}
