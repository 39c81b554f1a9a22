using System.Text;

namespace Opi.CrashTests;

/// <summary>Files that are not sessions, to mutate: logs, a month of a ledger, price files, replies.</summary>
internal sealed class FuzzData
{
    private const int LargestFile = 200_000;

    public FuzzData(string work)
    {
        string data = Find()!;
        string logs = Path.Combine(data, "agent-logs");
        Logs =
        [
            (UsageSource.ClaudeCode, Of(logs, "claude"), ".jsonl"),
            (UsageSource.Codex, Of(logs, "codex"), ".jsonl"),
            (UsageSource.Pi, Of(logs, "pi"), ".jsonl"),
            (UsageSource.Gemini, Of(logs, "gemini"), ".json"),
            (UsageSource.OpenCode, Of(logs, "opencode"), ".json"),
        ];
        PriceLists = Of(data, "prices", "*.json");
        Replies = Of(data, "replies", "*.*");
        var ledger = new UsageLedger(Path.Combine(work, "ledger"));
        _ = ledger.Add([.. LedgerWriterCommand.Rows(1, 60).Where(row => row.Timestamp!.Value.Month == 1)], TimeSpan.FromSeconds(5));
        string month = ledger.Files().Single();
        LedgerMonth = new FuzzBase(Path.GetFileName(month), File.ReadAllBytes(month), 0, new Dictionary<string, string>());
        Ledger = new FuzzMutator([LedgerMonth]);
        OwnPrices = new FuzzMutator([new FuzzBase("pricing.json", Encoding.UTF8.GetBytes(Own), 0, new Dictionary<string, string>())]);
    }

    /// <summary>Logs by source, and how their files end.</summary>
    public IReadOnlyList<(UsageSource Source, FuzzMutator Mutator, string Ending)> Logs { get; }

    public FuzzBase LedgerMonth { get; }

    public FuzzMutator Ledger { get; }

    public FuzzMutator PriceLists { get; }

    public FuzzMutator OwnPrices { get; }

    public FuzzMutator Replies { get; }

    private const string Own = """
        {
          "format": 1,
          "prices": [
            { "model": "own:model-1", "from": "2026-01-01T00:00:00Z", "input": 1.5, "output": 2, "cacheRead": 0.1, "window": 200000 },
            { "model": "own:*", "input": 0.5, "output": 1 }
          ]
        }
        """;

    /// <summary>The folder of test data; null where this program is away from its sources.</summary>
    public static string? Find() =>
        FuzzBase.FindGolden() is { } golden && Path.Combine(Path.GetDirectoryName(golden)!, "data") is var data && Directory.Exists(data) ? data : null;

    private static FuzzMutator Of(string folder, string name, string pattern = "*.json*") => new(
    [
        .. Directory.GetFiles(Path.Combine(folder, name), pattern).Where(file => !file.EndsWith(".md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => new FuzzBase(Path.GetFileName(file), Head(File.ReadAllBytes(file)), 0, new Dictionary<string, string>())),
    ]);

    /// <summary>The first lines of a large file.</summary>
    private static byte[] Head(byte[] bytes)
    {
        int end = bytes.Length <= LargestFile ? -1 : Array.IndexOf(bytes, (byte)'\n', LargestFile);
        return end < 0 ? bytes : bytes[..(end + 1)];
    }
}
