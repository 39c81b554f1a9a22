using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Scans logs for usages, with progress, and says what could not be read.</summary>
internal static class UsageReading
{
    /// <summary>The name that stands for every source.</summary>
    public const string All = "All";

    /// <summary>The sources of names; All stands for every one.</summary>
    public static UsageSource[] ParseSources(IEnumerable<string> names) =>
        [.. names.SelectMany(name => name.Equals(All, StringComparison.OrdinalIgnoreCase)
            ? Enum.GetValues<UsageSource>()
            : [Enum.Parse<UsageSource>(name, ignoreCase: true)]).Distinct()];

    /// <summary>Runs a query. What was not read is warned of once: each file that was not, and how many lines and models.</summary>
    public static UsageScanResult ReadUsage(this Cmdlet cmdlet, UsageQuery query, CancellationToken cancellation)
    {
        using var progress = new ScanProgress(cmdlet, "Reading usage");
        UsageScanResult result = UsageScan.Run(
            query,
            at => progress.At(string.Create(CultureInfo.InvariantCulture, $"{at.BytesRead / 1_000_000:N0} of {at.Bytes / 1_000_000:N0} MB"), at.BytesRead, Math.Max(1, at.Bytes)),
            cancellation);
        Warn(cmdlet, result);
        return result;
    }

    private static void Warn(Cmdlet cmdlet, UsageScanResult result)
    {
        UsageFinding[] unread = [.. result.Findings.Where(finding => finding.SkippedLines == 0)];
        foreach (UsageFinding finding in unread)
        {
            cmdlet.WriteWarning($"'{finding.Path}' was not read: {finding.Reason}.");
        }

        if (unread.Length > 0)
        {
            cmdlet.WriteWarning($"{Count(unread.Length, "file or folder was", "files and folders were")} not read; what was read of the others follows.");
        }

        UsageFinding[] skipped = [.. result.Findings.Where(finding => finding.SkippedLines > 0)];
        if (skipped.Length > 0)
        {
            cmdlet.WriteWarning($"{Count(skipped.Sum(finding => finding.SkippedLines), "line", "lines")} in {Count(skipped.Length, "file", "files")} could not be read, and any usage in them is not counted. -Verbose names the files.");
            foreach (UsageFinding finding in skipped)
            {
                cmdlet.WriteVerbose($"'{finding.Path}': passed over {finding.Reason}.");
            }
        }

        WarnOfPrices(cmdlet, result.UnpricedModels);
        cmdlet.WriteVerbose($"{Count(result.FileCount, "file", "files")}, {Count(result.Rows.Count, "response", "responses")}.");
    }

    private static void WarnOfPrices(Cmdlet cmdlet, IReadOnlyDictionary<string, int> unpriced)
    {
        if (unpriced.TryGetValue("", out int nameless))
        {
            cmdlet.WriteWarning($"{Count(nameless, "response names", "responses name")} no model, so that the cost is unknown.");
        }

        string[] models = [.. unpriced.Keys.Where(model => model.Length > 0)];
        if (models.Length > 0)
        {
            cmdlet.WriteWarning($"{Count(models.Sum(model => unpriced[model]), "response has", "responses have")} no price, so that the cost is unknown: of {string.Join(", ", models.Select(model => $"'{model}'"))}. Get-OpiPricing lists the prices.");
        }
    }

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
