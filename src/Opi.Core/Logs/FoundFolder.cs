using System.IO.Enumeration;

namespace Opi;

/// <summary>A folder that is searched for logs.</summary>
/// <param name="path">The complete path.</param>
/// <param name="sources">The sources whose logs may be in it.</param>
/// <param name="isOwn">Whether it is a source's own folder, not one that was named.</param>
/// <param name="depth">How many folders are between it and the one where the search began.</param>
internal sealed class FoundFolder(string path, IReadOnlyList<UsageLog> sources, bool isOwn, int depth)
{
    private const int MaxDepth = 64;
    private const int FewFolders = 4; // for which a thread is not worth its start

    private static readonly DateTime NoTime = DateTime.FromFileTimeUtc(0);

    private static readonly StringComparison Names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The complete path.</summary>
    public string Path { get; } = path;

    /// <summary>The sources whose logs may be in it.</summary>
    public IReadOnlyList<UsageLog> Sources { get; } = sources;

    /// <summary>What may be a log, and the folders that may have some, in the order in which the system lists them.</summary>
    public List<FoundItem> Items { get; } = [];

    /// <summary>Why it, or the rest of it, could not be listed; null when it was.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The folder that this one is a link to, behind any further links; null when it is no link.</summary>
    private string? Target { get; init; }

    /// <summary>
    /// Lists it and all folders below. Folders beside each other are listed on all processors. What several links lead to is listed once: folders
    /// with links to each other, as package managers make them, have no end of paths.
    /// </summary>
    /// <param name="cancellation">Stops it.</param>
    public void Search(CancellationToken cancellation)
    {
        var targets = new HashSet<string>(StringComparer.FromComparison(Names));
        FoundFolder[] level = [this];
        while (level.Length > 0)
        {
            ListAll(level, cancellation);
            level =
            [
                .. level.SelectMany(folder => folder.Items).Select(item => item.Folder).OfType<FoundFolder>()
                    .Where(folder => folder.Target is null || targets.Add(folder.Target)),
            ];
        }
    }

    private static void ListAll(FoundFolder[] folders, CancellationToken cancellation)
    {
        int next = -1;
        int others = folders.Length < FewFolders ? 0 : Math.Min(Environment.ProcessorCount, folders.Length) - 1;
        Task[] workers = [.. Enumerable.Range(0, others).Select(_ => Task.Run(Work, CancellationToken.None))];
        try
        {
            Work();
        }
        finally
        {
            Task.WhenAll(workers).GetAwaiter().GetResult();
        }

        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < folders.Length; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                folders[i].List();
            }
        }
    }

    private void List()
    {
        try
        {
            foreach (FoundItem? item in new FileSystemEnumerable<FoundItem?>(Path, Look, All))
            {
                if (item is { } found)
                {
                    Items.Add(found);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Error = error;
        }
    }

    /// <summary>What an entry is; null when it is nothing that is looked for. Only what may be a log is asked for its length and time.</summary>
    private FoundItem? Look(ref FileSystemEntry entry)
    {
        string full = entry.ToFullPath();
        if (entry.IsDirectory)
        {
            return LookAtFolder((DirectoryInfo)entry.ToFileSystemInfo());
        }

        IReadOnlyList<UsageLog> takers = TakersOf(full);
        if (takers.Count == 0)
        {
            return null;
        }

        // Here an error is a time of 1601, and a length of 0: a name that is not UTF-8, a folder that may be listed and not entered.
        DateTime lastWrite = entry.LastWriteTimeUtc.UtcDateTime;
        return new FoundItem(full, takers)
        {
            IsKnown = lastWrite > NoTime && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            Length = entry.Length,
            LastWrite = lastWrite,
        };
    }

    /// <summary>The sources that may have a file.</summary>
    private IReadOnlyList<UsageLog> TakersOf(string file)
    {
        bool isByproduct = UsageScan.IsByproduct(file);
        return Sources.Count > 1 ? TakersOf(file, isByproduct)
            : IsLogOf(Sources[0], file) && (!isByproduct || Sources[0].TakesByproduct(file)) ? Sources
            : [];
    }

    private UsageLog[] TakersOf(string file, bool isByproduct)
    {
        bool isOfNone = isByproduct && !Sources.Any(log => log.TakesByproduct(file));
        return isOfNone ? [] : [.. Sources.Where(log => IsLogOf(log, file))];
    }

    private bool IsLogOf(UsageLog log, string file) => isOwn ? log.IsOwnLog(file) : log.IsLog(file);

    private FoundItem? LookAtFolder(DirectoryInfo folder)
    {
        string? target = LinkTarget.Of(folder)?.TrimEnd(System.IO.Path.DirectorySeparatorChar);
        if (depth >= MaxDepth || (target is not null && IsIn(folder.FullName, target)))
        {
            return null;
        }

        UsageLog[] deeper = [.. Sources.Where(log => log.Enters(folder))];
        return deeper.Length == 0
            ? null
            : new FoundItem(folder.FullName, deeper)
            {
                Folder = new FoundFolder(folder.FullName, deeper, isOwn, depth + 1) { Target = target },
            };
    }

    private static bool IsIn(string path, string folder) =>
        (path + System.IO.Path.DirectorySeparatorChar).StartsWith(folder + System.IO.Path.DirectorySeparatorChar, Names);
}
