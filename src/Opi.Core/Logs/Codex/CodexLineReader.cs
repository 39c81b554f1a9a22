namespace Opi;

/// <summary>
/// Reads the lines of a rollout of Codex: <c>{"timestamp", "type", "payload"}</c>, or the events that <c>codex exec --json</c> prints.
/// </summary>
internal sealed class CodexLineReader(LogPart part) : ObjectLineReader(part)
{
    private readonly CodexThread _thread = new();
    private CodexContext _context = new(null, null, ServiceTier.Standard);
    private bool _named;
    private bool _afterOwnMeta;

    public override void End() => Part.State = _thread;

    protected override bool ReadObject(ref JsonCursor json)
    {
        JsonString type = default, timestamp = default;
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
                if (type.Is("response_item"u8) || type.Is("compacted"u8))
                {
                    return false; // the bulk of the file, and no usage in it
                }
            }
            else if (name.Is("thread_id"u8))
            {
                JsonString id = default;
                LogText.Take(ref json, ref id);
                _thread.Id ??= id.Raw.IsEmpty ? null : LogText.Read(id);
            }
            else if (name.Is("usage"u8) && json.AtObject())
            {
                _thread.Counts.Add(new CodexCount(LogText.ReadTime(timestamp), ReadTokens(ref json), null, _context));
            }
            else if ((name.Is("payload"u8) || name.Is("msg"u8)) && json.AtObject())
            {
                DateTimeOffset? time = LogText.ReadTime(timestamp);
                Part.File.Began ??= time;
                ReadPayload(ref json, type, time);
            }
            else
            {
                json.Skip();
            }
        }

        return true;
    }

    private void ReadPayload(ref JsonCursor json, JsonString type, DateTimeOffset? time)
    {
        var payload = new Payload();
        payload.Read(ref json, ownsTokens: !type.Is("token_usage_record"u8));
        bool isMeta = type.Is("session_meta"u8), isOwnMeta = isMeta && !_named;
        if (isOwnMeta)
        {
            _named = true;
            _thread.Began = time;
            _thread.Id = Text(payload.Id) ?? Text(payload.SessionId);
            _thread.ParentId = Text(payload.ForkedFrom) ?? Text(payload.Parent);
            _thread.Provider = Text(payload.Provider);
            _thread.Project = Text(payload.Cwd);
            _thread.IsSubagent = payload.IsSubagent;
        }
        else if (isMeta && _afterOwnMeta && _thread.ParentId is null && Text(payload.Id) is { } other && other != _thread.Id)
        {
            _thread.ParentId = other; // in a fork the parent's follows at once
        }
        else if (type.Is("turn_context"u8))
        {
            _context = _context with { Model = Text(payload.Model) ?? _context.Model, Project = Text(payload.Cwd) ?? _context.Project };
        }
        else if (payload.TriggersTurn)
        {
            _thread.ReplayedCounts ??= _thread.Counts.Count;
        }
        else if (payload.Type.Is("thread_settings_applied"u8))
        {
            _context = _context with { Tier = payload.Tier };
        }
        else if (type.Is("token_usage_record"u8) || payload.Type.Is("token_usage_record"u8))
        {
            if (payload.Usage is { } usage && Text(payload.ResponseId) is { } id)
            {
                _thread.Records.Add(new CodexRecord(time, id, usage, payload.ThreadTotal, _context));
            }
        }
        else if (payload.Type.Is("token_count"u8) && (payload.Total ?? payload.Last ?? payload.Own) is not null)
        {
            _thread.Counts.Add(new CodexCount(time, payload.Total ?? payload.Own, payload.Last, _context));
        }

        _afterOwnMeta = isOwnMeta;
    }

    private static string? Text(JsonString text) => text.Raw.IsEmpty ? null : LogText.Read(text);

    private static CodexTokens ReadTokens(ref JsonCursor json)
    {
        var tokens = new Tokens();
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (!tokens.TryRead(name, ref json))
            {
                json.Skip();
            }
        }

        return tokens.Value;
    }

    private ref struct Tokens
    {
        private long _input;
        private long _cached;
        private long _cacheWrite;
        private long _output;
        private long _reasoning;

        public readonly CodexTokens Value => new(_input, _cached, _cacheWrite, _output, _reasoning);

        public bool TryRead(JsonString name, ref JsonCursor json)
        {
            if (name.Is("input_tokens"u8))
            {
                _input = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cached_input_tokens"u8))
            {
                _cached = LogText.ReadTokens(ref json);
            }
            else if (name.Is("cache_write_input_tokens"u8))
            {
                _cacheWrite = LogText.ReadTokens(ref json);
            }
            else if (name.Is("output_tokens"u8))
            {
                _output = LogText.ReadTokens(ref json);
            }
            else if (name.Is("reasoning_output_tokens"u8))
            {
                _reasoning = LogText.ReadTokens(ref json);
            }
            else
            {
                return false;
            }

            return true;
        }
    }

    private ref struct Payload
    {
        public JsonString Type;
        public JsonString Id;
        public JsonString SessionId;
        public JsonString ForkedFrom;
        public JsonString Parent;
        public JsonString Provider;
        public JsonString Cwd;
        public JsonString Model;
        public JsonString ResponseId;
        public ServiceTier Tier;
        public bool IsSubagent;
        public bool TriggersTurn;
        public CodexTokens? Total;
        public CodexTokens? Last;
        public CodexTokens? Own;
        public CodexTokens? Usage;
        public CodexTokens? ThreadTotal;

        public void Read(ref JsonCursor json, bool ownsTokens)
        {
            var own = new Tokens();
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                if (name.Is("type"u8))
                {
                    LogText.Take(ref json, ref Type);
                }
                else if (name.Is("id"u8))
                {
                    LogText.Take(ref json, ref Id);
                }
                else if (name.Is("session_id"u8))
                {
                    LogText.Take(ref json, ref SessionId);
                }
                else if (name.Is("forked_from_id"u8))
                {
                    LogText.Take(ref json, ref ForkedFrom);
                }
                else if (name.Is("parent_thread_id"u8))
                {
                    LogText.Take(ref json, ref Parent);
                }
                else if (name.Is("model_provider"u8))
                {
                    LogText.Take(ref json, ref Provider);
                }
                else if (name.Is("cwd"u8))
                {
                    LogText.Take(ref json, ref Cwd);
                }
                else if (name.Is("model"u8))
                {
                    LogText.Take(ref json, ref Model);
                }
                else if (name.Is("response_id"u8))
                {
                    LogText.Take(ref json, ref ResponseId);
                }
                else if (name.Is("trigger_turn"u8))
                {
                    TriggersTurn = json.Skip().SequenceEqual("true"u8);
                }
                else if ((name.Is("info"u8) || name.Is("source"u8) || name.Is("thread_settings"u8)) && json.AtObject())
                {
                    ReadInner(ref json);
                }
                else if (name.Is("usage"u8) && json.AtObject())
                {
                    Usage = ReadTokens(ref json);
                }
                else if (name.Is("thread_token_usage"u8) && json.AtObject())
                {
                    ThreadTotal = ReadTokens(ref json);
                }
                else if (ownsTokens && own.TryRead(name, ref json))
                {
                    Own = own.Value;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        /// <summary>What stands one or two levels deeper: the counts, the settings, whose subagent it is.</summary>
        private void ReadInner(ref JsonCursor json)
        {
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                if (name.Is("total_token_usage"u8) && json.AtObject())
                {
                    Total = ReadTokens(ref json);
                }
                else if (name.Is("last_token_usage"u8) && json.AtObject())
                {
                    Last = ReadTokens(ref json);
                }
                else if (name.Is("service_tier"u8))
                {
                    JsonString tier = default;
                    LogText.Take(ref json, ref tier);
                    Tier = tier.Is("priority"u8) || tier.Is("fast"u8) ? ServiceTier.Priority
                        : tier.Is("flex"u8) ? ServiceTier.Flex
                        : ServiceTier.Standard;
                }
                else if (name.Is("subagent"u8))
                {
                    IsSubagent = true;
                    if (json.AtObject())
                    {
                        ReadInner(ref json);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
                else if (name.Is("thread_spawn"u8) && json.AtObject())
                {
                    ReadInner(ref json);
                }
                else if (name.Is("parent_thread_id"u8))
                {
                    LogText.Take(ref json, ref Parent);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }
}
