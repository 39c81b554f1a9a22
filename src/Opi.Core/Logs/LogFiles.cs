namespace Opi;

/// <summary>Finds the files to read.</summary>
internal static class LogFiles
{
    /// <summary>
    /// The files of the logs of some sources: those in the sources' own folders, or in the files and folders that are named. What cannot be
    /// listed is a finding, and so is a named folder that does not exist.
    /// </summary>
    /// <param name="logs">The sources.</param>
    /// <param name="query">The paths, and which sources must be there.</param>
    /// <param name="aside">Gets the files that can have nothing of the time that is asked for.</param>
    /// <param name="findings">Gets what was found wrong.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static List<LogFile> Find(
        IReadOnlyList<UsageLog> logs, UsageQuery query, List<LogFile> aside, List<UsageFinding> findings, CancellationToken cancellation)
    {
        var files = new List<LogFile>();
        var seen = new SeenFiles();
        foreach (UsageLog log in query.Paths.Count == 0 ? logs : [])
        {
            AddOwn(log, query.Required.Contains(log.Source));
        }

        foreach (string path in query.Paths)
        {
            string full = Path.GetFullPath(path);
            if (Directory.Exists(full))
            {
                AddFolder(new FoundFolder(full, logs, isOwn: false, 0));
            }
            else if (File.Exists(full))
            {
                AddFile(new FoundItem(full, logs));
            }
            else
            {
                var error = new FileNotFoundException($"There is no file or folder '{full}'.", full);
                findings.Add(new UsageFinding(full, null, "there is no such file or folder") { Error = error });
            }
        }

        return files;

        void AddOwn(UsageLog log, bool isRequired)
        {
            string[] folders = [.. log.Folders().Where(folder => IsThere(folder, log.Source))];
            foreach (string folder in folders)
            {
                AddFolder(new FoundFolder(Path.GetFullPath(folder), [log], isOwn: true, 0));
            }

            string[] ownFiles = [.. OwnFiles(log)];
            string[] own = [.. ownFiles.Where(File.Exists)];
            foreach (string file in own)
            {
                AddFile(new FoundItem(Path.GetFullPath(file), [log]));
            }

            // The ledger is made by its first update. Before that the logs have all.
            NamedFolder[] missing = log.Source == UsageSource.Ledger && !isRequired
                ? []
                : [.. log.NamedPlaces().Where(named => !own.Contains(named.Folder) && !IsThere(named.Folder, log.Source))];
            foreach ((string variable, string folder) in missing)
            {
                AddMissing(log, LogFolderNotFoundException.ForVariable(log.Source, variable, Path.GetFullPath(folder), ownFiles.Contains(folder)));
            }

            if (isRequired && folders.Length == 0 && own.Length == 0 && missing.Length == 0)
            {
                AddMissing(log, LogFolderNotFoundException.ForSource(log.Source, [.. log.Folders().Select(Path.GetFullPath)]));
            }
        }

        IEnumerable<string> OwnFiles(UsageLog log)
        {
            try
            {
                return log.OwnFiles();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                findings.Add(new UsageFinding(log.Folders().First(), log.Source, error.Message.TrimEnd('.')) { Error = error });
                return [];
            }
        }

        void AddMissing(UsageLog log, LogFolderNotFoundException error) =>
            findings.Add(new UsageFinding(error.Target, log.Source, error.Message.TrimEnd('.')) { Error = error });

        // A folder below one that may not be entered is not known to be missing: it is a finding, and taken for there.
        bool IsThere(string folder, UsageSource source)
        {
            try
            {
                return File.GetAttributes(folder).HasFlag(FileAttributes.Directory);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (!findings.Any(finding => finding.Path == folder))
                {
                    findings.Add(new UsageFinding(folder, source, error.Message.TrimEnd('.')) { Error = error });
                }

                return true;
            }
        }

        void AddFolder(FoundFolder folder)
        {
            folder.Search(cancellation);
            AddItems(folder);
        }

        void AddItems(FoundFolder folder)
        {
            foreach (FoundItem item in folder.Items)
            {
                if (item.Folder is { } inner)
                {
                    AddItems(inner);
                }
                else
                {
                    AddFile(item);
                }
            }

            if (folder.Error is { } error && !findings.Any(finding => finding.Path == folder.Path))
            {
                UsageSource? source = folder.Sources.Count == 1 ? folder.Sources[0].Source : null;
                findings.Add(new UsageFinding(folder.Path, source, error.Message.TrimEnd('.')) { Error = error });
            }
        }

        void Claim(string path, UsageLog other) => files.Find(known => known.Path == path)?.Claim(other);

        void AddFile(FoundItem item)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<UsageLog> takers = item.Takers;
            try
            {
                if (!seen.Add(item.Path))
                {
                    if (query.Paths.Count == 0)
                    {
                        Claim(item.Path, takers[0]);
                    }

                    return;
                }

                (long length, DateTime lastWrite) = item.IsKnown ? (item.Length, item.LastWrite) : Ask(new FileInfo(item.Path));
                var found = new LogFile(item.Path, length, takers.Count == 1 ? takers[0] : null)
                {
                    LastWrite = lastWrite,
                    Since = query.Since,
                };
                (MayHave(found, takers, query, cancellation) ? files : aside).Add(found);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                UsageSource? source = takers.Count == 1 ? takers[0].Source : null;
                findings.Add(new UsageFinding(item.Path, source, error.Message.TrimEnd('.')) { Error = error });
            }
        }
    }

    /// <summary>The length and time of a file, or of what a link leads to.</summary>
    /// <exception cref="IOException">They cannot be read, or it is not there.</exception>
    private static (long Length, DateTime LastWrite) Ask(FileInfo file)
    {
        FileInfo target = LinkTarget.Of(file) is { } end ? new FileInfo(end) : file;
        return (target.Length, target.LastWriteTimeUtc);
    }

    /// <summary>
    /// Whether a file may have responses of the time that is asked for. If that depends on its source, its beginning shows it. A database is
    /// read whenever it may have them, because only its tables show it.
    /// </summary>
    private static bool MayHave(LogFile file, IReadOnlyList<UsageLog> takers, UsageQuery query, CancellationToken cancellation) =>
        AllMayHave(file, takers, query)
        || (takers.Count > 1
            && (!LogHead.Identify(file, takers, cancellation)
                || (file.Log is { } log ? log.MayHave(file, query) : !file.IsDatabase || AnyMayHave(file, takers, query))));

    private static bool AnyMayHave(LogFile file, IReadOnlyList<UsageLog> takers, UsageQuery query) => takers.Any(log => log.MayHave(file, query));

    private static bool AllMayHave(LogFile file, IReadOnlyList<UsageLog> takers, UsageQuery query)
    {
        for (int i = 0; i < takers.Count; i++) // of each file that is found
        {
            if (!takers[i].MayHave(file, query))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The parts to read of some files.</summary>
    public static List<LogPart> Divide(IReadOnlyCollection<LogFile> files, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        var parts = new List<LogPart>(files.Count);
        long least = logs.Min(log => log.PartSize);
        foreach (LogFile file in files)
        {
            long size = PartSizeOf(file, least, logs, cancellation);
            long start = 0;
            for (; file.Length - start - size > size / 2; start += size) // size may be the largest number: it is never added to
            {
                parts.Add(new LogPart(file, start, start + size));
            }

            parts.Add(new LogPart(file, start, long.MaxValue));
        }

        return parts;
    }

    private static long PartSizeOf(LogFile file, long least, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        long size = file.Log?.PartSize ?? least;
        if (file.Length <= size)
        {
            return size;
        }

        // Whose it is must be known before it is divided.
        try
        {
            return LogHead.Identify(file, logs, cancellation) && file.Log is { } log ? log.PartSize : long.MaxValue;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue; // reading it will say so
        }
    }
}
