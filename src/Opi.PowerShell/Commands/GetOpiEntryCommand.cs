using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the entries of a session.</summary>
[Cmdlet(VerbsCommon.Get, "OpiEntry", DefaultParameterSetName = "Last")]
[OutputType(typeof(OpiEntry))]
public sealed class GetOpiEntryCommand : SessionCmdlet
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<(string Path, string EntryId)> _given = []; // several hits of a search may be in one entry
    private SessionReader? _reader;
    private ILookup<string, IndexedEntry>? _named;
    private HashSet<IndexedEntry> _active = [];
    private ForeignSession? _foreign;
    private ILookup<string, OpiEntry>? _foreignEntries;

    /// <summary>Only entries of these ids, such as those that Search-OpiSession found.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
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

    /// <summary>Goes on with the entries that are added, until it is stopped.</summary>
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
            int? first = ParameterSetName == "First" ? First : null;
            int? last = ParameterSetName == "Last" && Last >= 0 ? Last : null;
            Write(open.ReadEntries(Type, first, last));
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

    /// <summary>Writes the entries of a session of Opi that are named. The next hit of a search is mostly in the same session.</summary>
    private void WriteNamed(string[] ids)
    {
        string path = PathOf(Session, Folder);
        if (_reader?.Path != path || !MyInvocation.ExpectingInput)
        {
            _reader?.Dispose();
            _reader = null;
            _reader = OpenReader(path);
            _named = _reader.Entries.ToLookup(entry => entry.Id, StringComparer.Ordinal);
            _active = [.. _reader.Tree.ActiveBranch];
        }

        foreach (string id in ids)
        {
            IndexedEntry[] found = [.. _named![id]];
            if (found.Length == 0)
            {
                WriteError(new EntryNotFoundException(_reader.Header.Id, id, _reader.Tree).ToErrorRecord(id));
            }
            else if (_given.Add((_reader.Path, id)) || !MyInvocation.ExpectingInput)
            {
                Write(Choose([.. found.Select(entry => OpiEntry.Create(_reader.Header.Id, _reader.Read(entry), _active.Contains(entry)))]));
            }
        }
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
                WriteError(new EntryNotFoundException(foreign.SessionId ?? foreign.Path, id, near).ToErrorRecord(id));
            }
            else if (_given.Add((foreign.Path, id)))
            {
                Write(Choose(found));
            }
        }
    }

    private IEnumerable<OpiEntry> Choose(IReadOnlyList<OpiEntry> entries)
    {
        IEnumerable<OpiEntry> wanted = entries.Where(entry => Type is null || Type.Contains(entry.Type));
        return ParameterSetName == "First" ? wanted.Take(First) : Last >= 0 ? wanted.TakeLast(Last) : wanted;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader?.Dispose();
        }

        base.Dispose(disposing);
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
        using SessionReader reader = OpenReader(Session, Folder);
        SessionFollower? follower = Wait ? new SessionFollower(reader, Cancellation) : null;
        IEnumerable<IndexedEntry> entries = reader.Entries.Where(entry => Type is null || Type.Contains(entry.Type));
        entries = ParameterSetName == "First" ? entries.Take(First)
            : Last >= 0 ? entries.TakeLast(Last)
            : entries;
        var active = new HashSet<IndexedEntry>(reader.Tree.ActiveBranch);
        Write(entries.Select(entry => OpiEntry.Create(reader.Header.Id, reader.Read(entry), active.Contains(entry))));
        return follower;
    }
}
