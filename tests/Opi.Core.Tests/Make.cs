using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>Short ways to make what tests need.</summary>
internal static class Make
{
    public const string Header = """{"type":"session","version":1,"id":"s","timestamp":"2026-01-01T00:00:00Z","cwd":"/repo","parent_session":null}""" + "\n";

    public const string Sonnet = "anthropic:claude-sonnet-4";

    public static readonly OpiCompactionPolicy Never = new() { CompactionThreshold = long.MaxValue };

    public static UserMessage User(string text) => new(text, 1000);

    public static AssistantMessage Assistant(string text, Usage? usage = null, string model = "claude-sonnet-4", string provider = "anthropic") =>
        new([new TextContent(text)], provider, model, 2000) { Usage = usage ?? Usage.Unknown };

    public static AssistantMessage Calls(params string[] ids) =>
        new([.. ids.Select(id => new ToolCallContent(id, "bash", "{}"))], "anthropic", "claude-sonnet-4", 2000) { StopReason = StopReason.ToolUse, Usage = new Usage(1, 1) };

    public static ToolResultMessage Result(string callId, string text = "done") => new(callId, "bash", [new TextContent(text)], 3000);

    public static SessionCoordinator Coordinator(TempFolder folder, OpiCompactionPolicy? compaction = null) =>
        SessionCoordinator.Create(folder.Path, "/repo", compaction ?? Never, Sonnet, Durability.Buffered);

    public static OpiSession Session(TempFolder folder, SessionOptions? options = null) =>
        OpiSession.Create(folder.Path, options ?? Options());

    public static SessionOptions Options(long threshold = long.MaxValue, bool autoCompact = false, bool enabled = true) => new()
    {
        Model = Sonnet,
        WorkingDirectory = "/repo",
        Compaction = new OpiCompactionPolicy { NoCompaction = !enabled, CompactionThreshold = threshold, AutoCompact = autoCompact },
        Durability = Durability.Buffered,
    };

    /// <summary>Options of a session that compacts by itself at a threshold, in this way.</summary>
    public static SessionOptions Compacting(long threshold, OpiCompactionPolicy how) =>
        Options() with { Compaction = how with { CompactionThreshold = threshold, AutoCompact = true } };

    /// <summary>A context of these messages: entries e0, e1, e2.</summary>
    public static ContextEntry[] Entries(params AgentMessage[] messages) =>
        [.. messages.Select((message, i) => new IndexedContextEntry($"e{i}", new IndexedEntry(EntryType.Message, $"e{i}", null, "T"), _ => message))];

    /// <summary>A line of the file for an entry.</summary>
    public static string Line(SessionEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            EntryWire.Write(writer, entry);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string UserLine(string id, string? parent = null, string text = "hi") => Line(new MessageEntry(id, parent, "t", User(text)));

    public static string AnswerLine(string id, string? parent, Usage usage, string text = "ok") => Line(new MessageEntry(id, parent, "t", Assistant(text, usage)));

    public static string LeafLine(string id, string target) => Line(new LeafEntry(id, target, "t", target));

    public static string LabelLine(string id, string label, string? parent = null) => Line(new LabelEntry(id, parent, "t", label, Removed: false));

    public static string CompactionLine(string id, string? parent, string firstKept, string summary = "SUM") =>
        Line(new CompactionEntry(id, parent, "t", summary, firstKept, 10, 5));

    /// <summary>A file of the header and these lines.</summary>
    public static string File(params string[] lines) => Header + string.Concat(lines.Select(line => line + "\n"));

    public static SessionEntry ReadEntry(string line) => EntryWire.Read(Encoding.UTF8.GetBytes(line));

    public static Message ReadMessage(string json)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        var facts = new MessageFacts();
        return MessageWire.Read(ref cursor, build: true, ref facts)!;
    }

    public static Usage ReadUsage(string json)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        return UsageWire.Read(ref cursor);
    }
}
