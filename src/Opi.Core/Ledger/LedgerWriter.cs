using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Adds rows to a month's file of the ledger, all or none. It claims the file, appends, and after a failure cuts off only what it wrote
/// itself.
/// </summary>
internal sealed class LedgerWriter : IDisposable
{
    private const int WriteSize = 4 << 20;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly FileClaim _claim;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly IncrementalHash _written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _start;
    private long _at;

    private LedgerWriter(string path, SafeFileHandle file, FileClaim claim, long start)
    {
        _path = path;
        _file = file;
        _claim = claim;
        _start = _at = start;
    }

    /// <summary>Adds rows. Only under the ledger's lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="end">How it ended when it was read.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="time">Gives the time for each new row.</param>
    /// <returns>How it ends now.</returns>
    /// <exception cref="LedgerWriteException">Nothing was added, unless the message says that another program wrote too.</exception>
    public static LedgerFileEnd Append(string path, LedgerFileEnd end, IEnumerable<LedgerAddition> rows, TimeProvider time)
    {
        using LedgerWriter writer = Open(path, end, time);
        try
        {
            writer.Write(end, rows, time.GetUtcNow());
            NativeFile.Flush(writer._file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LedgerWriteException(path, error.Message + writer.Undo(), error);
        }

        NewFile.FlushName(path); // always: another process may have made the file and ended before it flushed the folder
        return new LedgerFileEnd(writer._at, IsTorn: false, LacksNewline: false);
    }

    public void Dispose()
    {
        _claim.Dispose();
        _file.Dispose();
        _written.Dispose();
    }

    private static LedgerWriter Open(string path, LedgerFileEnd end, TimeProvider time)
    {
        SafeFileHandle file = RegularFile.OpenOrCreateOwn(path);
        FileClaim? claim = null;
        try
        {
            claim = FileClaim.TryTake(file) ?? throw new IOException("another process writes to it");
            long length = RandomAccess.GetLength(file);
            if (length < end.Length)
            {
                throw new IOException("another program made it shorter while it was read");
            }

            if (end.IsTorn)
            {
                TornTail.Save(path, end.Length, time);
                length = FileEnd.Remove(file, path, end.Length, length, blank: false);
            }
            else
            {
                length = end.Length;
            }

            return new LedgerWriter(path, file, claim, length);
        }
        catch
        {
            claim?.Dispose();
            file.Dispose();
            throw;
        }
    }

    private void Write(LedgerFileEnd end, IEnumerable<LedgerAddition> rows, DateTimeOffset now)
    {
        using Utf8JsonWriter json = SerdeJson.CreateWriter(_buffer);
        if (end.LacksNewline)
        {
            _buffer.Write("\n"u8);
        }

        foreach (LedgerAddition addition in rows)
        {
            if (addition.Line is { } line)
            {
                _buffer.Write(line);
            }
            else
            {
                json.Reset(_buffer);
                LedgerWire.Write(json, addition.Key, addition.Row!, now);
                json.Flush();
            }

            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= WriteSize)
            {
                WriteBuffer();
            }
        }

        WriteBuffer();
    }

    private void WriteBuffer()
    {
        if (RandomAccess.GetLength(_file) != _at)
        {
            throw new IOException("another program wrote to it at the same moment");
        }

        FileSizeLimit.Write(_file, _buffer.WrittenSpan, _at);
        _written.AppendData(_buffer.WrittenSpan);
        _at += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    /// <summary>Cuts off what was written, if nothing else is there.</summary>
    /// <returns>What to add to the message; empty when the file is as it was.</returns>
    private string Undo()
    {
        try
        {
            long found = RandomAccess.GetLength(_file);
            if (found == _start)
            {
                return "";
            }

            if (found < _start || !IsOwn(found))
            {
                return FormattableString.Invariant($". Another program wrote too, so nothing of '{_path}' behind byte {_start} was cut off");
            }

            _ = FileEnd.Remove(_file, _path, _start, found, blank: true);
            NativeFile.Flush(_file);
            return "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $". What was written could not be taken back: {error.Message}";
        }
    }

    /// <summary>Whether the bytes after the old end are this writer's, the last piece perhaps in part.</summary>
    private bool IsOwn(long found)
    {
        long last = found - _at;
        if (last < 0 || last > _buffer.WrittenCount)
        {
            return false;
        }

        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 16];
        for (long at = _start; at < _at;)
        {
            int read = RandomAccess.Read(_file, piece.AsSpan(0, (int)Math.Min(piece.Length, _at - at)), at);
            if (read == 0)
            {
                return false;
            }

            whole.AppendData(piece, 0, read);
            at += read;
        }

        byte[] rest = new byte[last];
        return whole.GetCurrentHash().AsSpan().SequenceEqual(_written.GetCurrentHash())
            && RandomAccess.Read(_file, rest, _at) == rest.Length
            && _buffer.WrittenSpan[..rest.Length].SequenceEqual(rest)
            && RandomAccess.GetLength(_file) == found;
    }
}
