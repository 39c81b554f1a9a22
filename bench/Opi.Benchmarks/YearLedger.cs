using System.Globalization;
using System.Text;

namespace Opi.Benchmarks;

/// <summary>
/// Writes the ledger of a year, from a seed: 5,000 sessions of 40 responses, each with the context of the one before it in the cache, but for
/// two in a hundred after a long pause.
/// </summary>
internal static class YearLedger
{
    private const int Sessions = 5000;
    private const int Turns = 40;
    private const int Machines = 4;
    private const int Projects = 40;

    private static readonly (string Source, string Provider, string Model)[] Models =
    [
        ("ClaudeCode", "anthropic", "claude-opus-4-5"), ("ClaudeCode", "anthropic", "claude-sonnet-4-5"), ("Codex", "openai", "gpt-5.4"),
        ("Gemini", "google", "gemini-2.5-pro"), ("ClaudeCode", "corp", "model-without-a-price"),
    ];

    /// <summary>Writes it, where the folder is not there yet.</summary>
    public static void Write(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var files = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        var random = new Random(7);
        DateTime first = new(2025, 12, 1, 8, 0, 0, DateTimeKind.Utc);
        for (int session = 0; session < Sessions; session++)
        {
            DateTime time = first.AddDays(session * 365.0 / Sessions).AddMinutes(random.Next(60));
            (string source, string provider, string model) = Models[random.Next(100) < 2 ? ^1 : random.Next(Models.Length - 1)];
            int project = random.Next(Projects), machine = random.Next(Machines);
            long cached = 0;
            for (int turn = 0; turn < Turns; turn++)
            {
                bool isMiss = turn > 0 && random.Next(100) < 2;
                time = time.AddSeconds(isMiss ? 1200 : 20 + random.Next(60));
                long added = 300 + random.Next(4000), read = isMiss ? 0 : cached, written = cached + added - read;
                cached += added;
                (long input, long stored) = provider == "anthropic" ? (12L, written) : (written, 0L); // the others tell no writes
                string id = string.Create(CultureInfo.InvariantCulture, $"{session:D5}-{turn:D2}");
                string month = time.ToString("yyyy-MM", CultureInfo.InvariantCulture);
                StringBuilder lines = files.TryGetValue(month, out StringBuilder? known) ? known : files[month] = new StringBuilder();
                lines.Append(CultureInfo.InvariantCulture, $"{{\"key\":\"k:{id}\",\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",")
                    .Append(CultureInfo.InvariantCulture, $"\"source\":\"{source}\",\"session_id\":\"5f0c-{session:D8}\",\"turn\":0,")
                    .Append(CultureInfo.InvariantCulture, $"\"project\":\"/home/dev/src/service-{project}\",\"provider\":\"{provider}\",")
                    .Append(CultureInfo.InvariantCulture, $"\"model\":\"{model}\",\"response_id\":\"m{id}\",\"is_sidechain\":false,")
                    .Append("\"tier\":\"Standard\",\"web_searches\":0,\"usage_known\":true,")
                    .Append(CultureInfo.InvariantCulture, $"\"input_tokens\":{input},\"output_tokens\":{20 + random.Next(2000)},")
                    .Append(CultureInfo.InvariantCulture, $"\"cache_read_tokens\":{read},\"cache_write_tokens\":{stored},")
                    .Append("\"cache_write_1h_tokens\":null,\"reasoning_tokens\":null,\"logged_cost\":null,")
                    .Append(CultureInfo.InvariantCulture, $"\"machine\":\"machine-{machine}\",\"user\":\"user-{machine}\",")
                    .Append(CultureInfo.InvariantCulture, $"\"recorded_at\":\"{time:yyyy-MM-dd}T23:59:59Z\"}}").Append('\n');
            }
        }

        foreach ((string month, StringBuilder lines) in files)
        {
            File.WriteAllText(Path.Combine(folder, $"usage-{month}.jsonl"), lines.ToString());
        }
    }
}
