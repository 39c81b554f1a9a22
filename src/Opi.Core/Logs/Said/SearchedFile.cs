using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>What the parts of a file that is searched have in common.</summary>
internal sealed class SearchedFile(LogFile file, IReadOnlyList<UsageLog> logs)
{
    private readonly object _gate = new();
    private bool? _isLog;

    /// <summary>The sources it may be of.</summary>
    public IReadOnlyList<UsageLog> Logs { get; } = logs;

    /// <summary>Whether it is a log of a source that is searched. Finds that out once.</summary>
    public bool Identify(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _isLog ??= LogHead.Identify(file, Logs, cancellation);
        }
    }

    /// <summary>Whether it is a database. What is compressed in a way that is not read is refused.</summary>
    /// <exception cref="IOException">It is compressed.</exception>
    public bool IsDatabase(SafeFileHandle handle)
    {
        Span<byte> start = stackalloc byte[16];
        start = start[..RandomAccess.Read(handle, start, 0)];
        file.IsDatabase = start.StartsWith("SQLite format 3\0"u8);
        if (!file.IsDatabase && (DatabaseFile.IsNamedSo(file.Path) || start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
            || start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])))
        {
            Identify(CancellationToken.None); // says what it is
        }

        return file.IsDatabase;
    }

    /// <summary>Reads all of a document.</summary>
    /// <exception cref="IOException">It is too long.</exception>
    public static byte[] ReadAll(SafeFileHandle handle, CancellationToken cancellation)
    {
        long length = RandomAccess.GetLength(handle);
        if (length > Array.MaxLength)
        {
            throw new IOException("it is one document of more than 2 GB");
        }

        byte[] bytes = new byte[length];
        for (int filled = 0, read; (read = RandomAccess.Read(handle, bytes.AsSpan(filled, Math.Min(1 << 20, bytes.Length - filled)), filled)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            filled += read;
        }

        return bytes;
    }
}
