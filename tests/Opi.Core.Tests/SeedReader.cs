using System.Text;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>
/// Reads a session by the seed's rules, with nothing of the library: the strict reader, the choice of the branch and the context of
/// opi 0.5.0, which knows three types of entries and 32-bit counts.
/// </summary>
internal static class SeedReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Role and text of each message of the context, and how many lines the seed would call corrupt.</summary>
    public static (string[] Context, int Corrupt) Read(string path)
    {
        string[] lines = Strict.GetString(SharedText.ReadAllBytes(path)).Split('\n');
        JsonElement header = Parse(lines[0]);
        Assert.Equal(("session", 1), (Text(header, "type"), header.GetProperty("version").GetInt32()));
        _ = (Text(header, "id"), Text(header, "timestamp"), Text(header, "cwd"));
        var entries = new List<JsonElement>();
        int corrupt = 0;
        foreach (string line in lines[1..^1].Where(line => line.Trim().Length > 0)) // what has no LF is dropped
        {
            try
            {
                entries.Add(Check(Parse(line)));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                corrupt++;
            }
        }

        return ([.. Context(Order(entries))], corrupt);
    }

    private static JsonElement Parse(string line) =>
        JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 127, AllowDuplicateProperties = false }).RootElement;

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException(name);

    private static JsonElement Check(JsonElement entry)
    {
        _ = (Text(entry, "id"), Text(entry, "timestamp"), Parent(entry));
        switch (Text(entry, "type"))
        {
            case "leaf":
                _ = Text(entry, "entry_id");
                break;
            case "compaction":
                _ = (Text(entry, "summary"), Text(entry, "first_kept_entry_id"), entry.GetProperty("tokens_before").GetUInt64(), entry.GetProperty("tokens_after").GetUInt64());
                break;
            case "message":
                JsonElement message = entry.GetProperty("message");
                _ = (MessageText(message), message.GetProperty("timestamp_ms").GetInt64());
                if (Text(message, "role") == "assistant")
                {
                    JsonElement usage = message.GetProperty("usage");
                    Assert.All(["input_tokens", "output_tokens"], name => usage.GetProperty(name).GetUInt32());
                    Assert.Contains(Text(message, "api"), new[] { "Anthropic", "OpenAi", "Google", "Mistral" });
                    Assert.Contains(Text(message, "stop_reason"), new[] { "stop", "length", "tool_use", "error", "aborted" });
                    _ = (Text(message, "provider"), Text(message, "model"));
                }
                else if (Text(message, "role") == "tool_result")
                {
                    _ = (Text(message, "tool_call_id"), Text(message, "tool_name"), message.GetProperty("is_error").GetBoolean());
                }

                break;
            case var other:
                throw new FormatException(other);
        }

        return entry;
    }

    private static string MessageText(JsonElement message) => Text(message, "role") + ": " + string.Join(' ', message.GetProperty("content").EnumerateArray().Select(block => Text(block, "type") switch
    {
        "text" => Text(block, "text"),
        "thinking" => Text(block, "thinking")[..0],
        "tool_call" => Text(block.GetProperty("tool_call"), "arguments")[..0],
        "image" => $"[image: {Text(block, "media_type")}]",
        var other => throw new FormatException(other),
    }).Where(text => text.Length > 0));

    private static string? Parent(JsonElement entry) => entry.TryGetProperty("parent_id", out JsonElement parent) ? parent.GetString() : null;

    private static IEnumerable<JsonElement> Order(List<JsonElement> entries)
    {
        int leaf = entries.FindLastIndex(entry => Text(entry, "type") == "leaf");
        if (leaf < 0)
        {
            return entries;
        }

        var byId = new Dictionary<string, JsonElement>();
        entries.Where(entry => Text(entry, "type") != "leaf").ToList().ForEach(entry => byId[Text(entry, "id")] = entry);
        var chain = new Stack<JsonElement>();
        var seen = new HashSet<string>();
        for (string? id = Text(entries[leaf], "entry_id"); id is not null && seen.Add(id) && byId.TryGetValue(id, out JsonElement entry); id = Parent(entry))
        {
            chain.Push(entry);
        }

        return chain;
    }

    private static IEnumerable<string> Context(IEnumerable<JsonElement> entries)
    {
        var context = new List<(string Id, string Text)>();
        foreach (JsonElement entry in entries)
        {
            if (Text(entry, "type") == "compaction")
            {
                int kept = context.FindIndex(item => item.Id == Text(entry, "first_kept_entry_id"));
                context.RemoveRange(0, kept < 0 ? context.Count : kept);
                context.Insert(0, ("", "compaction_summary: " + Text(entry, "summary")));
            }
            else
            {
                context.Add((Text(entry, "id"), MessageText(entry.GetProperty("message"))));
            }
        }

        return context.Select(item => item.Text);
    }
}
