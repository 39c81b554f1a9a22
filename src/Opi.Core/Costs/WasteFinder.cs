using System.Globalization;

namespace Opi;

/// <summary>
/// Finds what was paid for nothing in the responses of one conversation: a session, or the log of a subagent. A cache miss is reported
/// only where the log shows that the cache had what the request began with.
/// </summary>
internal sealed class WasteFinder(WasteCost cost, bool isSidechain)
{
    /// <summary>Below that many tokens no provider keeps anything in a cache.</summary>
    private const long LeastCached = 1024;

    /// <summary>Local servers cut a prompt to a window of a multiple of so many tokens, so that different ones are equally long.</summary>
    private const long WindowStep = 1024;

    /// <summary>A request that has so much less than the one before it does not go on with it.</summary>
    private const double Shrunk = 0.9;

    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryTime = TimeSpan.FromMinutes(10);

    private readonly List<CacheChain> _chains = [];
    private readonly List<OpiWaste> _found = [];
    private bool _isCompacted;

    /// <summary>Reads the responses of the conversation, in the order of time.</summary>
    public IReadOnlyList<OpiWaste> Find(IEnumerable<OpiUsage> responses)
    {
        foreach (OpiUsage response in responses)
        {
            if (response is { IsCompaction: true, HasFailed: true })
            {
                Note(WasteKind.FailedCompaction, response, response.TotalTokens, cost.Whole(response), "A compaction failed, and was paid for.");
            }
            else if (response.IsCompaction)
            {
                _isCompacted = true;
            }
            else if (response is { HasUsage: true, Timestamp: not null } && response.Billing is not { ContextTokens: 0 } && IsOnePass(response)
                && CacheChain.PromptOf(response) > 0)
            {
                Take(response);
            }
        }

        return _found;
    }

    private static bool IsOnePass(OpiUsage response) => response.Billing is not { Passes.Length: > 0 };

    private void Take(OpiUsage request)
    {
        long prompt = CacheChain.PromptOf(request);
        string? model = cost.ModelOf(request);
        if (FindSame(request, model, prompt) is { } repeated)
        {
            if (prompt % WindowStep != 0)
            {
                NoteRetry(repeated.Last, request, prompt);
            }

            repeated.Add(request);
        }
        else if (FindHit(request, model) is { } chain)
        {
            if (chain.Beginning is { } beginning && chain.Count == 1)
            {
                Confirm(beginning, chain);
            }

            chain.Add(request);
        }
        else if (FindContinued(request, prompt) is { } missed && !_chains.Exists(other => other.HadState(request.CacheReadTokens)))
        {
            NoteMiss(missed, request, model);
            if (missed.Model == model)
            {
                missed.Add(request);
            }
            else
            {
                Begin(request, model, null);
            }
        }
        else
        {
            Begin(request, model, Compacted(request, model, prompt));
        }
    }

    private void Begin(OpiUsage request, string? model, OpiWaste? beginning)
    {
        var chain = new CacheChain(request, model) { Beginning = beginning };
        chain.Add(request);
        _chains.Add(chain);
    }

    /// <summary>The chain whose last request was the very same.</summary>
    private CacheChain? FindSame(OpiUsage request, string? model, long prompt) => isSidechain || prompt < LeastCached
        ? null
        : _chains.FindLast(chain =>
            chain.Prompt == prompt && chain.Model == model && request.Timestamp - chain.Last.Timestamp <= RetryTime);

    /// <summary>The chain that a request goes on with and found in the cache: of several the longest in the cache, then the latest.</summary>
    private CacheChain? FindHit(OpiUsage request, string? model)
    {
        CacheChain? best = null;
        foreach (CacheChain chain in _chains)
        {
            bool isHit = chain.Model == model
                && chain.Cached > 0
                && request.CacheReadTokens >= chain.Cached * 0.8
                && request.CacheReadTokens <= chain.Prompt * 1.05;
            if (isHit && (best is null || (chain.Cached, chain.Last.Timestamp!.Value).CompareTo((best.Cached, best.Last.Timestamp!.Value)) > 0))
            {
                best = chain;
            }
        }

        return best;
    }

    /// <summary>
    /// The chain that a request goes on with, and of which the cache had enough to be missed. What comes at the same time as a first request
    /// is another conversation, and so is what is not as long.
    /// </summary>
    private CacheChain? FindContinued(OpiUsage request, long prompt) => _chains.FindLast(chain =>
    {
        long before = chain.Prompt;
        bool isLong = prompt >= before * (isSidechain ? 1.0 : Shrunk) && prompt <= (before * (isSidechain ? 1.5 : 3.0)) + 50_000;
        bool isSettled = chain.Count > 1 || request.Timestamp - chain.Last.Timestamp > Together;
        long missing = chain.Cached - request.CacheReadTokens;
        return isLong && isSettled && missing >= Math.Max(LeastCached, chain.Cached / 5);
    });

    /// <summary>
    /// The waste of a request that may be the first one after a compaction: it is shorter than the conversation, and not in the cache.
    /// It is certain if the log has a compaction, else when the conversation continues from it.
    /// </summary>
    private OpiWaste? Compacted(OpiUsage request, string? model, long prompt)
    {
        CacheChain? main = isSidechain ? null : _chains.Where(chain => chain.Model == model).MaxBy(chain => chain.Last.Timestamp);
        long anew = prompt - request.CacheReadTokens;
        if (main is null || main.Cached < LeastCached || anew < LeastCached || prompt >= main.Prompt * Shrunk)
        {
            return null;
        }

        OpiWaste waste = Make(
            WasteKind.CacheCompaction,
            request,
            anew,
            cost.BeyondHit(request, anew),
            Text($"After a compaction {anew:N0} tokens were sent anew."));
        if (!_isCompacted)
        {
            return prompt <= main.Prompt * 0.6 ? waste : null;
        }

        _isCompacted = false;
        _found.Add(waste);
        return null;
    }

    /// <summary>A conversation goes on from a shorter request: it was compacted, unless the longer one goes on too.</summary>
    private void Confirm(OpiWaste beginning, CacheChain chain)
    {
        if (!_chains.Exists(other => other != chain && other.Last.Timestamp > beginning.Timestamp && other.Count > 1))
        {
            _found.Add(beginning);
        }
    }

    private void NoteMiss(CacheChain chain, OpiUsage request, string? model)
    {
        TimeSpan pause = request.Timestamp!.Value - chain.Last.Timestamp!.Value;
        TimeSpan life = chain.IsLong ? LongLife : ShortLife;
        long missing = Math.Min(chain.Cached - request.CacheReadTokens, request.InputTokens + request.CacheWriteTokens);
        (WasteKind kind, string detail) =
            chain.Model != model
                ? (WasteKind.CacheModelSwitch, $"The model changed from {chain.Last.Model} to {request.Model}.")
            : pause > life
                ? (WasteKind.CacheIdle, Text($"The pause was {Length(pause)}; the cache lives for {Length(life)}."))
            : (WasteKind.CachePrefixChange, Text(
                $"After {Length(pause)} the cache had {chain.Cached:N0} tokens, and {request.CacheReadTokens:N0} were read."));
        Note(kind, request, missing, cost.BeyondHit(request, missing), detail);
    }

    private void NoteRetry(OpiUsage thrown, OpiUsage request, long prompt) => Note(
        WasteKind.Retry,
        thrown,
        thrown.TotalTokens,
        cost.Whole(thrown),
        Text($"A request of {prompt:N0} tokens was sent again after {Length(request.Timestamp!.Value - thrown.Timestamp!.Value)}."));

    private void Note(WasteKind kind, OpiUsage response, long tokens, decimal? amount, string detail) =>
        _found.Add(Make(kind, response, tokens, amount, detail));

    private OpiWaste Make(WasteKind kind, OpiUsage response, long tokens, decimal? amount, string detail) => new()
    {
        Kind = kind,
        Source = response.Source,
        Session = response.SessionId,
        Project = response.Project,
        Timestamp = response.Timestamp,
        Tokens = tokens,
        Cost = amount,
        Detail = detail,
        Model = cost.ModelOf(response),
        ResponseId = response.ResponseId,
        Path = response.Path,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Length(TimeSpan time) =>
        time.TotalMinutes < 1 ? Text($"{time.TotalSeconds:0} s")
        : time.TotalHours < 2 ? Text($"{time.TotalMinutes:0} min")
        : Text($"{time.TotalHours:0.#} h");
}
