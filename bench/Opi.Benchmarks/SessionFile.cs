using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opi.Benchmarks;

/// <summary>Session files to measure on. They are made once, from a fixed seed, and kept in the temporary folder.</summary>
internal static class SessionFile
{
    private const int Version = 2; // part of the name: another generator makes another file
    private const int Seed = 20260101;

    // As models write their arguments: only quotes, backslashes and control characters escaped.
    private static readonly JsonSerializerOptions Arguments = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>100 MB in 40,000 messages: prompts, answers, tool calls and their results.</summary>
    public static string Large() => Make("large", 40_000, (16_300, 150));

    /// <summary>100,000 short messages.</summary>
    public static string ManyEntries() => Make("many", 100_000, (400, 40));

    /// <summary>A folder of sessions of 1 MB each; they differ in their names only.</summary>
    public static string Folder(int sessions)
    {
        string one = Make("one", 410, (16_300, 150));
        string folder = Directory.CreateDirectory(Path.Combine(Folder(), $"folder-v{Version}")).FullName;
        for (int i = 1; i <= sessions; i++)
        {
            string path = Path.Combine(folder, $"{i:x8}.jsonl");
            if (!File.Exists(path))
            {
                File.Copy(one, path);
            }
        }

        return folder;
    }

    /// <summary>Where <see cref="Large"/> puts it.</summary>
    public static string LargePath => PathOf("large");

    private static string PathOf(string name) => Path.Combine(Folder(), $"{name}-v{Version}.jsonl");

    private static string Folder() => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "opi-benchmarks")).FullName;

    private static string Make(string name, int messages, (int Largest, int Smallest) toolResult)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            string unfinished = path + ".unfinished";
            using (FileStream file = File.Create(unfinished))
            {
                Write(file, messages, toolResult);
            }

            File.Move(unfinished, path);
        }

        Comparison.Line($"{name}: {new FileInfo(path).Length / 1e6:0.0} MB, {messages} messages");
        return path;
    }

    private static void Write(FileStream file, int messages, (int Largest, int Smallest) toolResult)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer);
        SessionHeader.Write(writer, new SessionHeader("bench", "2026-01-01T00:00:00Z", "/repo", ParentSession: null));
        EndLine();
        string? parent = null;
        int written = 0;
        DateTimeOffset time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (Message message in Conversation(new TextSource(Seed), toolResult).Take(messages))
        {
            string id = $"msg-{++written}";
            time += TimeSpan.FromSeconds(message is UserMessage ? 90 : 4);
            EntryWire.Write(
                writer, new MessageEntry(id, parent, WireTime.Format(time), message with { TimestampMs = time.ToUnixTimeMilliseconds() }));
            EndLine();
            parent = id;
        }

        void EndLine()
        {
            writer.Flush();
            buffer.Write("\n"u8);
            file.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
        }
    }

    private static IEnumerable<Message> Conversation(TextSource source, (int Largest, int Smallest) toolResult)
    {
        int calls = 0;
        while (true)
        {
            yield return new UserMessage(
                source.Chance(20) ? source.Prose(100) + "\n```\n" + source.Code(1500) + "```\n" : source.Prose(source.Size(20, 800)), 0);
            for (int steps = 1 + source.Next(8); steps > 0; steps--)
            {
                var content = new List<IAssistantContent>();
                if (source.Chance(30))
                {
                    content.Add(new ThinkingContent(source.Prose(source.Size(60, toolResult.Largest / 8))));
                }

                if (source.Chance(50))
                {
                    content.Add(new TextContent(source.Prose(source.Size(20, 200))));
                }

                string call = $"toolu_{++calls:x24}";
                string tool = source.Chance(20) ? "write" : source.Chance(50) ? "bash" : "read";
                string arguments = tool == "write"
                    ? JsonSerializer.Serialize(
                        new Dictionary<string,
                        string> { ["path"] = "src/a.cs", ["content"] = source.Code(source.Size(100, toolResult.Largest / 2)) },
                        Arguments)
                    : JsonSerializer.Serialize(new Dictionary<string, string> { ["command"] = source.Prose(50) }, Arguments);
                content.Add(new ToolCallContent(call, tool, arguments));
                yield return Answer(source, content, StopReason.ToolUse);
                yield return new ToolResultMessage(
                    call, tool, [new TextContent(source.Code(source.Size(toolResult.Smallest, toolResult.Largest)))], 0)
                {
                    Details = source.Chance(25)
                        ? JsonSerializer.SerializeToElement(new Dictionary<string, int> { ["exit_code"] = 0, ["duration_ms"] = source.Next(9000) })
                        : null,
                };
            }

            yield return Answer(source, [new TextContent(source.Prose(source.Size(100, toolResult.Largest / 6)))], StopReason.Stop);
        }
    }

    private static AssistantMessage Answer(TextSource source, List<IAssistantContent> content, StopReason reason) =>
        new(content, "anthropic", source.Chance(90) ? "claude-sonnet-4-5" : "claude-haiku-4-5", 0)
        {
            ResponseId = $"msg_{source.Next(int.MaxValue):x24}",
            StopReason = reason,
            Usage = new Usage(source.Next(50), 50 + source.Next(900), source.Next(90_000), source.Next(4_000)),
        };
}
