using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Reads entries of a session file from any of its lines on.</summary>
/// <param name="file">The file.</param>
/// <param name="path">Its path.</param>
/// <param name="version">Its format version.</param>
internal sealed class SessionLines(SafeFileHandle file, string path, int version)
{
    private const int ChunkSize = 1 << 14;

    /// <summary>The entries from a place on, up to the end of the file.</summary>
    /// <param name="offset">Where a line begins, in bytes.</param>
    /// <param name="line">Its number; 1 is the header, which is passed over.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="WireException">A line is not an entry.</exception>
    public IEnumerable<IndexedEntry> From(long offset, long line)
    {
        var shared = new SessionIndexer.SharedTexts();
        using var lines = new LineReader(file, offset, ChunkSize);
        for (long number = line; lines.Next(); number++)
        {
            if (number > 1 && !SessionIndexer.IsBlank(lines.Line))
            {
                yield return SessionIndexer.Describe(lines.Line, version, number, lines.Offset, afterFault: false, ref shared);
            }
        }
    }

    /// <summary>The entry of a line.</summary>
    /// <exception cref="IOException">There is no such line.</exception>
    /// <exception cref="WireException">It is not an entry.</exception>
    public IndexedEntry At(LinePlace place) =>
        From(place.Offset, place.Line).FirstOrDefault() is { } entry && LinePlace.Of(entry) == place
            ? entry
            : throw new IOException("the line has another length");

    /// <summary>The same for those who know the line from an index.</summary>
    /// <exception cref="InvalidSessionFileException">The line has changed.</exception>
    public IndexedEntry ReadAt(LinePlace place)
    {
        try
        {
            return At(place);
        }
        catch (Exception error) when (error is IOException or WireException)
        {
            throw InvalidSessionFileException.Changed(path, place.Line, error);
        }
    }

    /// <summary>What an entry says.</summary>
    /// <exception cref="InvalidSessionFileException">The line has changed.</exception>
    public SessionEntry Read(IndexedEntry entry) => SessionReader.ReadEntry(file, path, version, entry);
}
