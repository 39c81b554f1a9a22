using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Opi.Tests;

/// <summary>
/// The golden data, and Opi's answers in the same shape. What <c>tree_sorted</c> holds (all branches of the tree) is not compared:
/// there is no list of branches yet.
/// </summary>
internal static partial class Golden
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<string> Cases(string pattern) =>
        Directory.GetDirectories(Repository.Golden(), pattern).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static string[] Lines(string name, string file) =>
        SharedText.ReadAllLines(Repository.Golden(name, file)).Where(line => !line.StartsWith('#')).ToArray();

    public static JsonNode[] Objects(string name, string file) => [.. Lines(name, file).Select(line => JsonNode.Parse(line)!)];

    public static JsonElement Scenario(string name) => JsonDocument.Parse(SharedText.ReadAllBytes(Repository.Golden(name, "scenario.json"))).RootElement;

    /// <summary>Runs a scenario. After each step gives the step's kind and what it compacted.</summary>
    public static IEnumerable<(string Kind, OpiCompactionResult? Compacted)> Replay(JsonElement scenario, SessionCoordinator session)
    {
        foreach (JsonElement step in scenario.GetProperty("turns").EnumerateArray())
        {
            if (step.TryGetProperty("manual_compact", out _))
            {
                yield return ("manual_compact", session.ExecuteCompaction(CompactionReason.Manual));
            }
            else if (step.TryGetProperty("leaf", out JsonElement leaf))
            {
                session.AppendLeaf(leaf.GetString()!);
                yield return ("leaf", null);
            }
            else
            {
                AgentMessage[] messages = [.. step.GetProperty("messages").EnumerateArray().Select(message => Make.ReadMessage(message.GetRawText()))];
                yield return ("turn", session.OnTurnEndSimple(messages, Make.ReadUsage(step.GetProperty("usage").GetRawText())));
            }
        }
    }

    public static SessionCoordinator Start(JsonElement scenario, TempFolder folder) => SessionCoordinator.Create(
        folder.Path,
        scenario.GetProperty("cwd").GetString()!,
        Compaction(scenario),
        scenario.GetProperty("model").GetString(),
        Durability.Buffered);

    public static OpiCompactionPolicy Compaction(JsonElement scenario) => new()
    {
        NoCompaction = !scenario.GetProperty("enabled").GetBoolean(),
        CompactionThreshold = scenario.GetProperty("threshold_tokens").GetInt64(),
    };

    /// <summary>The lines of a file with their times as T and the header's id as ID.</summary>
    public static string[] Normalised(string path)
    {
        string text = Encoding.UTF8.GetString(SharedText.ReadAllBytes(path));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = [.. text[..^1].Split('\n').Select(line => Timestamp().Replace(line, "\"timestamp\":\"T\"", 1))];
        lines[0] = HeaderId().Replace(lines[0], "\"id\":\"ID\"", 1);
        return lines;
    }

    public static JsonArray Ids(IEnumerable<string> ids) => [.. ids.Select(id => JsonValue.Create(id))];

    public static JsonNode UsageOf(SessionCoordinator session) => new JsonObject
    {
        ["input"] = session.Usage.InputTokens,
        ["output"] = session.Usage.OutputTokens,
        ["cache_read"] = session.Usage.CacheReadTokens,
        ["cache_write"] = session.Usage.CacheWriteTokens,
        ["as_usage_total_tokens"] = session.Usage.TotalTokens,
    };

    public static JsonNode? CostOf(CostBreakdown? cost) => cost is null ? null : new JsonObject
    {
        ["input_cost"] = cost.InputCost,
        ["output_cost"] = cost.OutputCost,
        ["cache_read_cost"] = cost.CacheReadCost,
        ["cache_write_cost"] = cost.CacheWriteCost,
        ["total_cost"] = cost.TotalCost,
    };

    public static JsonNode? CompactedOf(OpiCompactionResult? output) => output is null ? null : new JsonObject
    {
        ["first_kept_entry_id"] = output.FirstKeptEntryId,
        ["new_agent_messages_len"] = output.Messages.Count,
        ["reason"] = output.Reason.ToString().ToLowerInvariant(),
        ["summary"] = output.Summary,
        ["summary_bytes"] = Encoding.UTF8.GetByteCount(output.Summary),
        ["tokens_before"] = output.TokensBefore,
        ["tokens_after"] = output.TokensAfter,
    };

    public static JsonArray ContextOf(SessionReader reader) =>
        [.. reader.ReadContext().Messages.Select(message => new JsonObject
        {
            ["role"] = message.Role,
            ["text"] = string.Concat(TextOf(message).EnumerateRunes().Take(60).Select(rune => rune.ToString())),
        })];

    /// <summary>The text as the golden data has it, with a word for each block that has none.</summary>
    private static string TextOf(AgentMessage message) => message is not AssistantMessage answer ? message.Text : string.Join(' ', answer.Content.Select(block => block switch
    {
        ThinkingContent thinking => $"[thinking] {thinking.Thinking}",
        ToolCallContent call => $"[tool_call {call.Name}]",
        _ => ((TextContent)block).Text,
    }));

    /// <summary>The seed's name for what reading found, and behind it what only Opi tells apart.</summary>
    public static string RecoveryOf(SessionRecovery recovery)
    {
        bool torn = recovery.TornTailBytes > 0;
        string name = (recovery.CorruptLines, torn) switch
        {
            (0, false) => "Clean",
            (0, true) => "TruncatedLine",
            (_, false) => $"CorruptEntries {{ count: {recovery.CorruptLines} }}",
            _ => $"CorruptEntriesWithTruncation {{ count: {recovery.CorruptLines} }}",
        };
        return name + (recovery.MissingNewline ? ", no final LF" : "") + (recovery.UnknownEntries > 0 ? $", {recovery.UnknownEntries} unknown" : "");
    }

    /// <summary>Where Opi's answer is not the golden one: <c>path = Opi's value</c>.</summary>
    public static IEnumerable<string> Differences(string path, JsonNode? golden, JsonNode? actual)
    {
        if (golden is JsonObject left && actual is JsonObject right)
        {
            return left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
                .Where(key => key != "tree_sorted")
                .Order(StringComparer.Ordinal)
                .SelectMany(key => left.ContainsKey(key) == right.ContainsKey(key)
                    ? Differences($"{path}.{key}", left[key], right[key])
                    : [$"{path}.{key} only in {(left.ContainsKey(key) ? "golden" : "Opi")}"]);
        }

        return Same(golden, actual) ? [] : [$"{path} = {Show(actual)}"];
    }

    private static bool Same(JsonNode? golden, JsonNode? actual)
    {
        if (golden?.GetValueKind() == JsonValueKind.Number && actual?.GetValueKind() == JsonValueKind.Number)
        {
            decimal expected = decimal.Parse(golden.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            decimal found = decimal.Parse(actual.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            return Math.Abs(expected - found) <= 1e-9m;
        }

        return JsonNode.DeepEquals(golden, actual);
    }

    private static string Show(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";

    [GeneratedRegex("\"timestamp\":\"[^\"]*\"")]
    private static partial Regex Timestamp();

    [GeneratedRegex("\"id\":\"[^\"]*\"")]
    private static partial Regex HeaderId();
}
