namespace Opi;

/// <summary>Finds the files to read.</summary>
internal static class LogFiles
{
    private const int MaxDepth = 64;

    /// <summary>
    /// The parts to read of the logs of some sources: those in the sources' own folders, or in the files and folders that are named. What
    /// cannot be listed is a finding.
    /// </summary>
    public static List<LogPart> Find(
        IReadOnlyList<UsageLog> logs, IReadOnlyList<string> paths, List<UsageFinding> findings, CancellationToken cancellation)
    {
        var files = new List<LogFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (paths.Count == 0)
        {
            foreach (UsageLog log in logs)
            {
                foreach (string folder in log.Folders().Where(Directory.Exists))
                {
                    AddFolder(new DirectoryInfo(folder), [log], own: true, 0);
                }
            }
        }

        foreach (string path in paths)
        {
            string full = Path.GetFullPath(path);
            if (Directory.Exists(full))
            {
                AddFolder(new DirectoryInfo(full), logs, own: false, 0);
            }
            else if (File.Exists(full))
            {
                AddFile(new FileInfo(full), logs);
            }
            else
            {
                findings.Add(new UsageFinding(full, null, "there is no such file or folder"));
            }
        }

        return [.. files.SelectMany(file => Split(file, logs, cancellation))];

        void AddFolder(DirectoryInfo folder, IReadOnlyList<UsageLog> sources, bool own, int depth)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
                {
                    if (item is FileInfo file)
                    {
                        if (UsageScan.AllLogs.Any(log => log.IsByproduct(file.FullName)))
                        {
                            continue;
                        }

                        UsageLog[] takers = [.. sources.Where(log => own ? log.IsOwnLog(file.FullName) : log.IsLog(file.FullName))];
                        if (takers.Length > 0)
                        {
                            AddFile(file, takers);
                        }
                    }
                    else if (depth < MaxDepth && !LeadsBack((DirectoryInfo)item))
                    {
                        UsageLog[] deeper = [.. sources.Where(log => log.Enters((DirectoryInfo)item))];
                        if (deeper.Length > 0)
                        {
                            AddFolder((DirectoryInfo)item, deeper, own, depth + 1);
                        }
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                findings.Add(new UsageFinding(folder.FullName, null, error.Message.TrimEnd('.')) { Error = error });
            }
        }

        void AddFile(FileInfo file, IReadOnlyList<UsageLog> takers)
        {
            if (!seen.Add(file.FullName))
            {
                return;
            }

            try
            {
                long length = !file.Attributes.HasFlag(FileAttributes.ReparsePoint)
                    ? file.Length
                    : new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName).Length;
                files.Add(new LogFile(file.FullName, length, takers.Count == 1 ? takers[0] : null));
            }
            catch (IOException error)
            {
                findings.Add(new UsageFinding(file.FullName, null, error.Message.TrimEnd('.')) { Error = error });
            }
        }
    }

    /// <summary>Whether a folder is a link to one that it is in.</summary>
    private static bool LeadsBack(DirectoryInfo folder) =>
        folder.Attributes.HasFlag(FileAttributes.ReparsePoint)
        && folder.ResolveLinkTarget(returnFinalTarget: true) is { } target
        && (folder.FullName + Path.DirectorySeparatorChar).StartsWith(
            target.FullName.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<LogPart> Split(LogFile file, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        long size = file.Log?.PartSize ?? logs.Min(log => log.PartSize);
        if (file.Length > size)
        {
            // Whose it is must be known before it is divided.
            try
            {
                size = LogHead.Identify(file, logs, cancellation) ? file.Log!.PartSize : long.MaxValue;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                size = long.MaxValue; // reading it will say so
            }
        }

        long start = 0;
        for (; file.Length - start - size > size / 2; start += size) // size may be the largest number: it is never added to
        {
            yield return new LogPart(file, start, start + size);
        }

        yield return new LogPart(file, start, long.MaxValue);
    }
}
