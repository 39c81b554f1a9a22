using System.Text.Json;

namespace Opi;

/// <summary>Texts that replace blocks which another provider cannot take. Each depends on the block only, so that it never changes.</summary>
internal static class StandIn
{
    /// <summary>The longest text of a block that a stand-in quotes.</summary>
    private const int Longest = 500;

    /// <summary>A label and a text, in brackets; the label alone when there is no text.</summary>
    public static string Of(string label, string? text) =>
        string.IsNullOrWhiteSpace(text) ? $"[{label}]" : $"[{label}: {Short(text.Trim())}]";

    /// <summary>The first of these members that is a text.</summary>
    public static string? First(JsonElement value, params string[] names) =>
        names.Select(name => value.Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null)
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>The texts of a list of blocks, or of a value that is a text itself.</summary>
    public static string Texts(JsonElement? content) =>
        string.Join('\n', content.Items().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : First(item, "text"))
            .Where(text => !string.IsNullOrWhiteSpace(text)));

    private static string Short(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..end] + "...";
    }
}
