using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A session on disk, as a list shows it: read from its header and the beginnings of its lines, without its content.</summary>
public sealed record OpiSessionInfo
{
    private readonly ValueList<string> _labels = new(new TextList<string>([]));

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
    public IReadOnlyList<string> Labels { get => _labels.Items; private init => _labels = new(value); }

    /// <summary>Its thinking level; null when none was set.</summary>
    public ThinkingLevel? ThinkingLevel { get; private init; }

    /// <summary>The model of the last active answer, or of a later change of model, as <c>provider:model</c>; null for none.</summary>
    public string? Model { get; private init; }

    /// <summary>How many turns it has, on all branches: each begins with a user's prompt.</summary>
    public int Turns { get; private init; }

    /// <summary>The beginning of the first prompt; null when there is none.</summary>
    public string? FirstPrompt { get; private init; }

    /// <summary>When the last message of a turn was written; null when there is none, or it has no time.</summary>
    public DateTimeOffset? LastTurnTime { get; private init; }

    /// <summary>The format version of the file.</summary>
    public int FormatVersion { get; }

    internal static SessionHeader ReadHeader(string path)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        using var lines = new LineReader(handle);
        return SessionIndexer.ReadHeader(lines, path);
    }

    /// <summary>Reads what a list shows of a session file.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file, or cannot be read.</exception>
    public static OpiSessionInfo Read(string path, CancellationToken cancellationToken = default)
    {
        using SafeFileHandle handle = SessionReader.OpenHandle(path);
        try
        {
            using var lines = new LineReader(handle);
            SessionHeader header = SessionIndexer.ReadHeader(lines, path);
            var info = new OpiSessionInfo(new FileInfo(path), header);
            return (RandomAccess.GetLength(handle) >= SessionIndexFile.SmallestSession ? info.FromIndexFile() : null)
                ?? info.FromLines(handle, lines.NextOffset, cancellationToken)
                ?? info.FromEntries(cancellationToken);
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    /// <summary>The content of the index file, with the first prompt and the last message; null when there is none that fits.</summary>
    private OpiSessionInfo? FromIndexFile()
    {
        try
        {
            using KnownSession? known = KnownSession.TryOpen(Path);
            return known is null ? null : this with
            {
                Model = known.Model,
                Name = known.Metadata.Name,
                Labels = known.Metadata.Labels,
                ThinkingLevel = known.Metadata.ThinkingLevel,
                Turns = known.Turns,
                FirstPrompt = known.ReadFirstPrompt() is { } prompt ? PromptOf(prompt) : null,
                LastTurnTime = WireTime.Parse(known.FindLastMessage()?.Timestamp),
            };
        }
        catch (InvalidSessionFileException)
        {
            return null; // it was changed just now: all of it is read instead, which says what is wrong
        }
    }

    private OpiSessionInfo FromEntries(CancellationToken cancellationToken)
    {
        using SessionReader reader = SessionReader.Open(Path, cancellationToken);
        SessionMetadata metadata = SessionMetadata.Read(reader.Entries, reader.Tree, reader.Read);
        IndexedEntry? prompt = reader.Entries.FirstOrDefault(entry => entry.Role == EntryRole.User);
        return this with
        {
            Model = SessionMetadata.ActiveModel(reader.Entries, reader.Tree),
            Name = metadata.Name,
            Labels = metadata.Labels,
            ThinkingLevel = metadata.ThinkingLevel,
            Turns = reader.Entries.Count(entry => entry.Role == EntryRole.User),
            FirstPrompt = prompt is null ? null : PromptOf(reader.Read(prompt)),
            LastTurnTime = WireTime.Parse(reader.Entries.LastOrDefault(entry => entry.Type == EntryType.Message)?.Timestamp),
        };
    }

    /// <summary>
    /// Finds the turns and the last answer by the beginnings of the lines. Null when a line does not begin and end as those of messages,
    /// compactions, leaves, clearings and pins that opi and Opi write, or when there is metadata after the first turn: then the file must be indexed.
    /// </summary>
    private OpiSessionInfo? FromLines(SafeFileHandle handle, long bodyStart, CancellationToken cancellationToken)
    {
        long answerAt = -1, promptAt = -1, messageAt = -1;
        int turns = 0;
        bool begun = false;
        var metadataEntries = new List<SessionEntry>();
        using (var lines = new LineReader(handle, bodyStart))
        {
            while (lines.Next())
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> line = lines.Line;
                if (!lines.Complete || line.IsEmpty || line[^1] != (byte)'}')
                {
                    return null;
                }

                if (line.StartsWith("{\"type\":\"message\""u8))
                {
                    ReadOnlySpan<byte> envelope = line[..Math.Min(line.Length, EnvelopeSize)];
                    int role = envelope.IndexOf(RoleMark);
                    if (role < 0)
                    {
                        return null;
                    }

                    begun = true;
                    envelope = envelope[(role + RoleMark.Length)..];
                    messageAt = lines.Offset;
                    answerAt = envelope.StartsWith("assistant\""u8) ? messageAt : answerAt;
                    if (envelope.StartsWith("user\""u8))
                    {
                        promptAt = turns++ == 0 ? messageAt : promptAt;
                    }
                }
                else if (line.StartsWith("{\"type\":\"compaction\""u8) || line.StartsWith("{\"type\":\"leaf\""u8)
                    || line.StartsWith("{\"type\":\"tool_results_cleared\""u8) || line.StartsWith("{\"type\":\"entry_pin\""u8))
                {
                    begun = true;
                }
                else if (begun || ReadMetadata(line) is not { } said)
                {
                    return null;
                }
                else
                {
                    metadataEntries.Add(said);
                }
            }
        }

        SessionMetadata metadata = SessionMetadata.None.With(metadataEntries);

        try
        {
            IndexedEntry? message = DescribeAt(handle, messageAt);
            IndexedEntry? answer = answerAt == messageAt ? message : DescribeAt(handle, answerAt);
            return this with
            {
                Model = answer is null ? metadata.Model : answer.Model ?? throw new WireException("an answer without a model"),
                Name = metadata.Name,
                Labels = metadata.Labels,
                ThinkingLevel = metadata.ThinkingLevel,
                Turns = turns,
                LastTurnTime = WireTime.Parse(message?.Timestamp),
                FirstPrompt = DescribeAt(handle, promptAt) is { } prompt
                    ? PromptOf(SessionReader.ReadEntry(handle, Path, FormatVersion, prompt))
                    : null,
            };
        }
        catch (WireException)
        {
            return null; // a damaged line, or an answer without a model: the index finds the entry before
        }
    }

    /// <summary>Metadata before the first turn, which counts whatever follows; null for other lines.</summary>
    private SessionEntry? ReadMetadata(ReadOnlySpan<byte> line)
    {
        try
        {
            return LineWire.Read(line, FormatVersion) is { ParentId: null } entry
                and (SessionInfoEntry or LabelEntry or ModelChangeEntry or ThinkingLevelChangeEntry)
                    ? entry
                    : null;
        }
        catch (WireException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> RoleMark => "\"message\":{\"role\":\""u8;

    private static string? PromptOf(SessionEntry entry) => OpiEntry.Create("", entry, onActiveBranch: true).Text;

    /// <summary>The record of the line at a place; null for none.</summary>
    private IndexedEntry? DescribeAt(SafeFileHandle handle, long offset)
    {
        if (offset < 0)
        {
            return null;
        }

        using var lines = new LineReader(handle, offset, EnvelopeSize);
        var shared = new SessionIndexer.SharedTexts();
        return lines.Next() ? SessionIndexer.Describe(lines.Line, FormatVersion, 0, offset, afterFault: false, ref shared) : null;
    }
}
