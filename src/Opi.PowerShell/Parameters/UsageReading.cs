using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Scans logs for usages, with progress, and says what could not be read.</summary>
internal static class UsageReading
{
    /// <summary>The name that stands for every source.</summary>
    public const string All = "All";

    private const string Activity = "Reading usage";

    /// <summary>The sources of names; All stands for every one.</summary>
    public static UsageSource[] ParseSources(IEnumerable<string> names) =>
        [.. names.SelectMany(name => name.Equals(All, StringComparison.OrdinalIgnoreCase)
            ? Enum.GetValues<UsageSource>()
            : [Enum.Parse<UsageSource>(name, ignoreCase: true)]).Distinct()];

    /// <summary>Runs a query. What was not read is warned of once: each file that was not, and how many lines and models.</summary>
    public static UsageScanResult ReadUsage(this Cmdlet cmdlet, UsageQuery query, CancellationToken cancellation)
    {
        using var progress = new ScanProgress(cmdlet, Activity);
        UsageScanResult result = UsageScan.Run(WithModels(query), At(progress), cancellation);
        Warn(cmdlet, result, null);
        return result;
    }

    /// <summary>Does what <see cref="ReadUsage"/> does, but hands out each response as soon as it is known.</summary>
    /// <param name="cmdlet">Who asks.</param>
    /// <param name="query">Which responses.</param>
    /// <param name="take">Takes a response.</param>
    /// <param name="cancellation">Stops the scan.</param>
    /// <param name="unread">Told of each file and folder that was not read; null for the warnings that everybody gets.</param>
    public static UsageScanResult StreamUsage(this Cmdlet cmdlet, UsageQuery query, Action<OpiUsage> take, CancellationToken cancellation, Action<UsageFinding>? unread = null)
    {
        using var progress = new ScanProgress(cmdlet, Activity);
        UsageScanResult result = UsageScan.Stream(WithModels(query), take, At(progress), cancellation);
        Warn(cmdlet, result, unread);
        return result;
    }

    /// <summary>Says once how many responses have no price, and of which models they are.</summary>
    public static void WarnOfPrices(Cmdlet cmdlet, IReadOnlyDictionary<string, int> unpriced)
    {
        if (unpriced.TryGetValue("", out int nameless))
        {
            cmdlet.WriteWarning($"{Count(nameless, "response names", "responses name")} no model, so that the cost is unknown.");
        }

        string[] models = [.. unpriced.Keys.Where(model => model.Length > 0)];
        if (models.Length > 0)
        {
            string age = PricingCatalog.Default is { IsOld: true } old
                ? $" The prices are of {old.Date}, which is more than 45 days ago: Import-OpiPricing takes newer ones."
                : "";
            cmdlet.WriteWarning(
                $"{Count(models.Sum(model => unpriced[model]), "response has", "responses have")} no price, so that the cost is unknown: of "
                    + $"{string.Join(", ", models.Select(model => $"'{model}'"))}. Get-OpiPricing lists the prices.{age}");
        }
    }

    /// <summary>With the models that the sessions of this process were opened with, which their files may not name.</summary>
    private static UsageQuery WithModels(UsageQuery query)
    {
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (OpiSession session in OpenSessions.All.Where(session => session.GivenModel is not null))
        {
            models.TryAdd(session.Id, session.GivenModel!);
        }

        return query with { SessionModels = models };
    }

    private static Action<UsageScanProgress> At(ScanProgress progress) =>
        at => progress.At(string.Create(CultureInfo.InvariantCulture, $"{at.BytesRead / 1_000_000:N0} of {at.Bytes / 1_000_000:N0} MB"), at.BytesRead, Math.Max(1, at.Bytes));

    private static void Warn(Cmdlet cmdlet, UsageScanResult result, Action<UsageFinding>? unread)
    {
        UsageFinding[] notRead = [.. result.Findings.Where(finding => finding.IsUnread)];
        foreach (UsageFinding finding in notRead)
        {
            if (unread is not null)
            {
                unread(finding);
            }
            else
            {
                cmdlet.WriteWarning($"'{finding.Path}' was not read: {finding.Reason}.");
            }
        }

        if (notRead.Length > 0 && unread is null)
        {
            cmdlet.WriteWarning($"{Count(notRead.Length, "file or folder was", "files and folders were")} not read; what was read of the others follows.");
        }

        foreach (UsageFinding finding in result.Findings.Where(finding => finding.SessionId is not null))
        {
            cmdlet.WriteWarning($"Session '{finding.SessionId}': {finding.Reason}.");
        }

        UsageFinding[] skipped = [.. result.Findings.Where(finding => !finding.IsUnread && finding.SessionId is null)];
        if (skipped.Length > 0)
        {
            cmdlet.WriteWarning($"{Count(skipped.Sum(finding => finding.SkippedLines), "line", "lines")} in {Count(skipped.Length, "file", "files")} could not be read, and any usage in them is not counted. -Verbose names the files.");
            foreach (UsageFinding finding in skipped)
            {
                cmdlet.WriteVerbose($"'{finding.Path}': passed over {finding.Reason}.");
            }
        }

        WarnOfPrices(cmdlet, result.UnpricedModels);
        cmdlet.WriteVerbose($"The prices are of {PricingCatalog.Default.Date}.");
        cmdlet.WriteVerbose($"{Count(result.FileCount, "file", "files")}, {Count(result.ResponseCount, "response", "responses")}.");
    }

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
