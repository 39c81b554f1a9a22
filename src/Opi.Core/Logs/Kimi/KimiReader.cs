namespace Opi;

/// <summary>Reads what one agent of a session of Kimi Code or kimi-cli did.</summary>
internal sealed class KimiReader(LogPart part) : LogValueReader(part)
{
    private static readonly CountNames Names = new(
        ("inputOther", CountKind.Input), ("input_other", CountKind.Input), ("output", CountKind.Output),
        ("inputCacheRead", CountKind.CacheRead), ("input_cache_read", CountKind.CacheRead),
        ("inputCacheCreation", CountKind.CacheWrite), ("input_cache_creation", CountKind.CacheWrite));

    private readonly KimiPlace _place = KimiPlace.Of(part.File.Path);
    private bool _isPlaceRead;
    private string? _model;
    private string? _alias;
    private string? _provider;

    protected override void Read(LogValue value)
    {
        LogValue type = value["type"u8], message = value["message"u8];
        if (type.Is("usage.record"u8))
        {
            string? named = value["model"u8].Text;
            bool isAlias = named == _alias || named is null;
            Add(value["usage"u8], value["time"u8].UnixTime, null, isAlias ? _model ?? named : named, isAlias ? _provider : null);
        }
        else if (type.Is("llm.request"u8))
        {
            (_model, _alias, _provider) = (value["model"u8].Text, value["modelAlias"u8].Text, value["provider"u8].Text);
        }
        else if (type.Is("forked"u8))
        {
            Part.Drafts.ForEach(draft => draft.IsReplay = true);
        }
        else if (!type.IsText && message.IsObject)
        {
            ReadUpdate(message, value["timestamp"u8].UnixTime, isSubagent: false);
        }
    }

    /// <summary>Reads a line of kimi-cli. What a subagent did is in its own file too, with the same ids.</summary>
    private void ReadUpdate(LogValue message, DateTimeOffset? time, bool isSubagent)
    {
        LogValue payload = message["payload"u8];
        if (message["type"u8].Is("SubagentEvent"u8))
        {
            ReadUpdate(payload["event"u8], time, isSubagent: true);
        }
        else if (message["type"u8].Is("StatusUpdate"u8) && payload["token_usage"u8] is { IsObject: true } usage)
        {
            ReadPlace();
            string? model = _place.DefaultModel;
            int slash = model?.LastIndexOf('/') ?? -1;
            Add(usage, time, payload["message_id"u8].Text, slash < 0 ? model : model![(slash + 1)..], slash < 0 ? null : model![..slash], isSubagent);
        }
    }

    private void Add(LogValue usage, DateTimeOffset? time, string? id, string? model, string? provider, bool isSubagent = false)
    {
        ReadPlace();
        CountTally tally = Names.Read(usage);
        UsageCounts counts = tally.Apart();
        Add(
            new UsageDraft
            {
                Source = UsageSource.Kimi,
                Timestamp = time,
                SessionId = _place.SessionId,
                Project = _place.Project,
                Model = model,
                Provider = provider,
                Counts = counts,
                IsSidechain = isSubagent || _place.IsSubagent,
                ResponseId = id,
                Key = id is not null
                    ? $"kimi:{id}"
                    : FormattableString.Invariant(
                        $"kimi:{time?.UtcTicks}:{counts.Input}/{counts.Output}/{counts.CacheRead}/{counts.CacheWrite}"),
            },
            ref tally);
    }

    private void ReadPlace()
    {
        if (!_isPlaceRead)
        {
            _isPlaceRead = true;
            _place.Read(ReadBeside);
        }
    }
}
