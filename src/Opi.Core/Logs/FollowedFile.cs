using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A file that is followed: what was read of it, and how it was then.</summary>
internal sealed class FollowedFile
{
    /// <summary>How much longer a database is left alone than reading it takes: it is read a tenth of the time at most.</summary>
    private const int Patience = 9;

    /// <summary>How many of the last bytes that were read are kept, to know the file again: several lines, with their ids and times.</summary>
    private const int EndLength = 4096;

    private string? _state;
    private byte[] _end = [];
    private long _readAt;
    private TimeSpan _took;

    /// <summary>What was read of it; null before that.</summary>
    public LogPart? Part { get; private set; }

    /// <summary>The part to read when the file is new or was written to; null when nothing changed.</summary>
    /// <param name="now">How it is now.</param>
    /// <param name="time">The clock.</param>
    public LogPart? Change(LogFile now, TimeProvider time)
    {
        string state = StateOf(now);
        bool isRested = Part?.File.IsDatabase != true || time.GetElapsedTime(_readAt) >= _took * (Patience + 1);
        if (state == _state || !isRested)
        {
            return null;
        }

        _state = state;
        _readAt = time.GetTimestamp();
        if (Part is { Reader: not null } known && now.Length >= known.Start && !now.IsDisputed && EndAt(known).AsSpan().SequenceEqual(_end))
        {
            (known.File.Length, known.File.LastWrite) = (now.Length, now.LastWrite);
            return known;
        }

        now.Log ??= Part?.File.Log;
        return Part = new LogPart(now, 0, long.MaxValue) { IsFollowed = true };
    }

    /// <summary>Notes that it was read.</summary>
    public void NoteRead(LogPart part, TimeProvider time)
    {
        Part = part;
        _end = part.Reader is null ? [] : EndAt(part);
        _took = time.GetElapsedTime(_readAt);
    }

    /// <summary>
    /// The bytes before the place that was read to. A file that was replaced, or emptied and written anew, has others there; none where it cannot be
    /// read, as reading it will say.
    /// </summary>
    private static byte[] EndAt(LogPart part)
    {
        int length = (int)Math.Min(EndLength, part.Start);
        byte[] bytes = new byte[length];
        try
        {
            using SafeFileHandle file = RegularFile.Open(part.File.Path);
            return RandomAccess.Read(file, bytes, part.Start - length) == length ? bytes : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What shows whether it was written to.</summary>
    private static string StateOf(LogFile file)
    {
        string state = string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWrite.Ticks}");
        foreach (FileInfo beside in DatabaseFile.FilesBeside(file.Path))
        {
            state += string.Create(CultureInfo.InvariantCulture, $" {beside.Name} {beside.Length} {beside.LastWriteTimeUtc.Ticks}");
        }

        return state;
    }
}
