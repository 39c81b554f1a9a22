namespace Opi;

/// <summary>
/// A source of usages: where its logs are, how one is read, and which of the responses that were read are the same one. A new source is
/// one class, named in <see cref="UsageScan"/>.
/// </summary>
internal abstract class UsageLog
{
    private static readonly TimeSpan ClockReach = TimeSpan.FromDays(1);

    /// <summary>Whose logs they are.</summary>
    public abstract UsageSource Source { get; }

    /// <summary>The reader of its messages; null if its logs have none, or if they cannot be read yet.</summary>
    public virtual LogMessages? Messages => null;

    /// <summary>The folders where the logs are by default; they need not exist.</summary>
    public abstract IEnumerable<string> Folders();

    /// <summary>The environment variables of which the first one that is set names the folder that <see cref="Folders"/> are in.</summary>
    public virtual IReadOnlyList<string> Variables => [];

    /// <summary>Whether the value of such a variable may be several folders with commas between.</summary>
    public virtual bool NamesSeveral => false;

    /// <summary>The folders that a variable names, which must exist.</summary>
    public IEnumerable<NamedFolder> NamedFolders()
    {
        if (Variables.FirstOrDefault(name => OpiFolders.Variable(name) is not null) is not { } variable)
        {
            return [];
        }

        string value = OpiFolders.Variable(variable)!;
        string[] folders = NamesSeveral ? value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [value];
        return folders.DefaultIfEmpty(value).Select(folder => new NamedFolder(variable, folder));
    }

    /// <summary>The same, and the places that further variables name: folders, or files of <see cref="OwnFiles"/>.</summary>
    public virtual IEnumerable<NamedFolder> NamedPlaces() => NamedFolders();

    /// <summary>What a variable names, if it is set.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="folder">The folder that a relative value starts from; empty for the current one.</param>
    protected static IEnumerable<NamedFolder> Named(string variable, string folder = "") =>
        OpiFolders.Variable(variable) is { } value ? [new NamedFolder(variable, Path.Combine(folder, value))] : [];

    /// <summary>Whether a file of a named folder may be a log, by its path.</summary>
    public abstract bool IsLog(string path);

    /// <summary>The same for a file in one of the source's own folders, where other files may be too.</summary>
    public virtual bool IsOwnLog(string path) => IsLog(path);

    /// <summary>Whether a file in a folder of logs is something else that the agent keeps there. It is skipped in silence.</summary>
    public virtual bool IsByproduct(string path) => false;

    /// <summary>
    /// Whether a response is written when it came or later, with the time at which it came, and copies in other files keep the time. Then no
    /// response is newer than the last write of its file, and a file from before a time says nothing of the responses after it.
    /// </summary>
    public virtual bool GrowsOnly => false;

    /// <summary>
    /// Whether the time of a response, by its key, may change later: for a session that continues, or a message that is written again.
    /// </summary>
    public virtual bool MovesInTime => false;

    /// <summary>
    /// Whether the same holds of its databases, and what other files say of a session does not depend on what its database does.
    /// </summary>
    public virtual bool DatabasesGrowToo => GrowsOnly;

    /// <summary>Whether a file may have responses of the time that is asked for. Clocks of files and of agents may differ by a day.</summary>
    public virtual bool MayHave(LogFile file, UsageQuery query)
    {
        if (!GrowsOnly || query.Since is not { } since || since.UtcDateTime - file.LastWrite <= ClockReach)
        {
            return true;
        }

        return DatabaseFile.IsNamedSo(file.Path) && (!DatabasesGrowToo || !DatabaseFile.WasLeftAlone(file.Path, since.UtcDateTime - ClockReach));
    }

    /// <summary>Whether such a file is what is looked for all the same: it has what was said.</summary>
    public virtual bool TakesByproduct(string path) => false;

    /// <summary>What a line or document shows of whose the file is.</summary>
    public abstract LogMatch Match(LogHead head);

    /// <summary>Whether <see cref="Read"/> itself refuses what is not a log of this source, and says why.</summary>
    public virtual bool RefusesForeign => false;

    /// <summary>From which length on files are read in parts, each on its own; only where no line depends on the ones before it.</summary>
    public virtual long PartSize => long.MaxValue;

    /// <summary>Whether a folder in a folder of logs is searched too.</summary>
    public virtual bool Enters(DirectoryInfo folder) => true;

    /// <summary>Reads the responses of a part into its list. Several parts are read at once.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OpiException">It is not a log of this source.</exception>
    public abstract void Read(LogPart part, CancellationToken cancellation);

    /// <summary>Files of the source outside its folders, such as one that a variable names; they need not exist.</summary>
    public virtual IEnumerable<string> OwnFiles() => [];

    /// <summary>Whether a SQLite database is this source's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tables">The names of its tables.</param>
    public virtual bool OwnsDatabase(string path, IReadOnlySet<string> tables) => false;

    /// <summary>Reads the responses of a database that <see cref="OwnsDatabase"/> took.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public virtual void ReadDatabase(LogPart part, StoreDatabase database, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Source} has no database.");

    /// <summary>
    /// Brings the responses of all parts together, gives each its key, and gives each once. By default those with the same key are the
    /// same, and the copy with the most tokens in the file that began first is taken.
    /// </summary>
    public virtual IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var drafts = new Dictionary<string, UsageDraft>(StringComparer.Ordinal);
        foreach (LogPart part in InOrderOfTime(parts))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (UsageDraft draft in part.Drafts)
            {
                if (!drafts.TryAdd(draft.Key!, draft))
                {
                    drafts[draft.Key!].Absorb(draft);
                }
            }
        }

        return drafts.Values;
    }

    /// <summary>Opens what brings the parts of one scan together.</summary>
    /// <param name="query">What the scan asks for.</param>
    public virtual UsageMerge OpenMerge(UsageQuery query) => new WholeMerge(this);

    /// <summary>
    /// The parts, those of a file beside each other before and after, first those of the file that began first: a copy of it does not begin before
    /// it, and ends later.
    /// </summary>
    internal static IEnumerable<LogPart> InOrderOfTime(IReadOnlyList<LogPart> parts)
    {
        var files = new List<int>(parts.Count); // the place of each file's first part
        for (int start = 0; start < parts.Count; start = EndOfFile(parts, start))
        {
            files.Add(start);
        }

        files.Sort(Compare);
        foreach (int start in files)
        {
            for (int place = start, end = EndOfFile(parts, start); place < end; place++)
            {
                yield return parts[place];
            }
        }

        int Compare(int left, int right) =>
            BeginningOf(left).CompareTo(BeginningOf(right)) is not 0 and int byBeginning ? byBeginning
            : LastOf(left).CompareTo(LastOf(right)) is not 0 and int byEnd ? byEnd
            : string.CompareOrdinal(parts[left].File.Path, parts[right].File.Path);

        DateTimeOffset BeginningOf(int start) => parts[start].File.Began ?? DateTimeOffset.MaxValue;

        DateTimeOffset LastOf(int start) => parts[EndOfFile(parts, start) - 1].LastTime ?? DateTimeOffset.MinValue;
    }

    /// <summary>Behind which place the parts of a file end.</summary>
    /// <param name="parts">Parts, those of a file beside each other.</param>
    /// <param name="start">The place of its first part.</param>
    internal static int EndOfFile(IReadOnlyList<LogPart> parts, int start)
    {
        int end = start + 1;
        while (end < parts.Count && parts[end].File == parts[start].File)
        {
            end++;
        }

        return end;
    }
}
