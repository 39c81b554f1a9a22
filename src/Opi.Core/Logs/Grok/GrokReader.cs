namespace Opi;

/// <summary>Reads the turns of a session of Grok Build.</summary>
internal sealed class GrokReader(LogPart part) : LogValueReader(part)
{
    /// <summary>How long after a turn its line is written at most. A copy in a fork has the time of the fork.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    private static readonly CountNames Names = new(
        ("inputTokens", CountKind.Input), ("outputTokens", CountKind.Output), ("cachedReadTokens", CountKind.CacheRead),
        ("cacheCreationTokens", CountKind.CacheWrite), ("reasoningTokens", CountKind.Reasoning), ("totalTokens", CountKind.Ignored),
        ("modelCalls", CountKind.Ignored), ("costUsdTicks", CountKind.Ignored), ("apiDurationMs", CountKind.Ignored),
        ("numTurns", CountKind.Ignored));

    private readonly Dictionary<string, int> _turns = new(StringComparer.Ordinal);
    private string? _project;
    private string? _sessionModel;
    private bool _isFork;
    private bool _isSummaryRead;

    protected override void Read(LogValue value)
    {
        LogValue parameters = value["params"u8], update = parameters["update"u8];
        LogValue usage = update["usage"u8];
        if (!update["sessionUpdate"u8].Is("turn_completed"u8) || !usage.IsObject)
        {
            Answers += update["sessionUpdate"u8].Is("turn_completed"u8) ? 1 : 0;
            return;
        }

        if (!_isSummaryRead)
        {
            _isSummaryRead = true;
            LogValue summary = Parse(ReadBeside(Path.Combine(LogPath.FolderAbove(Part.File.Path, 1), "summary.json")));
            _project = summary["info"u8]["cwd"u8].Text;
            _sessionModel = summary["current_model_id"u8].Text;
            _isFork = summary["parent_session_id"u8].Text is not null;
        }

        DateTimeOffset? written = value["timestamp"u8].UnixTime;
        DateTimeOffset? time = parameters["_meta"u8]["agentTimestampMs"u8].UnixTime ?? written;
        string? turn = update["prompt_id"u8].Text, session = parameters["sessionId"u8].Text;
        bool isCopy = _isFork && written - time > Delay;
        if (usage["modelUsage"u8] is { IsObject: true } models)
        {
            foreach (LogMember model in models.Members)
            {
                AddTurn(model.Value, LogText.Read(model.Name), turn, session, time, isCopy);
            }
        }
        else
        {
            AddTurn(usage, null, turn, session, time, isCopy);
        }
    }

    /// <summary>Adds a turn of a model. One that is written again takes the place of the one before.</summary>
    private void AddTurn(LogValue usage, string? model, string? turn, string? session, DateTimeOffset? time, bool isCopy)
    {
        CountTally tally = Names.Read(usage);
        int before = Part.Drafts.Count;
        string key = turn is null ? FormattableString.Invariant($"grok:{session}:{time?.UtcTicks}:{model}") : $"grok:{turn}:{model}";
        Add(
            new UsageDraft
            {
                Source = UsageSource.Grok,
                Timestamp = time,
                SessionId = session,
                Project = _project,
                Model = model ?? _sessionModel,
                Provider = "xai",
                Counts = tally.Within(),
                LoggedCost = usage["costUsdTicks"u8].Money / 10_000_000_000m,
                Billing = usage["modelCalls"u8].Number > 1 ? BillingDetails.Plain with { ContextTokens = 0 } : null,
                IsReplay = isCopy,
                Key = key,
            },
            ref tally);
        if (Part.Drafts.Count == before)
        {
            return;
        }

        if (_turns.TryGetValue(key, out int place))
        {
            Part.Drafts[place] = Part.Drafts[^1];
            Part.Drafts.RemoveAt(before);
        }
        else
        {
            _turns.Add(key, before);
        }
    }
}
