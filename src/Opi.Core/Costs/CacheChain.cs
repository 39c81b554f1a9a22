namespace Opi;

/// <summary>Requests of which each goes on where the one before ended, so that the cache has its beginning.</summary>
internal sealed class CacheChain(OpiUsage first, string? model)
{
    private readonly List<long> _states = [];

    public OpiUsage Last { get; private set; } = first;

    /// <summary>The model, which all its requests are sent to; null when not known.</summary>
    public string? Model { get; } = model;

    /// <summary>How many tokens the last request had before its answer.</summary>
    public long Prompt { get; private set; } = PromptOf(first);

    public int Count { get; private set; }

    /// <summary>What the cache has of it; 0 where nothing was ever read from the cache or written to it.</summary>
    public long Cached => _states.Count == 0 ? 0 : _states[^1];

    /// <summary>Whether what was written last lives for an hour.</summary>
    public bool IsLong { get; private set; }

    /// <summary>What may be the first request after a compaction, when it is not known yet whether the conversation goes on from it.</summary>
    public OpiWaste? Beginning { get; init; }

    /// <summary>How many tokens a request has before its answer.</summary>
    public static long PromptOf(OpiUsage request) =>
        TokenMath.Add(request.InputTokens, TokenMath.Add(request.CacheReadTokens, request.CacheWriteTokens));

    /// <summary>
    /// Adds a request. What it read and wrote is in the cache then. If a provider reports no writes, only what was read is known to be there.
    /// </summary>
    public void Add(OpiUsage request)
    {
        Last = request;
        Prompt = PromptOf(request);
        Count++;
        IsLong = request.CacheWriteTokens > 0 ? request.CacheWrite1hTokens > 0 : IsLong;
        if (request.CacheReadTokens + request.CacheWriteTokens is > 0 and var cached)
        {
            _states.Add(cached);
        }
    }

    /// <summary>Whether a request read an earlier state: it was sent in parallel, or the user went back.</summary>
    public bool HadState(long read) => read > 0 && _states.Exists(state => read >= state * 0.95 && read <= state * 1.05);
}
