using System.Text.Json;

namespace Opi;

/// <summary>Copies a branch of a session into a new session.</summary>
internal static class SessionFork
{
    /// <summary>
    /// Writes a new session with the messages and compactions of the active branch, or from the start to an entry, and with the
    /// metadata that belongs to them. Lines are copied as they are, so ids are kept, and so are entries of unknown type.
    /// </summary>
    /// <param name="source">The session; it is not changed.</param>
    /// <param name="folder">The folder of the new one.</param>
    /// <param name="entryId">The last entry to copy; null for the tip of the active branch.</param>
    /// <param name="timeProvider">The clock, which the time of its header is from; null for the system's.</param>
    /// <returns>The new file.</returns>
    /// <exception cref="EntryNotFoundException">There is no such entry in the conversation.</exception>
    /// <exception cref="SessionWriteException">The new session cannot be written.</exception>
    public static string Create(SessionReader source, string folder, string? entryId = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        IReadOnlyList<IndexedEntry> chain = entryId is null
            ? source.Tree.ActiveBranch
            : source.Tree.ChainTo(source.Tree.FindContent(entryId) ?? throw new EntryNotFoundException(source.Header.Id, entryId, source.Tree));
        return Write(source.Header, WithWhatHangsOn(chain, source.Entries), source.CopyLine, folder, timeProvider ?? TimeProvider.System);
    }

    /// <summary>
    /// The same of a session with an index that fits, of which no more is read than is copied; null where only the whole file tells what that is.
    /// </summary>
    /// <inheritdoc cref="Create(SessionReader, string, string?, TimeProvider?)"/>
    internal static string? TryCreate(KnownSession source, string folder, string? entryId = null, TimeProvider? timeProvider = null) =>
        source.FindConversation(entryId) is { } entries
            ? Write(source.Header, entries, source.CopyLine, folder, timeProvider ?? TimeProvider.System)
            : null;

    private static string Write(
        SessionHeader source, IEnumerable<IndexedEntry> entries, Action<IndexedEntry, Stream> copyLine, string folder, TimeProvider time)
    {
        SessionHeader header = source with
        {
            Id = SessionCoordinator.NewSessionId(time),
            Timestamp = WireTime.Format(time.GetUtcNow()),
            ParentSession = source.Id,
        };
        string path = Path.Combine(folder, header.Id + SessionStore.Extension);
        try
        {
            OpiFolders.Create(folder);
            NewFile.Write(path, replace: false, stream =>
            {
                WriteHeader(stream, header);
                foreach (IndexedEntry entry in entries)
                {
                    copyLine(entry, stream);
                }
            });
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SessionWriteException.NotCreated(folder, error);
        }
    }

    /// <summary>The entries of a conversation and all that hangs on them, in the order of the file, without leaves.</summary>
    private static IEnumerable<IndexedEntry> WithWhatHangsOn(IReadOnlyList<IndexedEntry> chain, IReadOnlyList<IndexedEntry> entries)
    {
        HashSet<IndexedEntry> content = [.. chain];
        HashSet<string> ids = [.. chain.Select(entry => entry.Id)];
        foreach (IndexedEntry entry in entries)
        {
            bool belongs = entry.IsContent
                ? content.Contains(entry)
                : entry.Type != EntryType.Leaf && (entry.ParentId is null || ids.Contains(entry.ParentId));
            if (belongs)
            {
                ids.Add(entry.Id); // metadata may hang on metadata
                yield return entry;
            }
        }
    }

    internal static void WriteHeader(Stream stream, SessionHeader header)
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = SerdeEncoder.Instance, SkipValidation = true }))
        {
            SessionHeader.Write(writer, header);
        }

        stream.WriteByte((byte)'\n');
    }
}
