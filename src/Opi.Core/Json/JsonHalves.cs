using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Halves of surrogate pairs in JSON. Models cut a character in two, and neither UTF-8 nor the framework's reader takes a half. Two halves in
/// successive pieces of a stream are joined again; a half that stays alone becomes U+FFFD.
/// </summary>
internal static class JsonHalves
{
    private const int EscapeLength = 6;

    private static readonly Regex Indexes = new("\"(\\w*[iI]ndex)\"\\s*:\\s*(\\d+)", RegexOptions.CultureInvariant);

    /// <summary>JSON text without halves: each becomes U+FFFD. Text that has none comes back as it is.</summary>
    public static string Mend(string json)
    {
        json = Escape(json);
        if (!HasEscape(json))
        {
            return json;
        }

        var mended = new StringBuilder(json.Length);
        for (int at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\' || at + 1 == json.Length)
            {
                mended.Append(json[at]);
            }
            else if (UnitAt(json, at) is not { } unit || !char.IsSurrogate(unit))
            {
                mended.Append(json, at, 2);
                at++;
            }
            else if (IsPairAt(json, at))
            {
                mended.Append(json, at, 2 * EscapeLength);
                at += (2 * EscapeLength) - 1;
            }
            else
            {
                mended.Append("\\ufffd");
                at += EscapeLength - 1;
            }
        }

        return mended.ToString();
    }

    /// <summary>A value without halves.</summary>
    public static JsonElement Mend(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String))
        {
            return value;
        }

        string text = value.GetRawText();
        return HasEscape(text) && Mend(text) is var mended && mended != text ? Parse(mended) : value;
    }

    /// <summary>The text of a JSON string; a half in it is U+FFFD.</summary>
    public static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException) // half of a pair
        {
            return Mend(text).GetString()!;
        }
    }

    /// <summary>
    /// The pieces of a stream without halves. Two halves at the same place of successive pieces become one character.
    /// </summary>
    public static JsonElement[] Join(IEnumerable<JsonElement> pieces)
    {
        JsonElement[] values = [.. pieces];
        string?[] texts = Array.ConvertAll(values, value => value.GetRawText() is var text && HasEscape(text) ? text : null);
        if (Array.TrueForAll(texts, text => text is null))
        {
            return values;
        }

        var open = new Dictionary<(string Name, string Index), int>(); // the piece that ends there with a first half
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { } text)
            {
                texts[i] = JoinInto(texts, i, text, open);
            }
        }

        return [.. values.Select((value, i) => texts[i] is { } text ? Parse(Mend(text)) : value)];
    }

    public static JsonElement ListOf(IEnumerable<JsonElement> values) =>
        Parse($"[{string.Join(',', values.Select(value => value.GetRawText()))}]");

    /// <summary>JSON text in which an unescaped half becomes its escape: a text with an unescaped half is not valid UTF-16.</summary>
    public static string Escape(string json)
    {
        StringBuilder? escaped = null;
        for (int at = 0; at < json.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(json[at]) && at + 1 < json.Length && char.IsLowSurrogate(json[at + 1]);
            if (!char.IsSurrogate(json[at]))
            {
                escaped?.Append(json[at]);
            }
            else if (isPair)
            {
                escaped?.Append(json, at, 2);
                at++;
            }
            else
            {
                escaped ??= new StringBuilder(json, 0, at, json.Length + EscapeLength);
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)json[at]:x4}");
            }
        }

        return escaped?.ToString() ?? json;
    }

    private static string JoinInto(string?[] texts, int i, string text, Dictionary<(string Name, string Index), int> open)
    {
        string index = string.Concat(Indexes.Matches(text).Select(match => match.Value));
        var ends = new List<(string Name, string Index)>();
        foreach ((string name, int start, int end) in Enumerable.Reverse(Texts(text)))
        {
            (string, string) place = (name, index);
            if (EndsWithFirstHalf(text, start, end))
            {
                ends.Add(place);
            }

            if (open.Remove(place, out int earlier) && UnitAt(text, start + 1) is { } low && char.IsLowSurrogate(low))
            {
                texts[earlier] = Append(texts[earlier]!, name, text.Substring(start + 1, EscapeLength));
                text = text.Remove(start + 1, EscapeLength);
            }
        }

        foreach ((string, string) place in ends)
        {
            open[place] = i;
        }

        return text;
    }

    /// <summary>Adds the second half to the text of this name that ends with a first one.</summary>
    private static string Append(string text, string name, string half)
    {
        foreach ((string found, int start, int end) in Enumerable.Reverse(Texts(text)))
        {
            if (found == name && EndsWithFirstHalf(text, start, end))
            {
                return text.Insert(end, half);
            }
        }

        return text;
    }

    /// <summary>The strings of a JSON text that are values of members: the member's name, and the positions of the quotes.</summary>
    private static List<(string Name, int Start, int End)> Texts(string json)
    {
        var texts = new List<(string Name, int Start, int End)>();
        string name = "";
        bool isValue = false;
        for (int at = 0; at < json.Length; at++)
        {
            if (json[at] is ':' or ',' or '{')
            {
                isValue = json[at] == ':';
            }
            else if (json[at] == '"')
            {
                int end = at + 1;
                while (end < json.Length && json[end] != '"')
                {
                    end += json[end] == '\\' ? 2 : 1;
                }

                if (isValue)
                {
                    texts.Add((name, at, end));
                }
                else
                {
                    name = json[at..end];
                }

                at = end;
            }
        }

        return texts;
    }

    private static bool EndsWithFirstHalf(string text, int start, int end)
    {
        if (end - EscapeLength <= start || UnitAt(text, end - EscapeLength) is not { } unit || !char.IsHighSurrogate(unit))
        {
            return false;
        }

        int slashes = 0; // an even number of them before it escapes itself and not the u
        for (int at = end - EscapeLength - 1; at > start && text[at] == '\\'; at--)
        {
            slashes++;
        }

        return slashes % 2 == 0;
    }

    private static bool HasEscape(string json) => json.Contains("\\ud", StringComparison.OrdinalIgnoreCase);

    private static bool IsPairAt(string json, int at) =>
        UnitAt(json, at) is { } high && char.IsHighSurrogate(high)
            && UnitAt(json, at + EscapeLength) is { } low && char.IsLowSurrogate(low);

    /// <summary>The character of a \u escape; null when it is not one.</summary>
    private static char? UnitAt(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
            && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, null, out ushort unit)
            ? (char)unit
            : null;

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth });
        return document.RootElement.Clone();
    }
}
