using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Compares lines of Opi's sessions. The files stay open between comparisons, because a fork and its parent are compared line after
/// line.
/// </summary>
internal sealed class OpiLines : IDisposable
{
    private const int MaxOpen = 16;

    private readonly Dictionary<string, SafeFileHandle> _files = new(StringComparer.Ordinal);

    /// <summary>How many lines were read.</summary>
    public long LinesRead { get; private set; }

    /// <summary>How often a file was opened.</summary>
    public long FilesOpened { get; private set; }

    /// <summary>Whether the lines of two entries are the same, byte for byte.</summary>
    public bool AreSame(string leftPath, IndexedEntry left, string rightPath, IndexedEntry right) =>
        left.Length == right.Length && LineOf(leftPath, left).AsSpan().SequenceEqual(LineOf(rightPath, right));

    /// <summary>Closes the files; a later comparison opens them again.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values)
        {
            file.Dispose();
        }

        _files.Clear();
    }

    private byte[] LineOf(string path, IndexedEntry entry)
    {
        SafeFileHandle file = Open(path);
        LinesRead++;
        byte[] line = new byte[entry.Length];
        int filled = 0;
        int read;
        while (filled < line.Length && (read = RandomAccess.Read(file, line.AsSpan(filled), entry.Offset + filled)) > 0)
        {
            filled += read;
        }

        return line[..filled];
    }

    private SafeFileHandle Open(string path)
    {
        if (_files.TryGetValue(path, out SafeFileHandle? known))
        {
            return known;
        }

        if (_files.Count == MaxOpen)
        {
            Dispose();
        }

        FilesOpened++;
        return _files[path] = SessionReader.OpenHandle(path);
    }
}
