using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Opi;

internal sealed partial class SessionWriter
{
    /// <summary>Cuts a torn last line off, after saving it to another file, or gives a whole last line its LF.</summary>
    private void MendEnd(SessionRecovery recovery)
    {
        if (recovery.TornTailOffset is { } tornAt)
        {
            TornTail.Save(_target, tornAt, _time);
            RemoveEnd(tornAt, tornAt + recovery.TornTailBytes, blank: false);
        }
        else if (recovery.MissingNewline)
        {
            FileSizeLimit.Write(_file, "\n"u8, Length);
            Length++;
        }
        else
        {
            return;
        }

        NativeFile.Flush(_file);
    }

    /// <summary>
    /// Looks for the batch where another program wrote at the same moment. If it is there whole, the turn is done, and the session is not
    /// used further: its memory lacks what the other program added.
    /// </summary>
    private long FindBatch(long length)
    {
        _fault = Foreign(length);
        byte[] tail = new byte[Math.Max(0, length - Math.Max(0, Length - 1))];
        int read = RandomAccess.Read(_file, tail, length - tail.Length);
        ReadOnlySpan<byte> batch = _buffer.Span;
        int place = tail.AsSpan(0, read).LastIndexOf(batch);
        if (place > 0 && tail[place - 1] == (byte)'\n')
        {
            return length - tail.Length + place;
        }

        throw new SessionWriteException(
            Path,
            $"another program wrote to the file at the same moment, and the {batch.Length} bytes of this turn are not where they should be. "
                + "Nothing was cut off. Close the session, look at the file, and open it again.") { HasToReopen = true };
    }

    private string Foreign(long length) => string.Create(
        CultureInfo.InvariantCulture,
        $"the file has {length} bytes where this session left {Length}: another program changed it. Close the session "
            + $"and open it again.");

    /// <summary>Asserts that the file is there, is ours to write, and has the length that we left it with.</summary>
    private void CheckFile()
    {
        if (FileIdentity.Of(_target) is not { } named || FileIdentity.IsGoing(_file))
        {
            throw new IOException("the file was deleted while the session was open. Put it back and try again.");
        }

        if (!named.IsSameAs(_identity))
        {
            throw new IOException("another file has its name now. Put the session's file back and try again.");
        }

        if (named.IsReadOnly)
        {
            throw new IOException("the file is read-only. Make it writable and try again.");
        }

        if (named.Length != Length)
        {
            throw new ChangedFileException(Foreign(named.Length));
        }
    }

    /// <summary>Opens the file that has the name now; it may have been put back.</summary>
    private void Reopen()
    {
        if (FileIdentity.Of(_target) is { } named && named.IsSameAs(_identity))
        {
            _stale = false;
            return;
        }

        SafeFileHandle file = OpenToAppend(Path);
        FileClaim? claim = null;
        try
        {
            claim = SessionLock.Claim(file, Path, _withoutLocks);
            if (!EndsAsOurs(file))
            {
                throw new IOException("another file has its name now. Put the session's file back and try again.");
            }

            FileIdentity identity = FileIdentity.Of(file);
            _claim.Dispose();
            _file.Dispose();
            (_file, _identity, _claim, _stale) = (file, identity, claim, false);
        }
        catch
        {
            claim?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file has what ours has at its end. The one that is open can be read even when its name is gone.</summary>
    private bool EndsAsOurs(SafeFileHandle file)
    {
        byte[] ours = new byte[Math.Min(Length, MaxCompared)];
        byte[] other = new byte[ours.Length];
        return RandomAccess.Read(_file, ours, Length - ours.Length) < ours.Length // it was emptied: there is nothing to compare with
            || (RandomAccess.Read(file, other, Length - other.Length) == other.Length && ours.AsSpan().SequenceEqual(other));
    }

    /// <summary>
    /// Cuts the file back to what it was before the batch, and gives the error to throw. Only what this batch wrote is cut off: where
    /// anything else is after the recorded end, the file is left as it is and the session faults.
    /// </summary>
    private SessionWriteException Undo(string reason, Exception? cause)
    {
        _stale = true;
        try
        {
            long found = RandomAccess.GetLength(_file);
            if (found < Length)
            {
                _fault = Foreign(found);
                return new SessionWriteException(Path, $"{reason} And {_fault}", cause) { HasToReopen = true };
            }

            if (found > Length)
            {
                if (!EndsWithBatch(found))
                {
                    _fault = Foreign(found);
                    return SessionWriteException.Kept(Path, reason, Length, found, cause);
                }

                RemoveEnd(Length, found, blank: true);
                NativeFile.Flush(_file);
            }

            return new SessionWriteException(Path, reason, cause) { HasToReopen = _fault is not null };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _fault ??= "an earlier turn could not be taken back, so what the file holds is not known. Close the session and open it again.";
            return SessionWriteException.NotUndone(Path, reason, error);
        }
    }

    private void RemoveEnd(long start, long end, bool blank)
    {
        Length = FileEnd.Remove(_file, _target, start, end, blank);
        Lines += Length == end ? 1 : 0; // an empty line is there
    }

    /// <summary>Whether only the batch, or the beginning of it, is between the recorded end and the file's end.</summary>
    private bool EndsWithBatch(long found)
    {
        if (found - Length > _buffer.Length)
        {
            return false;
        }

        byte[] written = new byte[found - Length];
        return RandomAccess.Read(_file, written, Length) == written.Length
            && _buffer.Span[..written.Length].SequenceEqual(written)
            && RandomAccess.GetLength(_file) == found;
    }
}
