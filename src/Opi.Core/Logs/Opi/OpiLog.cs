using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Opi's own sessions.</summary>
internal sealed class OpiLog : UsageLog
{
    /// <summary>As far as the clocks of a message and of its line may differ in a turn that was written when it was made.</summary>
    private static readonly TimeSpan Moments = TimeSpan.FromMinutes(1);

    private static readonly long FirstTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public override UsageSource Source => UsageSource.Opi;

    public override IReadOnlyList<string> Variables => ["OPI_SESSIONS_DIR"];

    public override bool RefusesForeign => true;

    public override bool Enters(DirectoryInfo folder) => false;

    public override IEnumerable<string> Folders() => [SessionStore.DefaultFolder()];

    public override bool IsLog(string path) => path.EndsWith(SessionStore.Extension, StringComparison.Ordinal);

    public override LogMatch Match(LogHead head) =>
        head.Type == "session" && (head.Has("parent_session") || head.Has("runtime_input_binding") || head.Version == 1)
            ? LogMatch.Sure
            : LogMatch.None;

    /// <summary>
    /// Each answer, and each summary that a model was paid for, a failed one too, is a response. One that names no model has the model in
    /// force at that point of the file: that of the answer or the change of model before it. A line that stands twice is one response.
    /// </summary>
    public override void Read(LogPart part, CancellationToken cancellation)
    {
        using SafeFileHandle file = SessionReader.OpenHandle(part.File.Path);
        SessionIndex session;
        try
        {
            session = SessionIndexer.Index(file, part.File.Path, cancellation);
        }
        catch (InvalidSessionFileException) when (HasNoLine(file))
        {
            part.File.Fail("a session whose first line was never finished, so that nothing is in it"); // its process died, or is making it now
            return;
        }

        SessionHeader header = session.Header;
        if (!session.Recovery.IsClean)
        {
            part.File.Recover(header.Id, session.Recovery);
        }

        part.File.Began = header.CreatedAt;
        var repeated = new RepeatedEntries();
        using var lines = new OpiLines();
        var idle = new List<(IndexedEntry Prompt, int Turn)>();
        IndexedEntry? prompt = null; // of the turn, while it has no response
        string? model = null;
        int turn = 0;
        foreach (IndexedEntry entry in session.Entries)
        {
            if (entry.Role == EntryRole.User)
            {
                NoteIdle();
                (prompt, turn) = (entry, turn + 1);
            }

            if (entry.Usage is { } usage)
            {
                prompt = null;
                OpiDraft draft = ToDraft(part.File.Path, header, entry, usage, entry.Model ?? model, turn);
                if (repeated.Find(entry) is not { } earlier)
                {
                    part.Drafts.Add(draft);
                }
                else if (!lines.AreSame(part.File.Path, entry, part.File.Path, earlier))
                {
                    draft.Line = entry.Line;
                    part.Drafts.Add(draft);
                }
            }

            if (entry.Type == EntryType.ModelChange || entry.Role == EntryRole.Assistant)
            {
                model = entry.Model ?? model;
            }
        }

        NoteIdle();
        part.State = new OpiFile(part.File.Path, header, session.Entries.FirstOrDefault()) { IdlePrompts = idle };

        void NoteIdle()
        {
            if (prompt is not null)
            {
                idle.Add((prompt, turn));
            }
        }
    }

    public override UsageMerge OpenMerge(UsageQuery query) => new OpiMerge(query);

    /// <summary>
    /// When a response was made: when its line was written, but for an imported one, whose message was made long before. A message whose time is
    /// before any model's is one that does not tell.
    /// </summary>
    private static DateTimeOffset? TimeOf(IndexedEntry entry)
    {
        DateTimeOffset? written = WireTime.Parse(entry.Timestamp);
        DateTimeOffset? made = entry.MadeMs >= FirstTime ? WireTime.FromUnixMilliseconds(entry.MadeMs) : null;
        return made is { } time && (written is not { } line || (line - time).Duration() > Moments) ? time : written;
    }

    private static OpiDraft ToDraft(string path, SessionHeader header, IndexedEntry entry, Usage usage, string? model, int turn)
    {
        (string provider, string name) = ModelName.Split(model);
        return new OpiDraft
        {
            Source = UsageSource.Opi,
            Timestamp = TimeOf(entry),
            SessionId = header.Id,
            Project = header.WorkingDirectory,
            Model = name.Length == 0 ? null : name,
            Provider = provider.Length == 0 ? null : provider,
            Counts = new UsageCounts(usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens)
            {
                CacheWrite1h = usage.CacheWrite1hTokens,
                Reasoning = usage.ReasoningTokens,
            },
            Tier = usage.Billing?.Tier ?? ServiceTier.Standard,
            WebSearches = usage.Billing?.WebSearches ?? 0,
            Billing = usage.Billing,
            IsKnown = usage.IsKnown,
            Turn = turn,
            Path = path,
            Entry = entry,
        };
    }

    /// <summary>
    /// Whether a file is empty or has the beginning of a header and no more: a session's first answer stands behind it. Bytes that no writer
    /// writes there may stand in the place of lost ones.
    /// </summary>
    private static bool HasNoLine(SafeFileHandle file)
    {
        const int LongestHeader = 1 << 16;
        byte[] head = new byte[Math.Min(RandomAccess.GetLength(file), LongestHeader)];
        int read = RandomAccess.Read(file, head, 0);
        return read == 0 || (read < LongestHeader && head[0] == (byte)'{' && !head.AsSpan(0, read).ContainsAnyInRange((byte)0, (byte)0x1F));
    }
}
