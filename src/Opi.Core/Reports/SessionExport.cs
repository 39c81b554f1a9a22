namespace Opi;

/// <summary>Writes a session to a file for people or other programs to read. Redacted unless that is switched off.</summary>
internal static class SessionExport
{
    /// <summary>Exports the active messages, or all messages of the file. Equal sessions give equal bytes.</summary>
    /// <param name="source">The session; it is not changed.</param>
    /// <param name="path">The file; its folder has to exist. It is there whole or not at all.</param>
    /// <param name="options">What is exported, and how.</param>
    /// <param name="progress">Takes how many messages of how many are written.</param>
    /// <param name="cancellationToken">Stops the work; then there is no new file.</param>
    /// <exception cref="ExportFailedException">The file is not to be replaced, or cannot be written.</exception>
    /// <exception cref="InvalidSessionFileException">The session has changed since it was opened.</exception>
    public static void Write(
        SessionReader source,
        string path,
        SessionExportOptions options,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<ContextEntry> entries = options.FullTree
            ? [.. source.Entries.Where(entry => entry.Type == EntryType.Message)
                .Select(entry => new IndexedContextEntry(entry.Id, entry, source.ReadMessage))]
            : source.ReadContext().Entries;
        Write(source.Header, entries.Count, at => entries[at].Message, path, options, progress, cancellationToken);
    }

    /// <summary>Exports a session of another agent.</summary>
    internal static void Write(
        SaidSession source, string path, SessionExportOptions options, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<AgentMessage> messages = source.Messages;
        Write(source.Header, messages.Count, at => messages[at], path, options, progress, cancellationToken);
    }

    private static void Write(
        SessionHeader header,
        int count,
        Func<int, AgentMessage> read,
        string path,
        SessionExportOptions options,
        Action<int, int>? progress,
        CancellationToken cancellationToken)
    {
        var content = new ExportContent(options);
        ExportFile.Write(path, options.Overwrite, stream =>
        {
            using Transcript transcript = Create(stream, content, options.Format);
            for (int i = 0; i < count && transcript.HasPlan; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                transcript.Plan(read(i));
            }

            transcript.Begin(header);
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(i, count);
                transcript.Add(read(i));
            }

            transcript.End();
        });
    }

    private static Transcript Create(Stream stream, ExportContent content, ExportFormat format) => format switch
    {
        ExportFormat.Json => new JsonTranscript(stream, content),
        ExportFormat.Html => new HtmlTranscript(stream, content),
        _ => new MarkdownTranscript(stream, content),
    };
}
