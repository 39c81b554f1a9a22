using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// A session file opened for reading: the header, an index of its entries, and the entries themselves on demand. Reading never changes the
/// file and never hinders a writer.
/// </summary>
public sealed class SessionReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly SessionIndex _index;

    private SessionReader(string path, SafeFileHandle file, CancellationToken cancellationToken)
    {
        Path = path;
        _file = file;
        _index = SessionIndexer.Index(file, path, cancellationToken);
        (Header, Entries, Recovery, Length) = (_index.Header, _index.Entries, _index.Recovery, _index.Length);
        Tree = new SessionTree(Entries);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The session's id.</summary>
    public string SessionId => Header.Id;

    /// <summary>The folder the agent worked in.</summary>
    public string WorkingDirectory => Header.WorkingDirectory;

    internal SessionHeader Header { get; }

    /// <summary>The entries, in the order of the file.</summary>
    internal IReadOnlyList<IndexedEntry> Entries { get; }

    /// <summary>Which of them are on the active branch.</summary>
    internal SessionTree Tree { get; }

    /// <summary>What is wrong with the file.</summary>
    public SessionRecovery Recovery { get; }

    /// <summary>The model of the last active answer, or of a later change of model, as <c>provider:model</c>; null for none.</summary>
    public string? Model => SessionMetadata.ActiveModel(Entries, Tree);

    /// <summary>How many bytes were read.</summary>
    public long Length { get; }

    /// <summary>Opens a session file and indexes it.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file, or cannot be read.</exception>
    public static SessionReader Open(string path, CancellationToken cancellationToken = default)
    {
        SafeFileHandle file = OpenHandle(path);
        try
        {
            return new SessionReader(path, file, cancellationToken);
        }
        catch (IOException error)
        {
            file.Dispose();
            throw InvalidSessionFileException.NotRead(path, error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads an entry's content.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since it was indexed.</exception>
    internal SessionEntry Read(IndexedEntry entry) => ReadEntry(_file, Path, Header.Version, entry);

    /// <summary>The branches of the tree. Reads the text of each tip.</summary>
    public IEnumerable<OpiBranch> ReadBranches() => OpiBranch.Of(Header.Id, Tree, Read);

    /// <summary>Copies an entry's line as it is, with its LF.</summary>
    internal void CopyLine(IndexedEntry entry, Stream target) => CopyLine(_file, entry, target);

    internal static void CopyLine(SafeFileHandle file, IndexedEntry entry, Stream target)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            target.Write(ReadLine(file, entry, buffer));
            target.WriteByte((byte)'\n');
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the message of an entry of the conversation.</summary>
    internal AgentMessage ReadMessage(IndexedEntry entry) => MessageOf(Read(entry));

    /// <summary>The entries of the file in their order. Each is read from the file when it is asked for.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since it was indexed.</exception>
    public IEnumerable<OpiEntry> ReadEntries() => ReadEntries(Entries);

    /// <summary>The same for some of them.</summary>
    internal IEnumerable<OpiEntry> ReadEntries(IEnumerable<IndexedEntry> entries)
    {
        IReadOnlySet<string> pins = ContextEntries.PinsOf(Tree);
        return entries.Select(entry => OpiEntry.Create(Header.Id, Read(entry), Tree.IsActive(entry), pins.Contains(entry.Id)));
    }

    /// <summary>An entry of the session, whole, whether it is in the context or has left it.</summary>
    /// <exception cref="OpiException">EntryNotFound: there is none of this id.</exception>
    /// <exception cref="InvalidSessionFileException">The file has changed since it was indexed.</exception>
    public OpiEntry ReadEntry(string entryId) =>
        ReadEntries([Tree.FindEntry(entryId) ?? throw EntryNotFoundException.NoEntry(Header.Id, entryId, Tree)]).First();

    /// <summary>The messages to send next, from the active branch: the newest summary, what it kept, and what came after.</summary>
    /// <exception cref="InvalidSessionFileException">The file has changed since it was indexed.</exception>
    public IReadOnlyList<AgentMessage> ReadContextMessages() => [.. ReadContext().Messages];

    internal SessionContext ReadContext() => SessionContext.Reconstruct(Tree, ReadMessage, new EntrySequence(Entries));

    /// <summary>What is known of the session as a whole; null where it is not regular.</summary>
    internal SessionFacts? ReadFacts() =>
        SessionFacts.Of(
            _index, Tree, ReadContext(), SessionMetadata.Read(Entries, Tree, Read), new EntrySequence(Entries), withBranches: false);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal static SessionHeader ReadHeader(SafeFileHandle file, string path)
    {
        using var lines = new LineReader(file, chunkSize: 1 << 12);
        return SessionIndexer.ReadHeader(lines, path);
    }

    internal static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return RegularFile.Open(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SessionNotFoundException.ForPath(path);
        }
        catch (IOException error) when (SharedFile.IsUnshared(error))
        {
            throw SessionLockedException.ByOtherProgram(path, "the file open exclusively", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    internal static SessionEntry ReadEntry(SafeFileHandle file, string path, int version, IndexedEntry entry)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            return LineWire.Read(ReadLine(file, entry, buffer), version);
        }
        catch (WireException fault)
        {
            throw InvalidSessionFileException.Changed(path, entry.Line, fault);
        }
        catch (IOException error)
        {
            throw new InvalidSessionFileException(path, entry.Line, "it cannot be read: " + error.Message, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReadOnlySpan<byte> ReadLine(SafeFileHandle file, IndexedEntry entry, byte[] buffer)
    {
        Span<byte> line = buffer.AsSpan(0, entry.Length);
        int filled = 0;
        int read;
        while (filled < line.Length && (read = RandomAccess.Read(file, line[filled..], entry.Offset + filled)) > 0)
        {
            filled += read;
        }

        return line[..filled];
    }

    internal static AgentMessage MessageOf(SessionEntry entry) => entry switch
    {
        MessageEntry message => message.Message,
        CompactionEntry compaction => compaction.ToMessage(),
        BranchSummaryEntry branch => branch.ToMessage(),
        _ => throw new ArgumentException($"An entry of type {entry.Type} is not a message.", nameof(entry)),
    };
}
