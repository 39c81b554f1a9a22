namespace Opi;

/// <summary>A response of Claude Code as it is kept until all files are read: a <see cref="ClaudeDraft"/> without its own texts.</summary>
internal struct ClaudeResponse
{
    private const long None = -1;

    private DateTimeOffset _time;
    private long _began;
    private UsageCounts _counts;
    private ClaudeOrigin _origin;
    private ClaudeRest? _rest;
    private int _webSearches;
    private ServiceTier _tier;
    private bool _hasTime;
    private bool _hasUniqueId;
    private bool _isNamed;
    private bool _isSidechain;

    /// <summary>Where its id begins in <see cref="ClaudeBlock"/>.</summary>
    public int IdStart { get; init; }

    /// <summary>How long its id is, in bytes.</summary>
    public int IdLength { get; init; }

    /// <summary>Whether it is known to be a copy; see <see cref="UsageDraft.IsReplay"/>.</summary>
    public bool IsReplay { get; set; }

    /// <summary>Whether another one has taken it in.</summary>
    public bool IsAbsorbed { get; set; }

    /// <summary>Whether there are others with the same id that are not the same response.</summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>When it came; null when the log does not say.</summary>
    public readonly DateTimeOffset? Time => _hasTime ? _time : null;

    /// <summary>The time of its first line, in ticks of UTC; null when the line does not say.</summary>
    public readonly long? Began => _began == None ? null : _began;

    /// <summary>Takes all that a draft says but its id.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="near">An origin that it may have too, so that not each response needs its own.</param>
    /// <returns>Its origin.</returns>
    public ClaudeOrigin Pack(ClaudeDraft draft, ClaudeOrigin? near)
    {
        _time = draft.Timestamp ?? default;
        _hasTime = draft.Timestamp is not null;
        _began = draft.Began?.UtcTicks ?? None;
        _counts = draft.Counts;
        _rest = ClaudeRest.Of(draft);
        (_webSearches, _tier) = (draft.WebSearches, draft.Tier);
        (_hasUniqueId, _isNamed) = (draft.HasUniqueId, draft.IsNamed);
        (_isSidechain, IsReplay) = (draft.IsSidechain, draft.IsReplay);
        return _origin = near is not null && near.IsOf(draft) ? near : ClaudeOrigin.Of(draft);
    }

    /// <summary>Gives a draft all that was packed.</summary>
    public readonly void Unpack(ClaudeDraft draft)
    {
        draft.Clear();
        draft.Source = UsageSource.ClaudeCode;
        draft.Timestamp = Time;
        draft.Began = _began == None ? null : new DateTimeOffset(_began, TimeSpan.Zero);
        draft.Counts = _counts;
        draft.SessionId = _origin.SessionId;
        draft.Project = _origin.Project;
        draft.Path = _origin.Path;
        draft.Model = _origin.Model;
        draft.Provider = _origin.Provider;
        draft.WebSearches = _webSearches;
        draft.Tier = _tier;
        draft.HasUniqueId = _hasUniqueId;
        draft.IsNamed = _isNamed;
        draft.IsSidechain = _isSidechain;
        draft.IsReplay = IsReplay;
        draft.RequestId = _rest?.RequestId;
        draft.Billing = _rest?.Billing;
        draft.LoggedCost = _rest?.LoggedCost;
        draft.Advisors = _rest?.Advisors ?? [];
    }

    /// <summary>Takes another one in, as drafts do.</summary>
    public void Absorb(ref ClaudeResponse other)
    {
        ClaudeDraft draft = ToDraft();
        draft.Absorb(other.ToDraft());
        Pack(draft, _origin);
        other.IsAbsorbed = true;
    }

    /// <summary>Whether one with the same id is the same response.</summary>
    public readonly bool IsSame(in ClaudeResponse other) => _hasUniqueId || ToDraft().IsSameResponse(other.ToDraft());

    private readonly ClaudeDraft ToDraft()
    {
        var draft = new ClaudeDraft();
        Unpack(draft);
        return draft;
    }
}
