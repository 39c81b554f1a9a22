using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A file of the ledger. Lines are only ever added to it.</summary>
internal static class LedgerFile
{
    private const int WriteSize = 4 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets each row.</param>
    /// <param name="damaged">Told of each line that is none.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>How it ends.</returns>
    public static LedgerFileEnd Read(string path, Action<OpiUsage> take, Action<LedgerFinding>? damaged, CancellationToken cancellation)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new LineReader(file);
        for (long number = 1; lines.Next(); number++)
        {
            if ((number & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (lines.Line.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            try
            {
                take(LedgerWire.Read(lines.Line, path));
            }
            catch (WireException fault)
            {
                damaged?.Invoke(new LedgerFinding(path, number, fault.Message) { IsTornTail = !lines.Complete });
                if (!lines.Complete)
                {
                    return new LedgerFileEnd(lines.Offset, IsTorn: true, LacksNewline: false);
                }
            }
        }

        return new LedgerFileEnd(lines.NextOffset, IsTorn: false, LacksNewline: lines.NextOffset > 0 && !lines.Complete);
    }

    /// <summary>Adds rows, all or none: if the writing fails, the file is cut back to what it was. Only under the lock.</summary>
    public static void Append(string path, LedgerFileEnd end, IEnumerable<OpiUsage> rows)
    {
        bool isNew = !File.Exists(path);
        using SafeFileHandle file = OwnerOnlyFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).SafeFileHandle;
        if (end.IsTorn)
        {
            TornTail.Save(path, end.Length);
            RandomAccess.SetLength(file, end.Length);
        }

        try
        {
            Write(file, end, rows);
            NativeFile.Flush(file);
            if (isNew)
            {
                NativeFile.FlushFolder(Path.GetDirectoryName(path)!);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) // the last for EFBIG
        {
            RandomAccess.SetLength(file, end.Length);
            throw new LedgerWriteException(path, error.Message, error);
        }
    }

    private static void Write(SafeFileHandle file, LedgerFileEnd end, IEnumerable<OpiUsage> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using Utf8JsonWriter json = SerdeJson.CreateWriter(buffer);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        long at = end.Length;
        if (end.LacksNewline)
        {
            buffer.Write("\n"u8);
        }

        foreach (OpiUsage row in rows)
        {
            json.Reset(buffer);
            LedgerWire.Write(json, UsageLedger.KeyOf(row), row, now);
            json.Flush();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= WriteSize)
            {
                Flush();
            }
        }

        Flush();

        void Flush()
        {
            RandomAccess.Write(file, buffer.WrittenSpan, at);
            at += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }
    }
}
