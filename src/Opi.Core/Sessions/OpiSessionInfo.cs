using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A session on disk, as a list shows it: read from its header and the end of its file, without its content.</summary>
public sealed record OpiSessionInfo
{
    private const int TailSize = 1 << 16;

    private OpiSessionInfo(FileInfo file, SessionHeader header)
    {
        Path = file.FullName;
        Id = header.Id;
        CreatedAt = header.CreatedAt;
        LastWriteTime = file.LastWriteTimeUtc;
        Length = file.Length;
        WorkingDirectory = header.WorkingDirectory;
        ParentSession = header.ParentSession;
        FormatVersion = header.Version;
    }

    /// <summary>The session's id.</summary>
    public string Id { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>When it was created; null when the header has no time.</summary>
    public DateTimeOffset? CreatedAt { get; }

    /// <summary>When it was last written to.</summary>
    public DateTimeOffset LastWriteTime { get; }

    /// <summary>The file's size in bytes.</summary>
    public long Length { get; }

    /// <summary>The folder the agent worked in.</summary>
    public string WorkingDirectory { get; }

    /// <summary>The session it was forked from; null for none.</summary>
    public string? ParentSession { get; }

    /// <summary>Its name; null when it has none.</summary>
    public string? Name { get; private init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels { get; private init; } = [];

    /// <summary>The model of its last answer, as <c>provider:model</c>; null when there is none.</summary>
    public string? Model { get; private init; }

    /// <summary>The format version of the file.</summary>
    public int FormatVersion { get; }

    /// <summary>Reads what a list shows of a session file.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file, or cannot be read.</exception>
    public static OpiSessionInfo Read(string path, CancellationToken cancellation = default)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        try
        {
            using var lines = new LineReader(handle, chunkSize: TailSize);
            SessionHeader header = SessionIndexer.ReadHeader(lines, path);
            SessionMetadata metadata = HasMetadata(handle, cancellation) ? ReadMetadata(path, cancellation) : SessionMetadata.None;
            return new OpiSessionInfo(new FileInfo(path), header)
            {
                Model = LastModel(handle, lines.NextOffset),
                Name = metadata.Name,
                Labels = metadata.Labels,
            };
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(path, 1, "it cannot be read: " + error.Message, error);
        }
    }

    private static SessionMetadata ReadMetadata(string path, CancellationToken cancellation)
    {
        using SessionReader reader = SessionReader.Open(path, cancellation);
        return SessionMetadata.Read(reader.Entries, reader.Tree, reader.Read);
    }

    /// <summary>
    /// Whether metadata may be in the file: its type names stand nowhere else as whole JSON strings, since quotes inside a text are escaped.
    /// (A tool's details may hold them; then the file is read for nothing.)
    /// </summary>
    private static bool HasMetadata(SafeFileHandle handle, CancellationToken cancellation)
    {
        ReadOnlySpan<byte> info = "\"session_info\""u8;
        ReadOnlySpan<byte> label = "\"label\""u8;
        using System.Buffers.IMemoryOwner<byte> owner = System.Buffers.MemoryPool<byte>.Shared.Rent(1 << 20);
        Span<byte> buffer = owner.Memory.Span;
        int carried = 0;
        long offset = 0;
        int read;
        while ((read = RandomAccess.Read(handle, buffer[carried..], offset)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> filled = buffer[..(carried + read)];
            if (filled.IndexOf(info) >= 0 || filled.IndexOf(label) >= 0)
            {
                return true;
            }

            offset += read;
            carried = Math.Min(info.Length - 1, filled.Length);
            filled[^carried..].CopyTo(buffer);
        }

        return false;
    }

    /// <summary>The model of the last answer, looked for from the end of the file in ever larger pieces.</summary>
    private static string? LastModel(SafeFileHandle handle, long bodyStart)
    {
        long end = RandomAccess.GetLength(handle);
        for (long size = TailSize; ; size *= 4)
        {
            long start = Math.Max(bodyStart, end - size);
            if (ModelIn(handle, start, skipFirst: start > bodyStart) is { } model)
            {
                return model;
            }

            if (start == bodyStart)
            {
                return null;
            }
        }
    }

    private static string? ModelIn(SafeFileHandle handle, long start, bool skipFirst)
    {
        using var lines = new LineReader(handle, start, TailSize);
        var shared = new SessionIndexer.SharedTexts();
        string? model = null;
        while (lines.Next())
        {
            if (skipFirst)
            {
                skipFirst = false; // a piece of a line
                continue;
            }

            try
            {
                model = SessionIndexer.Describe(lines.Line, 0, lines.Offset, afterFault: false, ref shared).Model ?? model;
            }
            catch (WireException)
            {
                // Not an entry; a list says nothing of it, reading the session does.
            }
        }

        return model;
    }
}
