namespace Opi;

/// <summary>Recognises the files in which Opi keeps its data, so that exports do not overwrite them.</summary>
internal static class OwnData
{
    /// <summary>What of Opi's own a file is, for example <c>a session</c>; null when it is something else, or nothing.</summary>
    public static string? Describe(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string name = InOwnCase(Path.GetFileName(path));
        return name.EndsWith(".lock", StringComparison.Ordinal) ? "a lock file"
            : IsInUse(path) ? "a file that another program has open for itself"
            : IsSession(path) ? "a session"
            : LedgerFile.IsFile(name) && IsLedger(path) ? "a month of the ledger"
            : BudgetFile.IsFile(name) ? "the file of a budget"
            : IsSetting(path) ? "a file of Opi's settings"
            : null;
    }

    /// <summary>Opi gives its files names in small letters. Elsewhere than on Linux the same file can be named in any case.</summary>
    private static string InOwnCase(string name) => OperatingSystem.IsLinux() ? name : name.ToLowerInvariant();

    private static bool IsSetting(string path) =>
        FileIdentity.Of(path) is { } file
        && Directory.Exists(OpiFolders.Settings)
        && Directory.EnumerateFiles(OpiFolders.Settings).Any(setting => FileIdentity.Of(setting) is { } own && own.IsSameAs(file));

    /// <summary>Whether another program has the file for itself. Only Windows has such files.</summary>
    private static bool IsInUse(string path)
    {
        try
        {
            SharedFile.Retry(() => RegularFile.Open(path).Dispose());
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return SharedFile.IsUnshared(error);
        }
    }

    private static bool IsSession(string path)
    {
        try
        {
            OpiSessionInfo.ReadHeader(path);
            return true;
        }
        catch (InvalidSessionFileException)
        {
            return false;
        }
        catch (UnsupportedFormatVersionException)
        {
            return true;
        }
    }

    private static bool IsLedger(string path)
    {
        bool found = false;
        try
        {
            using var stop = new CancellationTokenSource();
            _ = LedgerFile.Read(path, _ =>
            {
                found = true;
                stop.Cancel(); // one row is enough
            }, null, stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            // Read as far as it was needed, or could be.
        }

        return found;
    }
}
