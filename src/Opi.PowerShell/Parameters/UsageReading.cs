using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Scans logs for usages, with progress, and says what could not be read.</summary>
internal static class UsageReading
{
    public const string All = "All";

    private const string Activity = "Reading usage";

    /// <summary>The sources of names, as <see cref="SourcesAttribute"/> gives them.</summary>
    public static UsageSource[] ParseSources(IEnumerable<string> names)
    {
        string[] sources = EnumNames.Several(typeof(UsageSource), names, [nameof(UsageSource.Other)], All);
        return (UsageSource[])EnumNames.Values(typeof(UsageSource), [.. sources.Distinct()]);
    }

    /// <summary>The sources of names, without those that All adds: a source that is named must exist.</summary>
    public static UsageSource[] NamedSources(IEnumerable<string>? names)
    {
        string[] named = [.. (names ?? []).Where(name => !name.Equals(All, StringComparison.OrdinalIgnoreCase))];
        return named.Length == 0 ? [] : ParseSources(named);
    }

    /// <summary>
    /// Runs a query. What was not read is reported once: errors for named files, one warning for all others, and one for the responses
    /// without a known cost.
    /// </summary>
    public static UsageScanResult ReadUsage(this Cmdlet cmdlet, UsageQuery query, CancellationToken cancellation)
    {
        using var progress = new ScanProgress(cmdlet, Activity);
        UsageScanResult result = UsageScan.Run(Prepare(cmdlet, query), At(progress), cancellation);
        foreach (ErrorRecord error in Tell(cmdlet, result, result.Unknown, query, _ => false, cmdlet.WriteWarning))
        {
            cmdlet.WriteError(error);
        }

        return result;
    }

    /// <summary>
    /// Reads what a query asks for into groups of costs, each response as soon as it is known, and reports as <see cref="ReadUsage"/> does.
    /// </summary>
    /// <param name="cmdlet">Who asks.</param>
    /// <param name="query">Which responses.</param>
    /// <param name="groups">Gets the responses, the turns without one, and the files that were not read.</param>
    /// <param name="isNamed">Whether the user named a file or folder: what is wrong with it is an error.</param>
    /// <param name="warn">Gets the warnings.</param>
    /// <param name="cancellation">Stops the scan.</param>
    /// <param name="overview">Gets the responses and the files that were not read too; null for none.</param>
    /// <returns>The errors.</returns>
    public static IReadOnlyList<ErrorRecord> ReadCosts(
        this Cmdlet cmdlet,
        UsageQuery query,
        CostGroups groups,
        Func<string, bool> isNamed,
        Action<string> warn,
        CancellationToken cancellation,
        CostOverview? overview = null)
    {
        using var progress = new ScanProgress(cmdlet, Activity);
        UsageScanResult result = PeriodCost.Read(Prepare(cmdlet, query), groups, At(progress), cancellation, overview);
        return Tell(cmdlet, result, groups.ToTotal().Unknown, query, isNamed, warn);
    }

    /// <summary>Says once of how many responses the cost is not known, and why.</summary>
    public static void WarnOfCosts(UnknownCosts unknown, CostChoice choice, Action<string> warn)
    {
        if (UnknownCostText.Of(unknown, choice) is { } text)
        {
            string age = unknown.Models.Count > 0 && PricingCatalog.Default is { IsOld: true } old
                ? $" The prices are of {old.Date}, which is more than 45 days ago: Import-OpiPricing takes newer ones."
                : "";
            warn($"Not all costs are known. {text}{age}");
        }
    }

    /// <summary>Whether there is no session of Opi on this machine, but logs of other agents are.</summary>
    public static bool HasOnlyOtherLogs => !HaveSessions && Array.Exists(ParseSources([All]), LogPlaces.HaveLogs);

    private static bool HaveSessions => LogPlaces.HaveLogs(UsageSource.Opi) || !LogPlaces.IsHomeKnown;

    /// <summary>
    /// The sources when none is named: Opi's sessions, or every agent's logs on a machine without a session, if
    /// the user's folder is known.
    /// </summary>
    public static UsageSource[] SourcesHere(this Cmdlet cmdlet)
    {
        if (HaveSessions)
        {
            return [UsageSource.Opi];
        }

        cmdlet.WriteVerbose(VisibleText.Of($"There is no session of Opi in '{LogPlaces.Of(UsageSource.Opi)[0]}': the logs of all agents are read."));
        return ParseSources([All]);
    }

    /// <summary>
    /// With the models that the sessions of this process were opened with, which their files may not name. If the user's folder is not
    /// known, a warning says which folders are read instead.
    /// </summary>
    public static UsageQuery Prepare(Cmdlet cmdlet, UsageQuery query)
    {
        if (!LogPlaces.IsHomeKnown && query.Paths.Count == 0 && query.Sources.Where(LogPlaces.NeedHome).ToArray() is { Length: > 0 } lost)
        {
            string home = OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME";
            string places = string.Join(", ", lost.SelectMany(LogPlaces.Of).Select(place => $"'{place}'"));
            cmdlet.WriteWarning($"The environment variable {home} is not set, so that these places are read: {places}.");
        }

        return query with { SessionModels = GivenModels() };
    }

    /// <summary>The models that the sessions of this process were opened with, by the sessions' ids.</summary>
    public static IReadOnlyDictionary<string, string> GivenModels()
    {
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (OpiSession session in OpenSessions.All.Where(session => session.GivenModel is not null))
        {
            models.TryAdd(session.Id, session.GivenModel!);
        }

        return models;
    }

    private static Action<UsageScanProgress> At(ScanProgress progress) =>
        at => progress.At(
            string.Create(CultureInfo.InvariantCulture, $"{at.BytesRead / 1_000_000:N0} of {at.Bytes / 1_000_000:N0} MB"),
            at.BytesRead,
            Math.Max(1, at.Bytes));

    public static List<ErrorRecord> Tell(
        Cmdlet cmdlet, UsageScanResult result, UnknownCosts unknown, UsageQuery query, Func<string, bool> isNamed, Action<string> warn)
    {
        Action<string> say = warn;
        warn = text => say(VisibleText.Of(text)); // models and paths are foreign text
        if (FindingText.Warning(result.Findings, isNamed) is { } text)
        {
            warn(text);
        }

        foreach (UsageFinding finding in result.Findings)
        {
            cmdlet.WriteVerbose(FindingText.Line(finding));
        }

        WarnOfCosts(unknown, query.CostFrom, warn);
        string files = UnknownCostText.Count(result.FileCount, "file", "files");
        cmdlet.WriteVerbose($"The prices are of {PricingCatalog.Default.Date}.");
        cmdlet.WriteVerbose($"{files}, {UnknownCostText.Count(result.ResponseCount, "response", "responses")}.");
        return [.. FindingText.Errors(result.Findings, isNamed)];
    }
}
