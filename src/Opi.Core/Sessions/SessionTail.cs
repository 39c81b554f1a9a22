using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Finds the last message of a session from the end of its file, without reading the rest.</summary>
internal static class SessionTail
{
    private const int FirstSize = 64 * 1024;
    private const int Growth = 8;

    /// <summary>When the last message was written: the lowest time if it has none; null when there is no message.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file, or cannot be read.</exception>
    public static DateTimeOffset? ReadLastTurnTime(string path, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = SessionReader.OpenHandle(path);
        try
        {
            using var lines = new LineReader(file, 0, FirstSize);
            SessionHeader header = SessionIndexer.ReadHeader(lines, path);
            long start = lines.NextOffset;
            long end = RandomAccess.GetLength(file);
            for (long size = FirstSize; ; size *= Growth)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long from = Math.Max(start, end - size);
                IndexedEntry? last = LastMessage(file, header.Version, from, isWhole: from == start);
                if (last is not null)
                {
                    return WireTime.Parse(last.Timestamp) ?? DateTimeOffset.MinValue;
                }

                if (from == start)
                {
                    return null;
                }
            }
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    /// <summary>The last message of the lines behind a place, which may be in the midst of one.</summary>
    private static IndexedEntry? LastMessage(SafeFileHandle file, int version, long from, bool isWhole)
    {
        using var lines = new LineReader(file, from, FirstSize);
        var shared = new SessionIndexer.SharedTexts();
        IndexedEntry? last = null;
        bool isFirst = !isWhole;
        while (lines.Next())
        {
            if (!isFirst && lines.Line.IndexOf("\"message\""u8) >= 0)
            {
                last = TryDescribe(lines, version, ref shared) is { Type: EntryType.Message } message ? message : last;
            }

            isFirst = false;
        }

        return last;
    }

    private static IndexedEntry? TryDescribe(LineReader lines, int version, ref SessionIndexer.SharedTexts shared)
    {
        try
        {
            return SessionIndexer.Describe(lines.Line, version, 0, lines.Offset, afterFault: false, ref shared);
        }
        catch (WireException)
        {
            return null; // a damaged line says nothing of a turn; the one before it does
        }
    }
}
