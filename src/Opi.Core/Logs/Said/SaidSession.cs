namespace Opi;

/// <summary>A session of another agent, read whole, as entries in Opi's form.</summary>
internal sealed class SaidSession
{
    private SaidSession(string id, string path, IReadOnlyList<LogEntry> entries) => (Id, Path, Entries) = (id, path, entries);

    /// <summary>The session, in the agent's own naming.</summary>
    public string Id { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was said, in the order of the file.</summary>
    public IReadOnlyList<LogEntry> Entries { get; }

    /// <summary>The messages, each once: an event that repeats a message is left out if the message itself is there.</summary>
    public IReadOnlyList<AgentMessage> Messages
    {
        get
        {
            HashSet<string> texts = [.. Entries.Where(entry => !entry.IsRepeat).Select(entry => (entry.Entry as MessageEntry)?.Message.Text ?? "")];
            return
            [
                .. Entries.Where(entry => !entry.IsRepeat || !texts.Contains((entry.Entry as MessageEntry)?.Message.Text ?? ""))
                    .Select(entry => entry.Entry switch
                    {
                        MessageEntry message => message.Message,
                        CompactionEntry compaction => compaction.ToMessage(),
                        BranchSummaryEntry branch => (AgentMessage)branch.ToMessage(),
                        _ => null,
                    })
                    .OfType<AgentMessage>(),
            ];
        }
    }

    /// <summary>The entries by their ids, in the order of the file.</summary>
    public ILookup<string, OpiEntry> ToEntries() =>
        Entries.Select(entry => OpiEntry.Create(Id, entry.Entry, onActiveBranch: true)).ToLookup(entry => entry.Id, StringComparer.Ordinal);

    /// <summary>A header in Opi's form, which such a session does not have itself.</summary>
    public SessionHeader Header => new(
        Id,
        WireTime.ToText(Entries.FirstOrDefault(entry => entry.Time is not null)?.Time) ?? "",
        Entries.FirstOrDefault(entry => entry.Project is not null)?.Project ?? "",
        null);

    /// <summary>Reads a session.</summary>
    /// <param name="path">The file it is in.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="session">Its id, where the file has several; null for all of the file.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="SessionNotFoundException">There is no such file, or the session is not in it.</exception>
    /// <exception cref="InvalidSessionFileException">It cannot be read.</exception>
    public static SaidSession Read(string path, UsageSource source, string? session, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw SessionNotFoundException.ForPath(path);
        }

        UsageLog[] logs = [.. UsageScan.AllLogs.Where(log => log.Source == source && log.Messages is not null)
            .Select(log => new SaidLog(log, log.Messages!))];
        var file = new LogFile(path, new FileInfo(path).Length, logs.Length == 1 ? logs[0] : null);
        var entries = new List<LogEntry>();
        var part = new LogPart(file, 0, long.MaxValue);
        new SearchedPart(part, new SearchedFile(file, logs), new ByteSieve("", true), Add, cancellation).Run();
        if (file.ToFinding() is { IsUnread: true } finding)
        {
            throw new InvalidSessionFileException(path, 1, finding.Reason, finding.Error);
        }

        string? id = session ?? entries.Select(entry => entry.SessionId).FirstOrDefault(known => known is not null);
        return entries.Count > 0 ? new SaidSession(id ?? System.IO.Path.GetFileNameWithoutExtension(path), path, entries)
            : throw SessionNotFoundException.ForPath(path);

        void Add(LogEntry entry, Func<string, string> toolOf)
        {
            if (session is null || entry.SessionId is null || entry.SessionId == session)
            {
                entries.Add(entry.Entry is MessageEntry { Message: ToolResultMessage { ToolName: "" } result } message
                    ? entry with { Entry = message with { Message = result with { ToolName = toolOf(result.ToolCallId) } } }
                    : entry);
            }
        }
    }
}
