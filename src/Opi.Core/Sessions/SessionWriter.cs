using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Appends to a session file, each batch whole or not at all: one write and, for <see cref="Durability.Flush"/>, one flush. It claims the
/// file, so that it is the only writer of Opi's. Programs that take no lock may write all the same: what they wrote is never cut off or
/// written over, and the session faults.
/// </summary>
internal sealed partial class SessionWriter : IDisposable
{
    private const int MaxCompared = 4096;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    private readonly FileLock? _lock; // null on a file system without locks, where that was accepted
    private readonly bool _withoutLocks;
    private readonly int _version;
    private readonly Durability _durability;
    private readonly BatchBuffer _buffer = new();
    private readonly List<IndexedEntry> _written = []; // the records of the lines in the buffer, once they are read back
    private int _staged;     // how many lines the buffer has
    private SessionIndexer.SharedTexts _shared = new();
    private readonly Utf8JsonWriter _json;
    private readonly string _target; // the file behind a link
    private readonly TimeProvider _time;
    private SafeFileHandle _file;
    private FileIdentity _identity; // which file it is: that stays the same while it is open
    private FileClaim _claim;
    private bool _stale;     // after a failure: reopen the file before the next batch
    private string? _fault;  // why nothing can be added any more

    private SessionWriter(
        string path, FileLock? held, SafeFileHandle file, FileClaim claim, int version, Durability durability, bool withoutLocks, TimeProvider time)
    {
        _time = time;
        _version = version;
        _withoutLocks = withoutLocks;
        Path = path;
        _lock = held;
        _file = file;
        _identity = FileIdentity.Of(file);
        _claim = claim;
        _durability = durability;
        _target = RegularFile.TargetOf(path);
        _json = SerdeJson.CreateWriter(_buffer);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many bytes the file has: where the next batch goes.</summary>
    public long Length { get; private set; }

    /// <summary>The number of the last line.</summary>
    public long Lines { get; private set; }

    /// <summary>Creates a session file with its header. An existing file is never touched.</summary>
    /// <exception cref="IOException">The file exists (check with <see cref="File.Exists(string)"/>), or cannot be created.</exception>
    public static SessionWriter Create(
        string path, SessionHeader header, Durability durability, bool withoutLocks = false, TimeProvider? timeProvider = null)
    {
        FileLock? held = SessionLock.Acquire(path, withoutLocks);
        SafeFileHandle? file = null;
        FileClaim? claim = null;
        bool isNew = false;
        try
        {
            OwnerOnlyFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, ShareOfWriter).Dispose();
            isNew = true;
            file = OpenToAppend(path);
            claim = SessionLock.Claim(file, path, withoutLocks);
            var writer = new SessionWriter(
                path, held, file, claim, header.Version, durability, withoutLocks, timeProvider ?? TimeProvider.System);
            writer.WriteHeader(header);
            return writer;
        }
        catch
        {
            claim?.Dispose();
            file?.Dispose();
            if (isNew)
            {
                NewFile.Discard(path); // without its header it is not a session
            }

            if (!File.Exists(path))
            {
                held?.Delete(); // no session, so no process waits for its lock
            }

            held?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a session file for appending: takes the lock, indexes the file, and repairs its end.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="SessionLockedException">Another writer has it open.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file.</exception>
    /// <exception cref="SessionWriteException">It cannot be written to.</exception>
    public static OpenedSession Open(
        string path, Durability durability, TimeSpan lockTimeout, bool withoutLocks, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(path, durability, withoutLocks, time, cancellationToken);
            }
            catch (SessionLockedException) when (time.GetElapsedTime(start) < lockTimeout)
            {
                cancellationToken.WaitHandle.WaitOne(RetryPause);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static OpenedSession Open(
        string path, Durability durability, bool withoutLocks, TimeProvider time, CancellationToken cancellationToken)
    {
        // Look before the lock is taken, so that a wrong path leaves no lock file.
        SessionReader.OpenHandle(path).Dispose();
        SafeFileHandle? file = null;
        FileClaim? claim = null;
        FileLock? held = null;
        try
        {
            file = OpenToAppend(path);
            claim = SessionLock.Claim(file, path, withoutLocks);
            SessionHeader header = SessionReader.ReadHeader(file, path);
            SessionFacts? facts = SessionIndexFile.Read(path, file, header.Version);
            if (facts is null)
            {
                SessionIndexFile.Discard(path); // before this process is named as the one that has the session open
            }

            held = SessionLock.Acquire(path, withoutLocks); // earlier versions of Opi lock only this file
            SessionIndex? index = facts is null ? SessionIndexer.Index(file, path, cancellationToken) : null;
            var writer = new SessionWriter(path, held, file, claim, header.Version, durability, withoutLocks, time)
            {
                Length = facts?.Length ?? index!.Length,
                Lines = facts?.Lines ?? index!.Lines,
                HasIndexFile = facts is not null,
            };
            if (index is not null)
            {
                writer.MendEnd(index.Recovery);
            }

            if (durability == Durability.Flush)
            {
                NativeFile.FlushFolder(System.IO.Path.GetDirectoryName(writer._target)!); // the creator of the file may not have done so
            }

            return new OpenedSession(writer, header, index, facts);
        }
        catch (Exception error)
        {
            claim?.Dispose();
            file?.Dispose();
            held?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new SessionWriteException(path, error.Message, error);
            }

            throw;
        }
    }

    /// <summary>Appends entries, all or none.</summary>
    /// <returns>The records of the entries for the index.</returns>
    /// <exception cref="InvalidEntryException">An entry holds what the file cannot; nothing was appended.</exception>
    /// <exception cref="SessionWriteException">Nothing was appended.</exception>
    public IReadOnlyList<IndexedEntry> Append(IReadOnlyList<SessionEntry> entries)
    {
        Stage(entries);
        return WriteStaged();
    }

    /// <summary>Puts entries, all or none, behind those that <see cref="WriteStaged"/> will write.</summary>
    /// <exception cref="InvalidEntryException">An entry holds what JSON cannot; none of these was put there.</exception>
    public void Stage(IReadOnlyList<SessionEntry> entries)
    {
        (int length, int count) = (_buffer.Length, _staged);
        try
        {
            foreach (SessionEntry entry in entries)
            {
                Serialise(entry);
                EndLine();
                _staged++;
            }
        }
        catch
        {
            _staged = count;
            _buffer.CutTo(length);
            throw;
        }
    }

    /// <summary>Appends what was staged, all or nothing, with one write and one flush.</summary>
    /// <param name="meanwhile">What is done while the disk writes; null for nothing.</param>
    /// <returns>The records of the entries for the index.</returns>
    /// <exception cref="InvalidEntryException">An entry could not be read again; nothing was appended, and nothing is staged any more.</exception>
    /// <exception cref="SessionWriteException">Nothing was appended, and nothing is staged any more.</exception>
    public IReadOnlyList<IndexedEntry> WriteStaged(Action? meanwhile = null)
    {
        if (_staged == 0)
        {
            return [];
        }

        try
        {
            WriteBatch(meanwhile);
            Lines += _staged;
            return [.. _written];
        }
        finally
        {
            _staged = 0;
            _written.Clear();
            _buffer.CutTo(0);
        }
    }

    /// <summary>How many batches were written, each with a flush where the durability asks for one.</summary>
    public int Batches { get; private set; }

    /// <summary>How many bytes are held for the next batch.</summary>
    internal int BufferCapacity => _buffer.Capacity;

    /// <summary>Reads an entry's content.</summary>
    public SessionEntry Read(IndexedEntry entry) => SessionReader.ReadEntry(_file, Path, _version, entry);

    /// <summary>Flushes what <see cref="Durability.Buffered"/> left, closes the file and gives up the lock.</summary>
    public void Dispose()
    {
        try
        {
            if (_durability == Durability.Buffered && _fault is null && !_file.IsClosed)
            {
                NativeFile.Flush(_file);
                NativeFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
            }

            WriteIndexFile();
        }
        catch (IOException error)
        {
            throw new SessionWriteException(
                Path, $"the disk failed while the session was closed: {error.Message}. Its last turns may be lost if the machine stops.", error);
        }
        finally
        {
            _json.Dispose();
            _claim.Dispose();
            _file.Dispose();
            _lock?.Dispose();
        }
    }

    /// <summary>On Windows the share mode is the claim to the file: others may read, and delete it.</summary>
    private static FileShare ShareOfWriter =>
        OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.ReadWrite | FileShare.Delete;

    /// <summary>
    /// Opens the file. Elsewhere than on Windows each write goes to the end, wherever that is by then, so that it never covers what another
    /// program wrote a moment before.
    /// </summary>
    internal static SafeFileHandle OpenToAppend(string path)
    {
        try
        {
            string target = RegularFile.TargetOf(path);
            return OperatingSystem.IsWindows() ? OpenOnWindows(target) : NativeFile.Open(target, FileAccess.ReadWrite, follow: false, append: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SessionWriteException(path, $"the file cannot be written to: {error.Message}", error);
        }
    }

    /// <summary>A backup or a scanner that reads the file for a moment and shares no writing is waited for.</summary>
    private static SafeFileHandle OpenOnWindows(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, ShareOfWriter);
            }
            catch (IOException error) when (SharedFile.IsUnshared(error))
            {
                if (!FileLock.IsWorthWaiting(start, Holder))
                {
                    throw Holder() is { } holder
                        ? new SessionLockedException(path, holder)
                        : SessionLockedException.ByOtherProgram(path, "the file open and does not share it for writing", error);
                }

                Thread.Sleep(RetryPause);
            }
        }

        int? Holder() => FileClaim.IsOwn(path) ? Environment.ProcessId : FileLock.HolderOf(SessionLock.PathFor(path));
    }

    private void WriteHeader(SessionHeader header)
    {
        SessionHeader.Write(_json, header);
        _json.Flush();
        EndLine();
        FileSizeLimit.Write(_file, _buffer.Span, 0);
        if (_durability == Durability.Flush)
        {
            NativeFile.Flush(_file);
            NativeFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
        }

        Length = _buffer.Length;
        Lines = 1;
        _buffer.CutTo(0);
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

    private IndexedEntry Describe(ReadOnlySpan<byte> line, long number, long offset) =>
        SessionIndexer.Describe(line, _version, number, offset, afterFault: false, ref _shared);

    private void EndLine()
    {
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
    }
}
