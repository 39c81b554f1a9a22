namespace Opi;

/// <summary>Where the logs of the sources are by default.</summary>
internal static class LogPlaces
{
    /// <summary>Whether the user's folder is known. Without it Opi's own folders are taken below the current one.</summary>
    public static bool IsHomeKnown => OpiFolders.Variable(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME") is not null;

    /// <summary>The folders of a source; they need not exist.</summary>
    /// <param name="source">The source.</param>
    public static IReadOnlyList<string> Of(UsageSource source) => [.. LogOf(source)?.Folders().Select(Path.GetFullPath) ?? []];

    /// <summary>Whether they depend on the user's folder: no environment variable names them.</summary>
    /// <param name="source">The source.</param>
    public static bool NeedHome(UsageSource source) => LogOf(source)?.NamedFolders().Any() == false;

    /// <summary>Whether there is anything in the folders of a source.</summary>
    /// <param name="source">The source.</param>
    public static bool HaveLogs(UsageSource source)
    {
        try
        {
            return (LogOf(source)?.Folders() ?? []).Any(folder => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true; // something that may not be listed
        }
    }

    /// <summary>The log of a source; null for <see cref="UsageSource.Other"/>, which has none here.</summary>
    private static UsageLog? LogOf(UsageSource source) => UsageScan.AllLogs.FirstOrDefault(log => log.Source == source);
}
