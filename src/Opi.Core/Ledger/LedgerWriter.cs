using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Adds rows to a file of the ledger.</summary>
internal static class LedgerWriter
{
    private const int WriteSize = 4 << 20;

    /// <summary>Adds rows, all or none: if the writing fails, the file is cut back to what it was. Only under the lock.</summary>
    public static void Append(string path, LedgerFileEnd end, IEnumerable<OpiUsage> rows)
    {
        bool isNew = !File.Exists(path);
        using SafeFileHandle file = OwnerOnlyFile.Open(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).SafeFileHandle;
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
            LedgerWire.Write(json, LedgerFile.KeyOf(row), row, now);
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
