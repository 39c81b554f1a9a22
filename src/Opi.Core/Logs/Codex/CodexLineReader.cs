namespace Opi;

/// <summary>
/// Reads the lines of a rollout of Codex: <c>{"timestamp", "type", "payload"}</c>, or the events that <c>codex exec --json</c> prints. The
/// members of a line may be in any order.
/// </summary>
internal sealed class CodexLineReader(LogPart part) : ObjectLineReader(part)
{
    private readonly CodexThread _thread = new();
    private CodexContext _context = new(null, null, default);
    private bool _named;
    private bool _afterOwnMeta;
    private bool _afterGap;
    private bool _inReview;

    public override void End()
    {
        Part.State = _thread;
        Part.File.HasResponses = _thread.Counts.Count + _thread.Records.Count > 0;
    }

    protected override void Skip(string reason)
    {
        base.Skip(reason);
        _afterGap = true;
    }

    protected override bool ReadObject(ref JsonCursor json)
    {
        JsonString type = default, timestamp = default, threadId = default;
        var payload = new CodexPayload();
        CodexTokens? usage = null;
        var unknown = new UnknownMembers();
        bool hasPayload = false;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("timestamp"u8))
            {
                LogText.Take(ref json, ref timestamp);
            }
            else if (name.Is("type"u8))
            {
                LogText.Take(ref json, ref type);
                if (type.Is("compacted"u8) || (type.Is("response_item"u8) && (Answers > 0 || _thread.Counts.Count > 0)))
                {
                    return false; // the bulk of the file, and no usage in it
                }
            }
            else if (name.Is("thread_id"u8))
            {
                LogText.Take(ref json, ref threadId);
            }
            else if (name.Is("usage"u8) && json.AtObject())
            {
                usage = CodexTokenReader.Read(ref json, ref unknown);
            }
            else if ((name.Is("payload"u8) || name.Is("msg"u8)) && json.AtObject())
            {
                hasPayload = true;
                payload.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        DateTimeOffset? time = LogText.ReadTime(timestamp);
        _thread.Id ??= Text(threadId);
        if (payload.IsLost || (unknown.HasBadCount && usage is { Total: 0 }))
        {
            Skip(NoCount);
            return true;
        }

        if (hasPayload)
        {
            Part.File.Began ??= time;
            Take(ref payload, type, time);
        }

        if (usage is { } counts)
        {
            Add(new CodexCount(time, counts, null, _context, unknown));
        }

        return true;
    }

    private void Take(scoped ref CodexPayload payload, JsonString type, DateTimeOffset? time)
    {
        bool isMeta = type.Is("session_meta"u8), isOwnMeta = isMeta && !_named;
        if (isOwnMeta)
        {
            _named = true;
            _thread.Began = time;
            _thread.Id = Text(payload.Id) ?? Text(payload.SessionId);
            _thread.IsFork = !payload.ForkedFrom.Raw.IsEmpty;
            _thread.ParentId = Text(payload.ForkedFrom) ?? Text(payload.Parent);
            _thread.Provider = Text(payload.Provider);
            _thread.Project = Text(payload.Cwd);
            _thread.IsSubagent = payload.IsSubagent;
        }
        else if (isMeta && Text(payload.Id) is { } other && other != _thread.Id)
        {
            if (_afterOwnMeta && _thread.ParentId is null)
            {
                (_thread.ParentId, _thread.IsFork) = (other, true); // in a fork the parent's follows at once
            }

            _thread.Ancestors.Add(other);
            if (Text(payload.ForkedFrom) is { } origin)
            {
                _thread.Ancestors.Add(origin);
            }
        }
        else if (type.Is("turn_context"u8))
        {
            _context = new CodexContext(
                Text(payload.Model) ?? _context.Model, Text(payload.Cwd) ?? _context.Project, payload.Tier ?? _context.Tier);
        }
        else if (payload.TriggersTurn)
        {
            _thread.ReplayedCounts ??= _thread.Counts.Count;
        }
        else if (payload.Type.Is("thread_settings_applied"u8))
        {
            _context = _context with { Tier = payload.Tier.GetValueOrDefault() };
        }
        else if (type.Is("token_usage_record"u8) || payload.Type.Is("token_usage_record"u8))
        {
            if (payload.Usage is { } usage && Text(payload.ResponseId) is { } id)
            {
                _thread.Records.Add(
                    new CodexRecord(time, id, usage, payload.ThreadTotal, ContextOf(ref payload), _thread.Counts.Count, payload.Unknown));
            }
        }
        else if (payload.Type.Is("token_count"u8) && (payload.Total ?? payload.Last ?? payload.Own) is not null)
        {
            Add(new CodexCount(time, payload.Total ?? payload.Own, payload.Last, ContextOf(ref payload), payload.Unknown));
        }
        else if (payload.Type.Is("entered_review_mode"u8) || payload.Type.Is("exited_review_mode"u8))
        {
            _inReview = payload.Type.Is("entered_review_mode"u8);
        }
        else if (payload.Type.Is("agent_message"u8) || payload.Role.Is("assistant"u8))
        {
            Answers++;
        }

        _afterOwnMeta = isOwnMeta;
    }

    private void Add(CodexCount count)
    {
        _thread.Counts.Add(count with { IsAfterGap = _afterGap, IsInReview = _inReview });
        _afterGap = false;
    }

    private CodexContext ContextOf(scoped ref CodexPayload payload) =>
        payload.Tier is { } tier && tier.Or(_context.Tier) is var served && served != _context.Tier ? _context with { Tier = served } : _context;

    private static string? Text(JsonString text) => text.Raw.IsEmpty ? null : LogText.Read(text);
}
