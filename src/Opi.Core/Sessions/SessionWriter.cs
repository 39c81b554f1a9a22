using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Appends to a session file: the only writer there is (<see cref="SessionLock"/>), and each batch whole or not at all. A batch is one
/// write and, for <see cref="Durability.Flush"/>, one flush. Where a write fails, the file is cut back to what it was.
/// </summary>
internal sealed class SessionWriter : IDisposable
{
    private const int MaxCompared = 4096;

    private readonly FileLock _lock;
    private readonly int _version;
    private readonly Durability _durability;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly FileInfo _named; // the file that the path names now, as opposed to the one that is open
    private SafeFileHandle _file;
    private bool _stale;   // after a failure: open the file anew before the next batch
    private bool _faulted; // a flush failed, and nobody knows what the disk holds

    private SessionWriter(string path, FileLock held, SafeFileHandle file, int version, Durability durability)
    {
        _version = version;
        Path = path;
        _lock = held;
        _file = file;
        _durability = durability;
        _named = new FileInfo(SessionLock.TargetOf(path)); // of a link the length would be its own
        _json = SerdeJson.CreateWriter(_buffer);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many bytes the file has: where the next batch goes.</summary>
    public long Length { get; private set; }

    /// <summary>The number of the last line.</summary>
    public long Lines { get; private set; }

    /// <summary>Creates a session file with its header. An existing file is never touched.</summary>
    /// <exception cref="IOException">The file exists (<see cref="File.Exists(string)"/> tells), or cannot be created.</exception>
    public static SessionWriter Create(string path, SessionHeader header, Durability durability)
    {
        FileLock held = SessionLock.Acquire(path);
        SafeFileHandle? file = null;
        try
        {
            // The stream is only the way to give a mode; it is left to its handle.
            file = OwnerOnlyFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).SafeFileHandle;
            var writer = new SessionWriter(path, held, file, header.Version, durability);
            writer.WriteHeader(header);
            return writer;
        }
        catch
        {
            file?.Dispose();
            if (!File.Exists(path))
            {
                held.Delete(); // no session, so nobody waits for its lock
            }

            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens a session file for appending: takes the lock, indexes the file, and mends its end.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Somebody else has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    public static (SessionWriter Writer, SessionIndex Index) Open(
        string path, Durability durability, CancellationToken cancellation)
    {
        // Look before the lock is taken, so that a wrong path leaves no lock file.
        SessionReader.OpenHandle(path).Dispose();
        FileLock held = SessionLock.Acquire(path);
        SafeFileHandle? file = null;
        try
        {
            file = OpenToAppend(path);
            SessionIndex index = SessionIndexer.Index(file, path, cancellation);
            var writer = new SessionWriter(path, held, file, index.Header.Version, durability) { Length = index.Length, Lines = index.Lines };
            writer.MendEnd(index.Recovery);
            return (writer, index);
        }
        catch (Exception error)
        {
            file?.Dispose();
            held.Dispose();
            throw error is IOException or UnauthorizedAccessException ? new SessionWriteException(path, error.Message, error) : error;
        }
    }

    /// <summary>Appends entries, all or none.</summary>
    /// <returns>The records of the entries for the index.</returns>
    /// <exception cref="InvalidEntryException">An entry could not be read again; nothing was appended.</exception>
    /// <exception cref="SessionWriteException">Nothing was appended.</exception>
    public IReadOnlyList<IndexedEntry> Append(IReadOnlyList<SessionEntry> entries)
    {
        _buffer.ResetWrittenCount();
        var records = new List<IndexedEntry>(entries.Count);
        var shared = new SessionIndexer.SharedTexts();
        foreach (SessionEntry entry in entries)
        {
            int start = _buffer.WrittenCount;
            Serialise(entry);
            records.Add(Describe(_buffer.WrittenSpan[start..], Lines + records.Count + 1, Length + start, ref shared));
            EndLine();
        }

        WriteBatch();
        Lines += records.Count;
        return records;
    }

    /// <summary>Reads an entry's content.</summary>
    public SessionEntry Read(IndexedEntry entry) => SessionReader.ReadEntry(_file, Path, _version, entry);

    /// <summary>Flushes what <see cref="Durability.Buffered"/> left, closes the file and gives up the lock.</summary>
    public void Dispose()
    {
        try
        {
            if (_durability == Durability.Buffered && !_faulted && !_file.IsClosed)
            {
                NativeFile.Flush(_file);
                NativeFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
            }
        }
        catch (IOException error)
        {
            throw new SessionWriteException(
                Path, $"the disk failed while the session was closed: {error.Message}. Its last turns may be lost if the machine stops.", error);
        }
        finally
        {
            _json.Dispose();
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private static SafeFileHandle OpenToAppend(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SessionWriteException(path, $"the file cannot be written to: {error.Message}", error);
        }
    }

    private void WriteHeader(SessionHeader header)
    {
        try
        {
            SessionHeader.Write(_json, header);
            _json.Flush();
            EndLine();
            RandomAccess.Write(_file, _buffer.WrittenSpan, 0);
            if (_durability == Durability.Flush)
            {
                NativeFile.Flush(_file);
                NativeFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
            }

            Length = _buffer.WrittenCount;
            Lines = 1;
        }
        catch
        {
            File.Delete(Path); // ours, just created: without its header it is no session
            throw;
        }
    }

    private void Serialise(SessionEntry entry)
    {
        _json.Reset(_buffer);
        try
        {
            LineWire.Write(_json, entry, _version);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or JsonException)
        {
            throw new InvalidEntryException(Path, error.Message, error);
        }

        _json.Flush();
    }

    /// <summary>Reads the line as every later reader will: what is acknowledged can be read again.</summary>
    private IndexedEntry Describe(ReadOnlySpan<byte> line, long number, long offset, ref SessionIndexer.SharedTexts shared)
    {
        try
        {
            return SessionIndexer.Describe(line, _version, number, offset, afterFault: false, ref shared);
        }
        catch (WireException fault)
        {
            throw new InvalidEntryException(Path, fault.Message, fault);
        }
    }

    private void EndLine()
    {
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
    }

    /// <summary>Cuts a torn last line off, after saving it beside the file, or gives a whole last line its LF.</summary>
    private void MendEnd(SessionRecovery recovery)
    {
        if (recovery.TornTailOffset is { } tornAt)
        {
            TornTail.Save(Path, tornAt);
            RandomAccess.SetLength(_file, tornAt);
            Length = tornAt;
        }
        else if (recovery.MissingNewline)
        {
            RandomAccess.Write(_file, "\n"u8, Length);
            Length++;
        }
        else
        {
            return;
        }

        NativeFile.Flush(_file);
    }

    private void WriteBatch()
    {
        if (_faulted)
        {
            throw new SessionWriteException(
                Path,
                "an earlier flush to disk failed, so what the disk holds is not known. Close the session and open it again with Resume-OpiSession.");
        }

        try
        {
            if (_stale)
            {
                Reopen();
            }

            CheckFile();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _stale = true;
            throw new SessionWriteException(Path, error.Message, error);
        }

        try
        {
            RandomAccess.Write(_file, _buffer.WrittenSpan, Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) // the last for EFBIG
        {
            throw Undo(error.Message, error);
        }

        long length = Length + _buffer.WrittenCount;
        if (_durability == Durability.Flush)
        {
            try
            {
                NativeFile.Flush(_file);
            }
            catch (IOException error)
            {
                _faulted = true;
                throw Undo($"{error.Message}. Close the session and open it again with Resume-OpiSession.", error);
            }
        }

        // If the name has come to mean another file, the bytes went into one that nobody will find.
        _named.Refresh();
        if (!_named.Exists || _named.Length != length)
        {
            throw Undo("the file was deleted or replaced while the session was open. Put it back and try again.", null);
        }

        Length = length;
    }

    /// <summary>Asserts that the file is there, is ours to write, and has the length that we left it with.</summary>
    private void CheckFile()
    {
        _named.Refresh();
        if (!_named.Exists)
        {
            throw new IOException("the file was deleted while the session was open. Put it back and try again.");
        }

        if (_named.IsReadOnly)
        {
            throw new IOException("the file is read-only. Make it writable and try again.");
        }

        long found = RandomAccess.GetLength(_file);
        if (found != Length || _named.Length != Length)
        {
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"the file has {Math.Max(found, _named.Length)} bytes where this session left {Length}: another program changed it. Close the "
                    + $"session and open it again with Resume-OpiSession."));
        }
    }

    /// <summary>Opens the file that has the name now; it may have been put back.</summary>
    private void Reopen()
    {
        SafeFileHandle file = OpenToAppend(Path);
        if (!EndsAsOurs(file))
        {
            file.Dispose();
            throw new IOException("another file has its name now. Put the session's file back and try again.");
        }

        _file.Dispose();
        _file = file;
        _stale = false;
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
    /// Cuts the file back to what it was before the batch, which is safe because nobody else writes, and gives the error to throw.
    /// </summary>
    private SessionWriteException Undo(string reason, Exception? cause)
    {
        _stale = true;
        try
        {
            RandomAccess.SetLength(_file, Length);
            NativeFile.Flush(_file);
            return new SessionWriteException(Path, reason, cause);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _faulted = true;
            return SessionWriteException.NotUndone(Path, reason, error);
        }
    }
}
