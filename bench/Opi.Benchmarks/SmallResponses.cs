using System.Globalization;
using System.Text;

namespace Opi.Benchmarks;

/// <summary>Writes logs of Claude Code that are all responses: short ones, each on a line, so that a response counts and not its text.</summary>
internal static class SmallResponses
{
    private const int PerFile = 3_334;

    private static readonly string[] Models = ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"];

    /// <summary>Writes so many, the same each time, into <c>projects</c> in a folder.</summary>
    public static void Write(string folder, int count)
    {
        var random = new Random(3);
        string projects = Directory.CreateDirectory(Path.Combine(folder, "projects", "-home-dev-p")).FullName;
        var start = new DateTimeOffset(2026, 9, 20, 8, 0, 0, TimeSpan.Zero);
        for (int written = 0; written < count; written += PerFile)
        {
            string session = Hex(random, 16), model = Models[random.Next(Models.Length)];
            DateTimeOffset time = start.AddMinutes(random.Next(60 * 24 * 60));
            using var file = new StreamWriter(Path.Combine(projects, session + ".jsonl"), append: false, new UTF8Encoding(false), 1 << 16);
            for (int i = 0; i < Math.Min(PerFile, count - written); i++)
            {
                time = time.AddMilliseconds(random.Next(300, 20_000));
                file.Write(Line(random, session, model, time));
            }
        }
    }

    private static string Line(Random random, string session, string model, DateTimeOffset time)
    {
        int created = random.Next(200, 6000);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"parentUuid\":\"{Hex(random, 16)}\",\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"/home/dev/p\","
                + $"\"sessionId\":\"{session}\",\"version\":\"2.1.50\",\"gitBranch\":\"main\","
                + $"\"message\":{{\"model\":\"{model}\",\"id\":\"msg_01{Hex(random, 11)}\",\"type\":\"message\","
                + $"\"role\":\"assistant\",\"content\":[{{\"type\":\"text\",\"text\":\"ok\"}}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + $"\"usage\":{{\"input_tokens\":{random.Next(1, 12)},\"cache_creation_input_tokens\":{created},"
                + $"\"cache_read_input_tokens\":{random.Next(9_000, 160_000)},\"cache_creation\":{{\"ephemeral_5m_input_tokens\":0,"
                + $"\"ephemeral_1h_input_tokens\":{created}}},\"output_tokens\":{random.Next(80, 3_000)},\"service_tier\":\"standard\"}}}},"
                + $"\"requestId\":\"req_01{Hex(random, 11)}\",\"type\":\"assistant\",\"uuid\":\"{Hex(random, 16)}\","
                + $"\"timestamp\":\"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"}}\n");
    }

    private static string Hex(Random random, int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexString(buffer);
    }
}
