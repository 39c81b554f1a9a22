using System.Management.Automation;

namespace Opi.PowerShell.Commands;

/// <summary>Gives the entries of a session.</summary>
[Cmdlet(VerbsCommon.Get, "OpiEntry", DefaultParameterSetName = "Last")]
[OutputType(typeof(OpiEntry))]
public sealed class GetOpiEntryCommand : SessionCmdlet
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

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

    /// <summary>Only the entries of these ids, in this order.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "EntryId")]
    [EntryIds]
    [ValidateNotNullOrEmpty]
    public string[] EntryId { get; set; } = [];

    /// <summary>Goes on with the entries that are added, until it is stopped.</summary>
    [Parameter(ParameterSetName = "Last")]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        if (ParameterSetName == "EntryId")
        {
            WriteNamed();
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

    /// <summary>Writes the entries of the ids that were asked for. One that is not there is an error, and the next ones go on.</summary>
    private void WriteNamed()
    {
        OpiSession? open = FindOpen(Session, Folder);
        using SessionReader? reader = open is null ? OpenReader(Session, Folder) : null;
        foreach (string id in EntryId)
        {
            ForItem(
                () =>
                {
                    OpiEntry entry = open is null ? reader!.ReadEntry(id) : open.ReadEntry(id);
                    if (Type is null || Type.Contains(entry.Type))
                    {
                        WriteObject(entry);
                    }
                },
                id);
        }
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
