using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Reads the responses of a session's file. It can go on with what was added since.</summary>
internal sealed class OpiReader(LogPart part)
{
    /// <summary>As far as the clocks of a message and of its line may differ in a turn that was written when it was made.</summary>
    private static readonly TimeSpan Moments = TimeSpan.FromMinutes(1);

    private static readonly long FirstTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly RepeatedEntries _repeated = new();
    private readonly List<(IndexedEntry Prompt, int Turn)> _idle = [];
    private SessionHeader? _header;
    private IndexedEntry? _first;
    private IndexedEntry? _prompt; // of the turn, while it has no response
    private string? _model;
    private int _turn;
    private long _line;
    private bool _afterFault;

    /// <summary>Where it goes on.</summary>
    public long Position { get; private set; }

    /// <summary>Reads what was not read yet.</summary>
    /// <exception cref="OpiException">It is not a session, or cannot be read.</exception>
    public void Read(CancellationToken cancellation)
    {
        string path = part.File.Path;
        using SafeFileHandle file = SessionReader.OpenHandle(path);
        using var lines = new OpiLines();
        if (_header is null)
        {
            SessionIndex session;
            try
            {
                session = SessionIndexer.Index(file, path, cancellation);
            }
            catch (InvalidSessionFileException error) when (HasNoLine(file))
            {
                // its process died, or is making it now
                part.File.Fail("a session whose first line was never finished, so that nothing is in it", error, isEmpty: true);
                return;
            }

            _header = session.Header;
            if (!session.Recovery.IsClean)
            {
                part.File.Recover(_header.Id, session.Recovery);
            }

            part.File.Began = _header.CreatedAt;
            session.Entries.ForEach(entry => Add(entry, lines));
            (Position, _line) = (session.Recovery.TornTailOffset ?? session.Length, session.Lines);
        }
        else
        {
            ReadAdded(file, lines, cancellation);
        }

        IReadOnlyList<(IndexedEntry, int)> idle = _prompt is null ? [.. _idle] : [.. _idle, (_prompt, _turn)];
        part.State = new OpiFile(path, _header, _first) { IdlePrompts = idle };
    }

    /// <summary>
    /// Whether a file is empty or has only the beginning of a header: a session's first answer comes after it. Bytes that no writer
    /// writes there may have replaced lost ones.
    /// </summary>
    private static bool HasNoLine(SafeFileHandle file)
    {
        const int LongestHeader = 1 << 16;
        byte[] head = new byte[Math.Min(RandomAccess.GetLength(file), LongestHeader)];
        int read = RandomAccess.Read(file, head, 0);
        return read == 0 || (read < LongestHeader && head[0] == (byte)'{' && !head.AsSpan(0, read).ContainsAnyInRange((byte)0, (byte)0x1F));
    }

    private void ReadAdded(SafeFileHandle file, OpiLines compared, CancellationToken cancellation)
    {
        var shared = new SessionIndexer.SharedTexts();
        using var lines = new LineReader(file, Position);
        while (lines.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            _line++;
            try
            {
                if (!SessionIndexer.IsBlank(lines.Line))
                {
                    Add(SessionIndexer.Describe(lines.Line, _header!.Version, _line, lines.Offset, _afterFault, ref shared), compared);
                    _afterFault = false;
                }
            }
            catch (WireException fault)
            {
                if (!lines.Complete)
                {
                    _line--;
                    break; // its writer is not done with it
                }

                part.File.Skip(fault.Message);
                _afterFault = true;
            }

            Position = lines.NextOffset;
        }
    }

    private void Add(IndexedEntry entry, OpiLines lines)
    {
        _first ??= entry;
        if (entry.Role == EntryRole.User)
        {
            if (_prompt is not null)
            {
                _idle.Add((_prompt, _turn));
            }

            (_prompt, _turn) = (entry, _turn + 1);
        }

        if (entry.Usage is { } usage)
        {
            _prompt = null;
            OpiDraft draft = ToDraft(part.File.Path, _header!, entry, usage, entry.Model ?? _model, _turn);
            if (_repeated.Find(entry) is not { } earlier)
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
            _model = entry.Model ?? _model;
        }
    }

    /// <summary>
    /// When a response was made: the time of its line, except for an imported one, whose message was made long before. A message time that is
    /// older than any model is ignored.
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
            IsCompaction = entry.Type is EntryType.Compaction or EntryType.CompactionFailure,
            HasFailed = entry.Type == EntryType.CompactionFailure,
            Path = path,
            Entry = entry,
        };
    }
}
