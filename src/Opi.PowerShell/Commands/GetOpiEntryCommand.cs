using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the entries of a session.</summary>
[Cmdlet(VerbsCommon.Get, "OpiEntry", DefaultParameterSetName = "Last")]
[OutputType(typeof(OpiEntry))]
public sealed class GetOpiEntryCommand : SessionCmdlet
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<(string Path, string EntryId)> _given = []; // several hits of a search may be in one entry
    private string? _path; // of the session that these two read
    private KnownSession? _known;
    private SessionReader? _reader;
    private ForeignSession? _foreign;
    private ILookup<string, OpiEntry>? _foreignEntries;

    /// <summary>Only the entries with these ids, in this order, for example those that a search found.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EntryIds]
    [ArgumentCompleter(typeof(EntryCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? EntryId { get; set; }

    /// <summary>Only entries of these types.</summary>
    [Parameter]
    [Names<EntryType>]
    public EntryType[]? Type { get; set; }

    /// <summary>Only the first ones.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "First")]
    [Count("number of entries")]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Only the last ones.</summary>
    [Parameter(ParameterSetName = "Last")]
    [Count("number of entries")]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    /// <summary>Waits for new entries until it is stopped.</summary>
    [Parameter(ParameterSetName = "Last")]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (Session.Foreign is { } foreign)
        {
            WriteForeign(foreign);
            return;
        }

        if (EntryId is not null)
        {
            WriteNamed(EntryId);
            return;
        }

        if (!Wait && FindOpen(Session, Folder) is { } open)
        {
            Write(open.ReadEntries(Type, FirstWanted, LastWanted));
            return;
        }

        SessionFollower? follower = WriteStored();
        while (follower is not null)
        {
            Cancellation.WaitHandle.WaitOne(PollInterval);
            Cancellation.ThrowIfCancellationRequested();
            Write(follower.ReadAdded().Where(entry => Type is null || Type.Contains(entry.Type)));
        }
    });

    private int? FirstWanted => ParameterSetName == "First" ? First : null;

    private int? LastWanted => ParameterSetName == "Last" && Last >= 0 ? Last : null;

    /// <summary>
    /// Writes the entries of the ids that were asked for. One that is not there is an error, and the next ones go on. The next hit of a search
    /// is mostly in the same session, which stays open for it.
    /// </summary>
    private void WriteNamed(string[] ids)
    {
        OpiSession? open = FindOpen(Session, Folder);
        string path = open?.Path ?? PathOf(Session, Folder);
        if (open is null && (_path != path || !MyInvocation.ExpectingInput))
        {
            CloseFiles();
            _known = KnownSession.TryOpen(path);
            _path = path;
        }

        var entries = new List<OpiEntry>();
        foreach (string id in ids)
        {
            ForItem(
                () =>
                {
                    OpiEntry entry = open?.ReadEntry(id) ?? _known?.FindEntry(id) ?? (_reader ??= OpenReader(path)).ReadEntry(id);
                    if (IsNew(path, id))
                    {
                        entries.Add(entry);
                    }
                },
                id);
        }

        Write(Choose(entries));
    }

    /// <summary>Writes entries of another agent's session, in Opi's form.</summary>
    private void WriteForeign(ForeignSession foreign)
    {
        if (_foreign != foreign)
        {
            _foreignEntries = foreign.Read(Cancellation).ToEntries();
            _foreign = foreign;
        }

        if (EntryId is null)
        {
            Write(Choose([.. _foreignEntries!.SelectMany(entries => entries)]));
            return;
        }

        foreach (string id in EntryId)
        {
            OpiEntry[] found = [.. _foreignEntries![id]];
            if (found.Length == 0)
            {
                string[] near = [.. _foreignEntries!.Select(entries => entries.Key).Take(3)];
                WriteError(new EntryNotFoundException(foreign.SessionId ?? foreign.Path, id, near, "entry").ToErrorRecord(id));
            }
            else if (IsNew(foreign.Path, id))
            {
                Write(Choose(found));
            }
        }
    }

    /// <summary>Whether an entry was not given yet, where many come by the pipe: an id that was typed twice is given twice.</summary>
    private bool IsNew(string path, string id) => _given.Add((path, id)) || !MyInvocation.ExpectingInput;

    private IEnumerable<OpiEntry> Choose(IReadOnlyList<OpiEntry> entries)
    {
        IEnumerable<OpiEntry> wanted = entries.Where(entry => Type is null || Type.Contains(entry.Type));
        return FirstWanted is { } first ? wanted.Take(first) : LastWanted is { } last ? wanted.TakeLast(last) : wanted;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseFiles();
        }

        base.Dispose(disposing);
    }

    private void CloseFiles()
    {
        _known?.Dispose();
        _reader?.Dispose();
        (_path, _known, _reader) = (null, null, null);
    }

    private void Write(IEnumerable<OpiEntry> entries)
    {
        foreach (OpiEntry entry in entries)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(entry);
        }
    }

    /// <summary>Writes the entries that the file has.</summary>
    /// <returns>What follows it from there, where that is wanted.</returns>
    private SessionFollower? WriteStored()
    {
        string path = PathOf(Session, Folder);
        using KnownSession? known = KnownSession.TryOpen(path);
        if (known is not null)
        {
            SessionFollower? behind = Wait ? known.Follow(Cancellation) : null;
            Write(known.ReadEntries(Type, FirstWanted, LastWanted, Cancellation));
            return behind;
        }

        using SessionReader reader = OpenReader(path);
        SessionFollower? follower = Wait ? new SessionFollower(reader, Cancellation) : null;
        IEnumerable<IndexedEntry> entries = reader.Entries.Where(entry => Type is null || Type.Contains(entry.Type));
        entries = FirstWanted is { } first ? entries.Take(first)
            : LastWanted is { } last ? entries.TakeLast(last)
            : entries;
        Write(reader.ReadEntries(entries));
        return follower;
    }
}
