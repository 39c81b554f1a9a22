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

    /// <summary>Goes on with the entries that are added, until it is stopped.</summary>
    [Parameter(ParameterSetName = "Last")]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(() =>
    {
        string path = PathOf(Session, Folder);
        long read = WriteEntries(path);
        while (Wait)
        {
            Cancellation.WaitHandle.WaitOne(PollInterval);
            Cancellation.ThrowIfCancellationRequested();
            if (new FileInfo(path) is { Exists: true } file && file.Length != read)
            {
                read = WriteEntries(path, after: read);
            }
        }
    });

    /// <summary>Writes the entries that begin at an offset or behind it.</summary>
    /// <returns>How many bytes of whole lines the file has.</returns>
    private long WriteEntries(string path, long after = 0)
    {
        using SessionReader reader = SessionReader.Open(path, Cancellation);
        if (after == 0 && !reader.Recovery.IsClean)
        {
            WriteWarning($"Session '{reader.Header.Id}': {reader.Recovery}.");
        }

        var active = new HashSet<IndexedEntry>(reader.Tree.ActiveBranch);
        IEnumerable<IndexedEntry> entries = reader.Entries.Where(entry => entry.Offset >= after && (Type is null || Type.Contains(entry.Type)));
        entries = ParameterSetName == "First" ? entries.Take(First)
            : Last >= 0 && after == 0 ? entries.TakeLast(Last)
            : entries;
        foreach (IndexedEntry entry in entries)
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(OpiEntry.Create(reader.Header.Id, reader.Read(entry), active.Contains(entry)));
        }

        return reader.Recovery.TornTailOffset ?? reader.Length;
    }
}
