using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A session on disk, as a list shows it: read from its header and the beginnings of its lines, without its content.</summary>
public sealed record OpiSessionInfo
{
    private const int EnvelopeSize = 512;

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
    public IReadOnlyList<string> Labels { get; private init; } = new TextList<string>([]);

    /// <summary>Its thinking level; null when none was set.</summary>
    public string? ThinkingLevel { get; private init; }

    /// <summary>The model that was changed to, else that of its last answer, as <c>provider:model</c>; null when there is none.</summary>
    public string? Model { get; private init; }

    /// <summary>The format version of the file.</summary>
    public int FormatVersion { get; }

    /// <summary>Reads the header of a session file.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file, or cannot be read.</exception>
    public static SessionHeader ReadHeader(string path)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        using var lines = new LineReader(handle);
        return SessionIndexer.ReadHeader(lines, path);
    }

    /// <summary>Reads what a list shows of a session file.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is no session file, or cannot be read.</exception>
    public static OpiSessionInfo Read(string path, CancellationToken cancellation = default)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        try
        {
            using var lines = new LineReader(handle);
            SessionHeader header = SessionIndexer.ReadHeader(lines, path);
            var info = new OpiSessionInfo(new FileInfo(path), header);
            return TryFindModel(handle, header.Version, lines.NextOffset, out string? model, cancellation)
                ? info with { Model = model }
                : info.FromIndex(cancellation);
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(path, 1, "it cannot be read: " + error.Message, error);
        }
    }

    private OpiSessionInfo FromIndex(CancellationToken cancellation)
    {
        using SessionReader reader = SessionReader.Open(Path, cancellation);
        SessionMetadata metadata = SessionMetadata.Read(reader.Entries, reader.Tree, reader.Read);
        return this with
        {
            Model = SessionMetadata.ModelInForce(reader.Entries, reader.Tree),
            Name = metadata.Name,
            Labels = metadata.Labels,
            ThinkingLevel = metadata.ThinkingLevel,
        };
    }

    /// <summary>
    /// Finds the model of the last answer by the beginnings of the lines. False where a line begins otherwise than those of messages,
    /// compactions and leaves that opi and Opi write: then it may be metadata, and only the index tells.
    /// </summary>
    private static bool TryFindModel(SafeFileHandle handle, int version, long bodyStart, out string? model, CancellationToken cancellation)
    {
        model = null;
        long answerAt = -1;
        using (var lines = new LineReader(handle, bodyStart))
        {
            while (lines.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> line = lines.Line;
                if (line.StartsWith("{\"type\":\"message\""u8))
                {
                    bool isAnswer = line[..Math.Min(line.Length, EnvelopeSize)].IndexOf("\"message\":{\"role\":\"assistant\""u8) >= 0;
                    answerAt = isAnswer ? lines.Offset : answerAt;
                }
                else if (!line.StartsWith("{\"type\":\"compaction\""u8) && !line.StartsWith("{\"type\":\"leaf\""u8))
                {
                    return false;
                }
            }
        }

        return answerAt < 0 || TryReadModel(handle, version, answerAt, out model);
    }

    /// <summary>The model of the answer at a place. False when its line is damaged; then the index finds the answer before.</summary>
    private static bool TryReadModel(SafeFileHandle handle, int version, long offset, out string? model)
    {
        using var lines = new LineReader(handle, offset, EnvelopeSize);
        var shared = new SessionIndexer.SharedTexts();
        model = null;
        try
        {
            model = lines.Next() ? SessionIndexer.Describe(lines.Line, version, 0, offset, afterFault: false, ref shared).Model : null;
            return true;
        }
        catch (WireException)
        {
            return false;
        }
    }
}
