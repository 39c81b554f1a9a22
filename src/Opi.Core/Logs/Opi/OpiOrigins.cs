namespace Opi;

/// <summary>
/// Finds out in which session an entry was first written. A fork copies the entries of its parent byte for byte, so that the same entry
/// is in several files. If the parent is not among the named files it is looked for in the fork's folder; if it is gone,
/// the oldest file of the folder that still has the entry is taken instead.
/// </summary>
internal sealed class OpiOrigins
{
    private readonly Dictionary<string, OpiFile> _first = new(StringComparer.Ordinal); // the file of each session, by its id
    private readonly List<OpiFile> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpiEntries?> _entries = new(StringComparer.Ordinal); // by path; null for what cannot be read
    private readonly Dictionary<(string, string), bool> _relatives = []; // by two paths
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal); // origins of which all files are known
    private readonly List<UsageFinding> _findings = [];
    private readonly Dictionary<(string Path, long Offset), (string Origin, string Path)> _known = []; // where entries were first written
    private ILookup<(string, string, int)?, OpiFile>? _byFirst;

    /// <summary>The files in the folders of the named ones that could not be read.</summary>
    public IReadOnlyCollection<UsageFinding> Findings => _findings;

    /// <summary>Adds a file, as the first one of its session. False when there is one already.</summary>
    public bool TryAdd(OpiFile file)
    {
        if (!_first.TryAdd(file.Id, file))
        {
            return false;
        }

        Note(file);
        return true;
    }

    /// <summary>Adds further files of sessions.</summary>
    public void AddFurther(IEnumerable<OpiFile> files)
    {
        foreach (OpiFile file in files.Where(file => !IsFirst(file)))
        {
            Note(file);
        }
    }

    /// <summary>Notes a file that could not be read, which the scan reports itself.</summary>
    public void AddUnread(string path)
    {
        _paths.Add(path);
        _entries[path] = null;
    }

    /// <summary>Whether the entries of a session are taken from this file.</summary>
    public bool IsFirst(OpiFile file) => _first.TryGetValue(file.Id, out OpiFile? first) && first.Path == file.Path;

    /// <summary>Whether an entry was first written in this file, as far as the remaining files show.</summary>
    /// <param name="file">A file.</param>
    /// <param name="entry">An entry of it.</param>
    /// <param name="lines">Compares the lines of files.</param>
    /// <param name="origin">The session that it was first written in, which may be gone.</param>
    /// <param name="cancellation">Stops the reading of other files.</param>
    public bool IsOwn(OpiFile file, IndexedEntry entry, OpiLines lines, out string origin, CancellationToken cancellation)
    {
        (origin, string path) = FindOrigin(file, entry, lines, cancellation);
        return path == file.Path;
    }

    /// <summary>
    /// The session that an entry was first written in, and the earliest file that is left with it. What is found holds for all files on the
    /// way there, and is kept for each: in a chain of forks every entry is then compared with one parent only.
    /// </summary>
    private (string Origin, string Path) FindOrigin(OpiFile file, IndexedEntry entry, OpiLines lines, CancellationToken cancellation)
    {
        var way = new List<(OpiFile File, IndexedEntry Entry)> { (file, entry) };
        var steps = new Dictionary<string, int>(StringComparer.Ordinal) { [file.Path] = 0 };
        (string Origin, string Path) found;
        while (!_known.TryGetValue((way[^1].File.Path, way[^1].Entry.Offset), out found))
        {
            string origin = way[^1].File.Id;
            if (Before(way[^1].File, way[^1].Entry, ref origin, lines, cancellation) is not { } earlier)
            {
                found = (origin, way[^1].File.Path);
                break;
            }

            if (steps.TryGetValue(earlier.File.Path, out int start))
            {
                // Sessions that name each other as parents: the oldest of them has it.
                OpiFile oldest = way.Skip(start).Select(step => step.File).Min(Comparer<OpiFile>.Create(OpiFile.CompareByAge))!;
                found = (oldest.Id, oldest.Path);
                break;
            }

            steps.Add(earlier.File.Path, way.Count);
            way.Add(earlier);
        }

        foreach ((OpiFile passed, IndexedEntry copy) in way)
        {
            _known[(passed.Path, copy.Offset)] = found;
        }

        return found;
    }

    /// <summary>The file that an entry was copied from; null when this one is the earliest that is left.</summary>
    private (OpiFile File, IndexedEntry Entry)? Before(
        OpiFile at, IndexedEntry entry, ref string origin, OpiLines lines, CancellationToken cancellation)
    {
        if (
            _first.TryGetValue(at.Id, out OpiFile? first)
                && first.Path != at.Path
                && Load(first.Path, cancellation) is { } same
                && same.Find(entry) is { } known)
        {
            return (first, known); // another file of the same session
        }

        if (at.Header.ParentSession is not { } parent)
        {
            return null;
        }

        DateTimeOffset? written = WireTime.Parse(entry.Timestamp);
        bool isOlder = written < at.Header.CreatedAt;
        if (FindParent(at, parent, cancellation) is { } source)
        {
            // Within the second of the fork both sessions may have gone on, each with an entry of the same id.
            return source.Find(entry) is { } original && (isOlder || lines.AreSame(at.Path, entry, source.File.Path, original))
                ? (source.File, original)
                : null;
        }

        if (written > at.Header.CreatedAt)
        {
            return null;
        }

        foreach (OpiFile relative in RelativesOf(at, lines, cancellation))
        {
            // Two forks of one parent have what is older than both from it.
            bool isShared = isOlder && relative.Header.ParentSession == parent && written < relative.Header.CreatedAt;
            if (
                Load(relative.Path, cancellation)?.Find(entry) is { } original
                    && (isShared || lines.AreSame(at.Path, entry, relative.Path, original)))
            {
                return (relative, original);
            }
        }

        origin = written is null ? origin : parent;
        return null;
    }

    private OpiEntries? FindParent(OpiFile fork, string parent, CancellationToken cancellation)
    {
        if (_first.TryGetValue(parent, out OpiFile? known))
        {
            return Load(known.Path, cancellation);
        }

        string? path = SessionStore.IsId(parent) ? Path.Combine(Path.GetDirectoryName(fork.Path)!, parent + SessionStore.Extension) : null;
        return path is not null && File.Exists(path) && Load(path, cancellation) is { } entries && entries.File.Id == parent ? entries : null;
    }

    /// <summary>The older files that begin with the same entry, the oldest first: they have one ancestor with this one.</summary>
    private IEnumerable<OpiFile> RelativesOf(OpiFile file, OpiLines lines, CancellationToken cancellation)
    {
        if (file.First is null)
        {
            yield break;
        }

        NoteFolder(Path.GetDirectoryName(file.Path)!, cancellation);
        _byFirst ??= _files.Order(Comparer<OpiFile>.Create(OpiFile.CompareByAge)).ToLookup(BeginningOf);
        foreach (OpiFile other in _byFirst[BeginningOf(file)].TakeWhile(other => OpiFile.CompareByAge(other, file) < 0))
        {
            if (other.Header.ParentSession == file.Header.ParentSession || IsRelative(file, other, lines))
            {
                yield return other;
            }
        }
    }

    private static (string, string, int)? BeginningOf(OpiFile file) => file.First is { } first ? (first.Id, first.Timestamp, first.Length) : null;

    private bool IsRelative(OpiFile file, OpiFile other, OpiLines lines)
    {
        if (!_relatives.TryGetValue((file.Path, other.Path), out bool isOne))
        {
            _relatives.Add((file.Path, other.Path), isOne = lines.AreSame(file.Path, file.First!, other.Path, other.First!));
        }

        return isOne;
    }

    /// <summary>Notes the heads of those files of a folder that were not named.</summary>
    private void NoteFolder(string folder, CancellationToken cancellation)
    {
        if (!_folders.Add(folder))
        {
            return;
        }

        FileInfo[] files;
        try
        {
            files = [.. new SessionStore(folder).Files().Where(file => !_paths.Contains(file.FullName))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _findings.Add(new UsageFinding(folder, UsageSource.Opi, error.Message.TrimEnd('.')) { Error = error, IsAside = true });
            return;
        }

        foreach (FileInfo file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Note(OpiFile.ReadHead(file.FullName));
            }
            catch (OpiException error)
            {
                AddFailure(file.FullName, error);
            }
        }
    }

    private void Note(OpiFile file)
    {
        _paths.Add(file.Path);
        _files.Add(file with { IdlePrompts = [] });
        _byFirst = null;
    }

    private OpiEntries? Load(string path, CancellationToken cancellation)
    {
        if (_entries.TryGetValue(path, out OpiEntries? known))
        {
            return known;
        }

        try
        {
            return _entries[path] = OpiEntries.Read(path, cancellation);
        }
        catch (OpiException error)
        {
            AddFailure(path, error);
            return null;
        }
    }

    private void AddFailure(string path, OpiException error)
    {
        AddUnread(path);
        _findings.Add(new UsageFinding(path, UsageSource.Opi, error.Message.TrimEnd('.')) { Error = error, IsAside = true });
    }
}
