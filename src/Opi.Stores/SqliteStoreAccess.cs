using SQLitePCL;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Opi;

/// <summary>Reads databases with SQLite and expands with Zstandard.</summary>
internal sealed class SqliteStoreAccess : StoreAccess
{
    /// <summary>A frame may want the whole of what it holds as its window.</summary>
    private const int LargestWindow = 31;

    private static readonly object Gate = new();
    private static bool _isReady;

    public override StoreDatabase OpenDatabase(string path, StoreMode mode)
    {
        lock (Gate)
        {
            if (!_isReady)
            {
                try
                {
                    raw.SetProvider(new SQLite3Provider_e_sqlite3());
                    raw.sqlite3_initialize();
                    _isReady = true;
                }
                catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or BadImageFormatException
                    or EntryPointNotFoundException)
                {
                    throw new StoreLibraryException(error);
                }
            }
        }

        return SqliteDatabase.Open(path, mode);
    }

    public override string? Expand(Stream compressed, Stream target, CancellationToken cancellation)
    {
        using var expanded = new DecompressionStream(compressed, leaveOpen: true);
        expanded.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
        byte[] buffer = new byte[1 << 17];
        try
        {
            if (compressed.Length == 0)
            {
                return "compressed data that was cut off";
            }

            for (int read; (read = expanded.Read(buffer, 0, buffer.Length)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                target.Write(buffer, 0, read);
            }

            return null;
        }
        catch (EndOfStreamException)
        {
            return "compressed data that was cut off";
        }
        catch (ZstdException)
        {
            return "compressed data that is damaged";
        }
    }

    public override byte[]? Expand(ReadOnlySpan<byte> compressed, int longest)
    {
        using var decompressor = new Decompressor();
        try
        {
            ulong length = Decompressor.GetDecompressedSize(compressed);
            return length > (ulong)longest ? null : decompressor.Unwrap(compressed, longest).ToArray();
        }
        catch (ZstdException)
        {
            return null;
        }
    }
}
