using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.Benchmarks;

/// <summary>
/// Writes logs as Claude Code does, from a seed, and knows what is right: a response stands on a line for each block, with growing counts;
/// subagents have logs of their own; some sessions begin with lines of another, some subagents repeat their parent's; some lines are broken.
/// </summary>
internal sealed class ClaudeCorpus
{
    private static readonly string[] Words =
        ("the of session token public static void var return await foreach path file line error test System.Text.Json namespace record "
            + "Get-ChildItem Where-Object C:\\src\\opi \"quoted\" <tag> {brace} => != naïve 日本語 🚀").Split(' ');

    private static readonly string[] Models = ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"];

    private readonly Random _random;
    private readonly string _folder;
    private readonly string[] _results;
    private long _length;

    private ClaudeCorpus(string folder, int seed)
    {
        _folder = folder;
        _random = new Random(seed);
        _results = [.. Enumerable.Range(0, 60).Select(_ => Text(_random.Next(30, 1500)))];
    }

    /// <summary>The tokens by model, session and day that a right reading gives.</summary>
    public Dictionary<(string Model, string Session, string Day), Sum> Truth { get; } = [];

    /// <summary>How many lines are broken.</summary>
    public int BrokenLines { get; private set; }

    /// <summary>How many files there are.</summary>
    public int Files { get; private set; }

    /// <summary>Writes a corpus into <c>projects</c> in a folder.</summary>
    public static ClaudeCorpus Write(string folder, int seed, long length, int sessions)
    {
        var corpus = new ClaudeCorpus(folder, seed);
        Session? before = null;
        for (int i = 0; i < sessions || corpus._length < length; i++)
        {
            before = corpus.WriteSession(before, length / sessions);
        }

        return corpus;
    }

    private Session WriteSession(Session? before, long length)
    {
        string project = $"p{_random.Next(6)}";
        var session = new Session(
            Id(),
            $"/home/dev/{project}",
            null,
            new DateTimeOffset(2026, 9, 20, 8, 0, 0, TimeSpan.Zero).AddMinutes(_random.Next(86400)),
            Models[_random.Next(2)]);
        session.Add("{\"type\":\"summary\",\"summary\":" + Quote(Text(6)) + ",\"leafUuid\":\"" + Id() + "\"}");
        if (before is not null && _random.Next(6) == 0)
        {
            foreach (string line in before.Answers.Take(_random.Next(4, 40)))
            {
                session.Add(line.Replace(before.Id, session.Id, StringComparison.Ordinal));
            }
        }

        var subagents = new List<Session>();
        while (session.Length + subagents.Sum(subagent => subagent.Length) < length)
        {
            Turn(session);
            if (_random.Next(8) == 0)
            {
                var subagent = new Session(session.Id, session.Folder, $"{_random.Next():x7}", session.Time, Models[2]);
                if (_random.Next(4) == 0)
                {
                    foreach (string line in session.Answers.TakeLast(_random.Next(2, 20)))
                    {
                        subagent.Add(
                            line.Replace(
                                "\"isSidechain\":false",
                                "\"isSidechain\":true",
                                StringComparison.Ordinal).Replace("\"req_", "\"req_btw", StringComparison.Ordinal));
                    }
                }

                Turn(subagent);
                subagents.Add(subagent);
            }
        }

        string path = Path.Combine(_folder, "projects", "-home-dev-" + project);
        Save(Path.Combine(path, session.Id + ".jsonl"), session);
        subagents.ForEach(subagent => Save(Path.Combine(path, session.Id, "subagents", $"agent-{subagent.Agent}.jsonl"), subagent));
        return session;
    }

    private void Turn(Session session)
    {
        session.Add(Line(session, "user", ",\"message\":{\"role\":\"user\",\"content\":" + Quote(Text(_random.Next(5, 80))) + "}"));
        for (int calls = _random.Next(1, 8); calls >= 0; calls--)
        {
            Answer(session);
            string result = Quote(_results[_random.Next(_results.Length)]);
            session.Add(
                Line(
                    session,
                    "user",
                    $",\"message\":{{\"role\":\"user\",\"content\":[{{\"tool_use_id\":\"toolu_1\",\"type\":\"tool_result\","
                        + $"\"content\":{result}}}]}},\"toolUseResult\":{{\"stdout\":{result},\"stderr\":\"\"}}"));
        }

        if (_random.Next(20) == 0)
        {
            BrokenLines++;
            session.Add(_random.Next(3) switch
            {
                0 => "not json",
                1 => "{\"type\":\"assistant\",\"message\":{\"usage\":{\"input_tokens\":1",
                _ => "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_x\",\"usage\":{\"input_tokens\":\"7\"}}}",
            });
        }
    }

    private void Answer(Session session)
    {
        string id = Id("msg_01"), request = Id("req_");
        long output = _random.Next(80, 3000), written = _random.Next(200, 6000);
        long oneHour = session.Agent is null ? written : 0;
        var sum = new Sum(_random.Next(1, 12), output, _random.Next(9000, 160000), written, oneHour);
        int blocks = _random.Next(1, 4);
        for (int block = 1; block <= blocks; block++)
        {
            string usage = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"input_tokens\":{sum.Input},\"cache_creation_input_tokens\":{written},\"cache_read_input_tokens\":{sum.CacheRead},"
                    + $"\"cache_creation\":{{\"ephemeral_5m_input_tokens\":{written - oneHour},\"ephemeral_1h_input_tokens\":{oneHour}}},"
                    + $"\"output_tokens\":{(block == blocks ? output : _random.Next(1, 9))},\"service_tier\":\"standard\"}}");
            string content = block == 1
                ? "{\"type\":\"thinking\",\"thinking\":" + Quote(Text(_random.Next(20, 200))) + ",\"signature\":\"" + new string('S', 500) + "\"}"
                : "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\",\"input\":{\"command\":" + Quote(Text(10)) + ",\"timeout\":null}}";
            string line = Line(
                session,
                "assistant",
                $",\"requestId\":\"{request}\",\"message\":{{\"model\":\"{session.Model}\",\"id\":\"{id}\",\"type\":\"message\","
                    + $"\"role\":\"assistant\",\"content\":[{content}],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{usage}}}");
            session.Add(line);
            session.Answers.Add(line);
        }

        var key = (session.Model, session.Id, session.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Truth[key] = Truth.GetValueOrDefault(key) + sum;
    }

    private string Line(Session session, string type, string rest)
    {
        session.Time = session.Time.AddMilliseconds(_random.Next(300, 40_000));
        string time = session.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return $"{{\"parentUuid\":\"{Id()}\",\"isSidechain\":{(session.Agent is null ? "false" : "true")},\"userType\":\"external\","
            + $"\"cwd\":\"{session.Folder}\",\"sessionId\":\"{session.Id}\",\"version\":\"2.1.50\",\"gitBranch\":\"main\",\"type\":\"{type}\","
            + $"\"uuid\":\"{Id()}\",\"timestamp\":\"{time}\"{rest}}}";
    }

    private void Save(string path, Session session)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, session.Text);
        _length += session.Length;
        Files++;
    }

    private string Id(string prefix = "")
    {
        byte[] bytes = new byte[prefix.Length == 0 ? 16 : 12];
        _random.NextBytes(bytes);
        return prefix.Length == 0 ? new Guid(bytes).ToString() : prefix + Convert.ToHexString(bytes);
    }

    private string Text(int words) =>
        string.Join(_random.Next(8) == 0 ? '\n' : ' ', Enumerable.Range(0, words).Select(_ => Words[_random.Next(Words.Length)]));

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    /// <summary>Tokens.</summary>
    public readonly record struct Sum(long Input, long Output, long CacheRead, long CacheWrite, long CacheWrite1h)
    {
        public static Sum operator +(Sum left, Sum right) =>
            new(
                left.Input + right.Input,
                left.Output + right.Output,
                left.CacheRead + right.CacheRead,
                left.CacheWrite + right.CacheWrite,
                left.CacheWrite1h + right.CacheWrite1h);
    }

    private sealed class Session(string id, string folder, string? agent, DateTimeOffset time, string model)
    {
        private readonly StringBuilder _text = new();

        public string Id { get; } = id;

        public string Folder { get; } = folder;

        public string? Agent { get; } = agent;

        public DateTimeOffset Time { get; set; } = time;

        public string Model { get; } = model;

        public List<string> Answers { get; } = [];

        public long Length => _text.Length;

        public string Text => _text.ToString();

        public void Add(string line) => _text.Append(line).Append('\n');
    }
}
