using System.Globalization;
using System.Text;

namespace Opi.Benchmarks;

/// <summary>
/// Writes the ledgers of a fleet, from a seed: a folder for each machine, a file for each month. One response in ten is also in the ledger of the
/// next machine, as where a log was copied, and one in fifty has an earlier line with fewer tokens.
/// </summary>
internal static class FleetLedgers
{
    private static readonly (string Provider, string Model)[] Models =
        [("anthropic", "claude-opus-4-5"), ("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5.4"), ("google", "gemini-2.5-pro")];

    /// <summary>Writes them, where the folder is not there yet.</summary>
    /// <param name="folder">The folder of the fleet.</param>
    /// <param name="machines">How many machines.</param>
    /// <param name="months">How many months, the last one November 2026.</param>
    /// <param name="rows">How many lines in all.</param>
    /// <returns>How many bytes they have.</returns>
    public static long Write(string folder, int machines, int months, int rows)
    {
        if (!Directory.Exists(folder))
        {
            int each = rows / machines / months;
            Parallel.For(0, machines, machine =>
            {
                string place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"machine-{machine:D2}"));
                Directory.CreateDirectory(place);
                for (int month = 0; month < months; month++)
                {
                    DateTime start = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(month - months + 1);
                    string file = Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"usage-{start:yyyy-MM}.jsonl"));
                    using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
                    WriteMonth(writer, machine, machines, start, each);
                }
            });
        }

        return Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
    }

    private static void WriteMonth(StreamWriter writer, int machine, int machines, DateTime start, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            bool isCopy = i % 10 == 9;
            WriteLine(writer, isCopy ? (machine + machines - 1) % machines : machine, isCopy ? i - 1 : i, machine, start, i % 50 == 48 ? 1 : 0);
            if (i % 50 == 48)
            {
                WriteLine(writer, machine, i, machine, start, 0); // the next line of the streamed response
                i++;
            }
        }
    }

    private static void WriteLine(StreamWriter writer, int owner, int number, int machine, DateTime start, int lacking)
    {
        var random = new Random((owner * 1_000_003) ^ (number * 31) ^ start.Month);
        (string provider, string model) = Models[random.Next(Models.Length)];
        DateTime time = start.AddSeconds(random.Next(28 * 86_400));
        int output = 20 + random.Next(2000);
        string id = string.Create(CultureInfo.InvariantCulture, $"{owner:D2}{start:yyyyMM}{number:D8}");
        writer.WriteLine(string.Concat(
            string.Create(CultureInfo.InvariantCulture, $"{{\"key\":\"claude:msg_{id}\",\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\","),
            string.Create(CultureInfo.InvariantCulture, $"\"source\":\"ClaudeCode\",\"session_id\":\"5f0c{owner:D4}-{number / 40:D12}\",\"turn\":0,"),
            string.Create(CultureInfo.InvariantCulture, $"\"project\":\"/home/dev/src/service-{random.Next(40)}\",\"provider\":\"{provider}\","),
            string.Create(CultureInfo.InvariantCulture, $"\"model\":\"{model}\",\"response_id\":\"msg_{id}\",\"is_sidechain\":false,"),
            "\"tier\":\"Standard\",\"web_searches\":0,\"usage_known\":true,",
            string.Create(CultureInfo.InvariantCulture, $"\"input_tokens\":{random.Next(3000)},\"output_tokens\":{output - (lacking * 10)},"),
            string.Create(CultureInfo.InvariantCulture, $"\"cache_read_tokens\":{random.Next(90_000)},"),
            string.Create(CultureInfo.InvariantCulture, $"\"cache_write_tokens\":{(provider == "anthropic" ? random.Next(4000) : 0)},"),
            "\"cache_write_1h_tokens\":null,\"reasoning_tokens\":null,\"logged_cost\":null,",
            string.Create(CultureInfo.InvariantCulture, $"\"machine\":\"machine-{machine:D2}\",\"user\":\"user-{machine % 20:D2}\","),
            string.Create(CultureInfo.InvariantCulture, $"\"recorded_at\":\"{start.AddMonths(1):yyyy-MM-dd}T0{machine % 10}:00:00Z\"}}")));
    }
}
