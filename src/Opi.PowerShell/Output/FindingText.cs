using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Says what of the logs was not read: errors for what was asked for by name, one warning for the rest.</summary>
internal static class FindingText
{
    /// <summary>The errors.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="isNamed">Whether the user named a file or folder.</param>
    public static IEnumerable<ErrorRecord> Errors(IEnumerable<UsageFinding> findings, Func<string, bool> isNamed) =>
        findings.Where(finding => IsError(finding, isNamed)).Select(finding => finding.Error is OpiException error
            ? error.ToErrorRecord(finding.Path)
            : new ErrorRecord(finding.Error, "FileNotAccessible", ErrorCategory.PermissionDenied, finding.Path));

    /// <summary>What is not an error, in one line; null when there is nothing.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="isNamed">Whether the user named a file or folder.</param>
    public static string? Warning(IEnumerable<UsageFinding> findings, Func<string, bool> isNamed)
    {
        UsageFinding[] all = [.. findings.Where(finding => !IsError(finding, isNamed))];
        UsageFinding[] unread = [.. all.Where(finding => finding.IsUnread)];
        UsageFinding[] sessions = [.. all.Where(finding => finding.SessionId is not null)];
        UsageFinding[] skipped = [.. all.Where(finding => finding.SkippedLines > 0 && finding.SessionId is null)];
        UsageFinding[] undated = [.. all.Where(finding => finding.Undated > 0)];
        var parts = new List<string>();
        if (unread.Length > 0)
        {
            parts.Add(unread.Length == 1 ? Line(unread[0]) : $"{unread.Length} files and folders were not read. The first: {Line(unread[0])}");
        }

        if (undated.Length > 0)
        {
            int count = undated.Sum(finding => finding.Undated);
            string responses = UnknownCostText.Count(count, "response", "responses");
            string files = UnknownCostText.Count(undated.Length, "file", "files");
            parts.Add($"{responses} in {files} {(count == 1 ? "is" : "are")} left out, for lack of a time that can be read.");
        }

        if (all.Any(finding => finding.HidesUsage))
        {
            parts.Add("Costs that may have a part in there are known only in part.");
        }

        if (sessions.Length > 0)
        {
            parts.Add(sessions.Length == 1 ? Line(sessions[0]) : $"{sessions.Length} sessions are damaged. The first: {Line(sessions[0])}");
        }

        UsageFinding[] damaged = [.. skipped.Where(finding => finding.SkippedLines > finding.LinesWithoutUsage)];
        if (damaged.Length > 0)
        {
            string lines = UnknownCostText.Count(damaged.Sum(finding => finding.SkippedLines - finding.LinesWithoutUsage), "line", "lines");
            string files = UnknownCostText.Count(damaged.Length, "file", "files");
            parts.Add($"{lines} in {files} could not be read, and any usage in them is not counted.");
        }

        int without = skipped.Count(finding => finding.LinesWithoutUsage > 0);
        if (without > 0)
        {
            parts.Add(without == 1 ? "1 log has no token counts, and what it used is not counted."
                : $"{without} logs have no token counts, and what they used is not counted.");
        }

        if (unread.Length > 1 || sessions.Length > 1 || skipped.Length > 0 || undated.Length > 0)
        {
            parts.Add("-Verbose names the files.");
        }

        return parts.Count == 0 ? null : string.Join(' ', parts);
    }

    /// <summary>
    /// What of a search is not an error, in one line; null when there is nothing. A file in a folder that is plainly no log is not a loss.
    /// </summary>
    /// <param name="findings">What was found.</param>
    /// <param name="isNamed">Whether the user named a file or folder.</param>
    public static string? SearchWarning(IEnumerable<UsageFinding> findings, Func<string, bool> isNamed)
    {
        UsageFinding[] all =
        [
            .. findings.Where(finding => !IsError(finding, isNamed)
                && (finding.Error is not null || finding.IsLog || !finding.IsUnread || isNamed(finding.Path))),
        ];
        return all.Length switch
        {
            0 => null,
            1 => Line(all[0]) + (all[0].IsUnread ? "" : " What is in there is not found."),
            _ => $"{all.Length} files and folders could not be searched, or not all of their lines. The first: {Line(all[0])} -Verbose names all.",
        };
    }

    /// <summary>A file or folder and what is wrong with it.</summary>
    public static string Line(UsageFinding finding) =>
        finding.SessionId is { } session ? $"Session '{session}': {finding.Reason}."
        : finding.Undated > 0 ? $"'{finding.Path}': left out {finding.Reason} ({finding.Undated})."
        : !finding.IsUnread ? $"'{finding.Path}': skipped {finding.Reason}."
        : finding.Error is OpiException error ? error.Text()
        : $"'{finding.Path}' was not read: {finding.Reason}.";

    private static bool IsError(UsageFinding finding, Func<string, bool> isNamed) =>
        finding.Error is LogFolderNotFoundException || (finding.Error is not null && finding.IsUnread && isNamed(finding.Path));
}
