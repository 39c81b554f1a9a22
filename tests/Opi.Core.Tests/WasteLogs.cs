using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>Writes logs as Claude Code does, of conversations whose cache is simulated, and keeps what it planted.</summary>
internal sealed class WasteLogs(int seed, string folder)
{
    private const string Main = "claude-sonnet-4-5", Other = "claude-opus-4-5", Small = "claude-haiku-4-5";

    private readonly Random _random = new(seed);
    private readonly List<(WasteKind Kind, string Response)> _planted = [];
    private int _number;

    public IReadOnlyList<(WasteKind Kind, string Response)> Planted => _planted;

    public void Write(int sessions)
    {
        for (int i = 0; i < sessions; i++)
        {
            WriteSession($"{seed}-{i}");
        }
    }

    /// <summary>A line with an answer.</summary>
    public static string Answer(
        string id, string session, string model, string time, bool sidechain, long input, long read, long written, long output, bool hour, string content)
    {
        string split = hour ? $"\"ephemeral_1h_input_tokens\":{written},\"ephemeral_5m_input_tokens\":0"
            : $"\"ephemeral_1h_input_tokens\":0,\"ephemeral_5m_input_tokens\":{written}";
        string usage = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"input_tokens\":{input},\"cache_read_input_tokens\":{read},\"cache_creation_input_tokens\":{written},\"output_tokens\":{output},\"cache_creation\":{{{split}}}}}");
        return $"{{\"type\":\"assistant\",\"uuid\":\"u-{id}\",\"sessionId\":\"{session}\",\"cwd\":\"/w\",\"isSidechain\":{(sidechain ? "true" : "false")},\"timestamp\":\"{time}\","
            + $"\"requestId\":\"q-{id}\",\"message\":{{\"id\":\"{id}\",\"role\":\"assistant\",\"model\":\"{model}\",\"content\":{content},\"usage\":{usage}}}}}\n";
    }

    private void WriteSession(string session)
    {
        var log = new StringBuilder();
        var time = new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.Zero).AddMinutes(_random.Next(10_000));
        bool hour = _random.Next(4) == 0;
        string model = Main;
        long cached = 0, prompt = _random.Next(8_000, 30_000);
        Send(read: 0, prompt); // the first request of all
        int requests = _random.Next(12, 40);
        for (int i = 0; i < requests; i++)
        {
            long added = _random.Next(200, 6_000);
            switch (_random.Next(i < 3 ? 8 : 16))
            {
                case 0: // a pause that the cache outlives
                    Wait(TimeSpan.FromSeconds(hour ? _random.Next(600, 3_300) : _random.Next(120, 280)));
                    Send(cached, prompt + added);
                    break;
                case 1: // a small request of another model beside the conversation, for a title
                    Wait(TimeSpan.FromSeconds(3));
                    log.Append(Answer(NextId(), session, Small, Text(time), false, _random.Next(200, 900), 0, 0, 20, false, "\"title\""));
                    break;
                case 2: // two requests at once, from the same state
                    long state = cached;
                    Wait(TimeSpan.FromSeconds(20));
                    Send(state, prompt + added);
                    Wait(TimeSpan.FromMilliseconds(300));
                    log.Append(Answer(NextId(), session, model, Text(time), false, 5, state, _random.Next(100, 500), 50, hour, "\"beside\""));
                    break;
                case 3: // a subagent, which has a log and a beginning of its own
                    WriteSubagent(session, time, model);
                    break;
                case 8 when i < requests - 1: // longer than the cache lives
                    Wait(hour ? TimeSpan.FromMinutes(_random.Next(65, 600)) : TimeSpan.FromMinutes(_random.Next(7, 300)));
                    Plant(WasteKind.CacheIdle, Send(0, prompt + added));
                    break;
                case 9 when model == Main && i < requests - 1:
                    model = Other;
                    Wait(TimeSpan.FromSeconds(_random.Next(20, 200)));
                    Plant(WasteKind.CacheModelSwitch, Send(0, prompt + added));
                    break;
                case 10: // another system prompt, or other tools
                    Wait(TimeSpan.FromSeconds(_random.Next(20, 200)));
                    Plant(WasteKind.CachePrefixChange, Send(_random.Next(2) * cached / 10, prompt + added));
                    break;
                case 11 when prompt > 30_000: // the conversation goes on from a summary
                    Wait(TimeSpan.FromSeconds(_random.Next(20, 200)));
                    Plant(WasteKind.CacheCompaction, Send(0, prompt / 4));
                    Wait(TimeSpan.FromSeconds(20));
                    Send(cached, prompt + added);
                    break;
                case 12: // word for word the same
                    Wait(TimeSpan.FromSeconds(30));
                    string thrown = Send(cached, prompt + added);
                    Wait(TimeSpan.FromSeconds(15));
                    Send(cached, prompt);
                    Plant(WasteKind.Retry, thrown);
                    break;
                case 13:
                    Read($"/w/f{i}.cs", again: true);
                    break;
                case 14:
                    Read($"/w/g{i}.cs", again: false);
                    break;
                default:
                    Wait(TimeSpan.FromSeconds(_random.Next(10, 200)));
                    Send(cached, prompt + added);
                    break;
            }
        }

        File.WriteAllText(Path.Combine(folder, session + ".jsonl"), log.ToString());

        void Wait(TimeSpan span) => time += span;

        string Send(long read, long whole)
        {
            string id = NextId();
            (prompt, cached) = (whole, whole - 4);
            log.Append(Answer(id, session, model, Text(time), false, 4, read, whole - 4 - read, _random.Next(50, 2_000), hour, "\"said\""));
            return id;
        }

        // A file that is read twice; where it is not again the same, it was changed in between.
        void Read(string path, bool again)
        {
            string text = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"word{(i * 7) + path.Length}"));
            Call("Read", path, text);
            if (!again)
            {
                Call("Edit", path, "done");
                text += " more";
            }

            Call("Read", path, text);
            if (again)
            {
                Plant(WasteKind.RepeatedRead, Send(cached, prompt + 2_000));
            }
            else
            {
                Send(cached, prompt + 2_000);
            }
        }

        void Call(string tool, string path, string result)
        {
            string call = NextId();
            Wait(TimeSpan.FromSeconds(5));
            long read = cached;
            (prompt, cached) = (prompt + 500, prompt + 496);
            log.Append(Answer(
                NextId(), session, model, Text(time), false, 4, read, prompt - 4 - read, 60, hour,
                $$$"""[{"type":"tool_use","id":"{{{call}}}","name":"{{{tool}}}","input":{"file_path":"{{{path}}}"}}]"""));
            Wait(TimeSpan.FromSeconds(1));
            log.Append(CultureInfo.InvariantCulture, $"{{\"type\":\"user\",\"uuid\":\"r-{call}\",\"sessionId\":\"{session}\",\"cwd\":\"/w\",\"isSidechain\":false,\"timestamp\":\"{Text(time)}\",")
                .Append("\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"").Append(call).Append("\",\"content\":")
                .Append(JsonSerializer.Serialize(result)).Append("}]}}\n");
            Wait(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Some have conversations too short for a cache.</summary>
    private void WriteSubagent(string session, DateTimeOffset time, string model)
    {
        var log = new StringBuilder();
        bool isShort = _random.Next(2) == 0;
        long prompt = isShort ? 500 : _random.Next(6_000, 20_000), cached = 0;
        for (int i = 0; i < 5; i++)
        {
            time += TimeSpan.FromSeconds(isShort ? 400 : 8);
            log.Append(Answer(
                NextId(), session, model, Text(time), true, isShort ? prompt : 4, cached, isShort ? 0 : prompt - 4 - cached, 80, false, "\"sub\""));
            cached = isShort ? 0 : prompt - 4;
            prompt += isShort ? 60 : 900;
        }

        File.WriteAllText(Path.Combine(folder, $"agent-{NextId()}.jsonl"), log.ToString());
    }

    private void Plant(WasteKind kind, string response) => _planted.Add((kind, response));

    private string NextId() => $"msg_{seed}_{_number++:d6}";

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
