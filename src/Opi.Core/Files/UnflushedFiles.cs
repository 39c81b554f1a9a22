namespace Opi;

/// <summary>
/// Files that were written whole, but of which the system did not confirm that their names are on the disk. The operation was done, and
/// must not be reported as failed; its caller says that it may not survive a power loss.
/// </summary>
internal static class UnflushedFiles
{
    [ThreadStatic]
    private static List<string>? paths;

    internal static void Add(string path) => (paths ??= []).Add(path);

    /// <summary>Takes what was noted on this thread since the last call.</summary>
    /// <returns>The paths; empty as a rule.</returns>
    public static IReadOnlyList<string> Take()
    {
        List<string>? found = paths;
        paths = null;
        return found ?? [];
    }
}
