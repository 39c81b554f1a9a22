namespace Opi;

/// <summary>The context of a session that is not open for writing here. A message is read from the file when it is asked for.</summary>
internal sealed class StoredContext : IDisposable
{
    private readonly IDisposable _file;

    private StoredContext(IDisposable file, SessionHeader header, string? model, IReadOnlyList<ContextEntry> entries) =>
        (_file, SessionId, Model, Entries) = (file, header.Id, model, entries);

    public string SessionId { get; }

    public string? Model { get; }

    /// <summary>The messages to send next with their entries, oldest first.</summary>
    public IReadOnlyList<ContextEntry> Entries { get; }

    public SessionRecovery Recovery { get; private init; } = new();

    /// <summary>Reads which messages the context has: by the index file if it says so, else by all of the file.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file, or cannot be read.</exception>
    public static StoredContext Open(string path, CancellationToken cancellationToken = default)
    {
        KnownSession? known = KnownSession.TryOpen(path);
        try
        {
            if (known?.ReadContext(cancellationToken) is { } entries)
            {
                var context = new StoredContext(known, known.Header, known.Model, entries);
                known = null;
                return context;
            }
        }
        finally
        {
            known?.Dispose();
        }

        SessionReader reader = SessionReader.Open(path, cancellationToken);
        try
        {
            return new StoredContext(reader, reader.Header, reader.Model, reader.ReadContext().Entries) { Recovery = reader.Recovery };
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();
}
