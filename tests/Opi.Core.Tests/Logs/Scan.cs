namespace Opi.Tests;

/// <summary>Short ways to scan logs.</summary>
internal static class Scan
{
    public static UsageScanResult Of(UsageSource source, params string[] paths) => Of([source], null, paths);

    /// <summary>With a ledger; null for none, whatever this machine has.</summary>
    public static UsageScanResult Of(UsageSource[] sources, string? ledger, params string[] paths) => UsageScan.Run(
        new UsageQuery { Sources = sources, Paths = paths, LedgerFolder = ledger ?? Path.Combine(Path.GetTempPath(), "opi-tests-without-ledger") });

    /// <summary>The rows of a log of these lines.</summary>
    public static UsageScanResult OfLines(UsageSource source, params string[] lines)
    {
        using var folder = new TempFolder();
        return Of(source, folder.Write(string.Concat(lines.Select(line => line + "\n")), "log.jsonl"));
    }

    /// <summary>Input, output, cache read and cache write, added up.</summary>
    public static (long Input, long Output, long CacheRead, long CacheWrite) Tokens(this UsageScanResult result) =>
        (result.Rows.Sum(row => row.InputTokens), result.Rows.Sum(row => row.OutputTokens), result.Rows.Sum(row => row.CacheReadTokens), result.Rows.Sum(row => row.CacheWriteTokens));

    /// <summary>What of a response is not understood, as one text.</summary>
    public static string Unknown(this OpiUsage row) => string.Join(" | ", row.Billing?.Unknown ?? []);
}
