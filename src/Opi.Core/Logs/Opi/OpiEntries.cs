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
    /// <exception cref="OpiException">The file is not a session, or cannot be read.</exception>
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
            throw new InvalidSessionFileException(path, 1, "it cannot be read: " + error.Message, error);
        }
    }

    /// <summary>The entry of the same id and second; null where the file has none.</summary>
    public IndexedEntry? Find(IndexedEntry entry) => _entries.GetValueOrDefault((entry.Id, entry.Timestamp));

    /// <summary>Whether the lines of two entries are the same, byte for byte.</summary>
    public static bool AreSame(string leftPath, IndexedEntry left, string rightPath, IndexedEntry right) =>
        left.Length == right.Length && LineOf(leftPath, left).AsSpan().SequenceEqual(LineOf(rightPath, right));

    private static byte[] LineOf(string path, IndexedEntry entry)
    {
        using SafeFileHandle file = SessionReader.OpenHandle(path);
        byte[] line = new byte[entry.Length];
        int filled = 0;
        int read;
        while (filled < line.Length && (read = RandomAccess.Read(file, line.AsSpan(filled), entry.Offset + filled)) > 0)
        {
            filled += read;
        }

        return line[..filled];
    }
}
