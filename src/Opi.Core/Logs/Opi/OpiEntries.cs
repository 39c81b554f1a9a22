using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>The entries of an Opi session's file, to find those that a fork copied from it.</summary>
internal sealed class OpiEntries
{
    private readonly Dictionary<(string Id, string Timestamp), IndexedEntry> _entries = [];

    private OpiEntries(OpiFile file, IReadOnlyList<IndexedEntry> entries)
    {
        File = file;
        foreach (IndexedEntry entry in entries)
        {
            _entries.TryAdd((entry.Id, entry.Timestamp), entry);
        }
    }

    /// <summary>The file.</summary>
    public OpiFile File { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="OpiException">It is not a session file, or cannot be read.</exception>
    public static OpiEntries Read(string path, CancellationToken cancellation)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        try
        {
            SessionIndex index = SessionIndexer.Index(handle, path, cancellation);
            return new OpiEntries(new OpiFile(path, index.Header, index.Entries.FirstOrDefault()), index.Entries);
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    /// <summary>The entry with the same id and second; null when there is none.</summary>
    public IndexedEntry? Find(IndexedEntry entry) => _entries.GetValueOrDefault((entry.Id, entry.Timestamp));
}
