using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Opi's own sessions.</summary>
internal sealed class OpiLog : UsageLog
{
    public override UsageSource Source => UsageSource.Opi;

    public override bool RefusesForeign => true;

    public override bool Enters(DirectoryInfo folder) => false;

    public override IEnumerable<string> Folders() => [SessionStore.DefaultFolder()];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override bool Recognises(LogHead head) =>
        head.Type == "session" && (head.Has("parent_session") || head.Has("runtime_input_binding") || head.Version == 1);

    /// <summary>
    /// Each answer, and each summary that a model was paid for, a failed one too, is a response. Its key is made of the session that it was first written in,
    /// its id and its time: a fork copies entries byte for byte, and what is older than the fork itself is such a copy.
    /// </summary>
    public override void Read(LogPart part, CancellationToken cancellation)
    {
        using SessionReader session = SessionReader.Open(part.File.Path, cancellation);
        SessionHeader header = session.Header;
        if (session.Recovery.CorruptLines > 0)
        {
            part.File.Skip("a corrupt line", session.Recovery.CorruptLines);
        }

        part.File.Began = header.CreatedAt;
        string? model = null;
        int turn = 0;
        foreach (IndexedEntry entry in session.Entries)
        {
            turn += entry.Role == EntryRole.User ? 1 : 0;
            if (entry.Type == EntryType.ModelChange)
            {
                model = entry.Model;
            }
            else if (entry.Usage is { } usage)
            {
                (string provider, string name) = ModelName.Split(entry.Model ?? model);
                part.Drafts.Add(new OpiDraft
                {
                    Source = Source,
                    Timestamp = WireTime.Parse(entry.Timestamp),
                    SessionId = header.Id,
                    Project = header.WorkingDirectory,
                    Model = name.Length == 0 ? null : name,
                    Provider = provider.Length == 0 ? null : provider,
                    Counts = new UsageCounts(usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens)
                    {
                        CacheWrite1h = usage.CacheWrite1hTokens,
                        Reasoning = usage.ReasoningTokens,
                    },
                    IsKnown = usage.IsKnown,
                    Turn = turn,
                    Path = part.File.Path,
                    ParentSession = header.ParentSession,
                    CreatedAt = header.CreatedAt,
                    Entry = entry,
                });
            }
        }
    }

    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var sessions = new Dictionary<string, Dictionary<string, OpiDraft>>(StringComparer.Ordinal);
        OpiDraft[] drafts = [.. InOrderOfTime(parts).SelectMany(part => part.Drafts).Cast<OpiDraft>()];
        foreach (OpiDraft draft in drafts)
        {
            if (!sessions.TryGetValue(draft.SessionId!, out Dictionary<string, OpiDraft>? entries))
            {
                sessions.Add(draft.SessionId!, entries = new Dictionary<string, OpiDraft>(StringComparer.Ordinal));
            }

            entries.TryAdd(draft.EntryKey, draft);
        }

        var responses = new Dictionary<string, OpiDraft>(StringComparer.Ordinal);
        foreach (OpiDraft draft in drafts)
        {
            cancellation.ThrowIfCancellationRequested();
            string origin = OriginOf(draft, sessions);
            draft.Key = $"opi:{origin}:{draft.EntryKey}";
            if (!responses.TryAdd(draft.Key, draft) && draft.SessionId == origin)
            {
                responses[draft.Key] = draft; // a fork may have been read before what it was forked from
            }
        }

        return responses.Values;
    }

    /// <summary>The session that a response was first written in: the oldest ancestor that has it.</summary>
    private static string OriginOf(OpiDraft draft, Dictionary<string, Dictionary<string, OpiDraft>> sessions)
    {
        for (int steps = 0; draft.ParentSession is { } parent && draft.Timestamp <= draft.CreatedAt && steps <= sessions.Count; steps++)
        {
            if (!sessions.TryGetValue(parent, out Dictionary<string, OpiDraft>? entries))
            {
                return parent;
            }

            if (!entries.TryGetValue(draft.EntryKey, out OpiDraft? original) || !IsCopy(draft, original))
            {
                break;
            }

            draft = original;
        }

        return draft.SessionId!;
    }

    /// <summary>Whether an entry is a copy of one of the same id and second. Both may have come after the fork, if within its second.</summary>
    private static bool IsCopy(OpiDraft draft, OpiDraft original) =>
        draft.Timestamp < draft.CreatedAt
        || (draft.Entry.Length == original.Entry.Length && LineOf(draft).AsSpan().SequenceEqual(LineOf(original)));

    private static byte[] LineOf(OpiDraft draft)
    {
        using SafeFileHandle file = File.OpenHandle(draft.Path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] line = new byte[draft.Entry.Length];
        int length = RandomAccess.Read(file, line, draft.Entry.Offset);
        return line[..length];
    }

    private sealed class OpiDraft : UsageDraft
    {
        public string? ParentSession { get; init; }

        public DateTimeOffset? CreatedAt { get; init; }

        public required IndexedEntry Entry { get; init; }

        public string EntryKey => $"{Entry.Id}:{Entry.Timestamp}";
    }
}
