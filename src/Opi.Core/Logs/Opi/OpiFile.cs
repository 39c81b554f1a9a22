namespace Opi;

/// <summary>What identifies an Opi session's file, and which session it was copied from.</summary>
/// <param name="Path">The file.</param>
/// <param name="Header">Its first line.</param>
/// <param name="First">Its first entry; null when it has none.</param>
internal sealed record OpiFile(string Path, SessionHeader Header, IndexedEntry? First)
{
    private const int HeadSize = 1 << 14;

    /// <summary>The session's id.</summary>
    public string Id => Header.Id;

    /// <summary>The prompts that no model answered in this file, with the numbers of their turns.</summary>
    public IReadOnlyList<(IndexedEntry Prompt, int Turn)> IdlePrompts { get; init; } = [];

    /// <summary>Compares two files by when their sessions were created, then by their paths.</summary>
    public static int CompareByAge(OpiFile left, OpiFile right)
    {
        int order = (left.Header.CreatedAt ?? DateTimeOffset.MaxValue).CompareTo(right.Header.CreatedAt ?? DateTimeOffset.MaxValue);
        return order != 0 ? order : string.CompareOrdinal(left.Path, right.Path);
    }

    /// <summary>Reads the header and the first entry only.</summary>
    /// <exception cref="OpiException">It is not a session file, or cannot be read.</exception>
    public static OpiFile ReadHead(string path)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = SessionReader.OpenHandle(path);
        try
        {
            using var lines = new LineReader(file, 0, HeadSize);
            SessionHeader header = SessionIndexer.ReadHeader(lines, path);
            return new OpiFile(path, header, FirstOf(lines, header.Version));
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    private static IndexedEntry? FirstOf(LineReader lines, int version)
    {
        var shared = new SessionIndexer.SharedTexts();
        for (long number = 2; lines.Next(); number++)
        {
            try
            {
                return SessionIndexer.Describe(lines.Line, version, number, lines.Offset, afterFault: false, ref shared);
            }
            catch (WireException)
            {
                // A blank or damaged line, which the index skips too; reading the whole file reports it.
            }
        }

        return null;
    }
}
