using System.Text;
using System.Text.Json.Nodes;

namespace Opi;

/// <summary>Documents in a request to Bedrock: their formats, and their unique names of few kinds of characters.</summary>
internal static class BedrockDocuments
{
    private const int LongestName = 200;
    private const string Unnamed = "document";

    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["application/pdf"] = "pdf",
        ["text/csv"] = "csv",
        ["application/msword"] = "doc",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = "docx",
        ["application/vnd.ms-excel"] = "xls",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = "xlsx",
        ["text/html"] = "html",
        ["text/plain"] = "txt",
        ["text/markdown"] = "md",
    };

    /// <summary>The format of a media type; null for one that Bedrock does not take.</summary>
    public static string? FormatOf(string mediaType) =>
        Formats.TryGetValue(mediaType, out string? format) ? format : mediaType.StartsWith("text/", StringComparison.Ordinal) ? "txt" : null;

    /// <summary>The media type of a format; null for one that is not known.</summary>
    public static string? MediaTypeOf(string? format) => Formats.FirstOrDefault(pair => pair.Value == format).Key;

    /// <summary>
    /// Gives every document a unique name, and adds a text to messages that have a document only. Names depend on the documents
    /// before it only, so that a request begins with the bytes of the one before.
    /// </summary>
    public static void Complete(JsonArray messages)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonObject message in messages.OfType<JsonObject>())
        {
            var content = (JsonArray)message["content"]!;
            JsonObject[] blocks = [.. content.OfType<JsonObject>()];
            foreach (JsonObject document in blocks.SelectMany(DocumentsIn))
            {
                document["name"] = Free(names, Clean(document.TextOf("name")));
            }

            if (Array.Exists(blocks, block => block["document"] is not null) && !Array.Exists(blocks, block => block["text"] is not null))
            {
                content.AddNode(new JsonObject { ["text"] = "[document]" });
            }
        }
    }

    private static IEnumerable<JsonObject> DocumentsIn(JsonObject block)
    {
        IEnumerable<JsonObject> inResult =
            block["toolResult"] is JsonObject { } result && result["content"] is JsonArray parts ? parts.OfType<JsonObject>() : [];
        return inResult.Prepend(block).Select(item => item["document"]).OfType<JsonObject>();
    }

    private static string Free(HashSet<string> names, string name)
    {
        string free = name;
        for (int number = 2; !names.Add(free); number++)
        {
            free = $"{name} ({number})";
        }

        return free;
    }

    /// <summary>Letters, digits, single spaces, hyphens and brackets; the ending of a file is not needed.</summary>
    private static string Clean(string? name)
    {
        string stem = name is not null && Path.GetExtension(name) is { Length: > 1 and < 6 } ending ? name[..^ending.Length] : name ?? "";
        var clean = new StringBuilder();
        foreach (char c in stem)
        {
            char taken = char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']' ? c : ' ';
            if (taken != ' ' || (clean.Length > 0 && clean[^1] != ' '))
            {
                clean.Append(taken);
            }
        }

        string text = clean.ToString(0, Math.Min(clean.Length, LongestName)).Trim();
        return text.Length > 0 ? text : Unnamed;
    }
}
