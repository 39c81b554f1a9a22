using System.Globalization;

namespace Opi;

/// <summary>One billed response of a model. Flat, so that it fits a line of CSV.</summary>
public sealed record OpiUsage
{
    private decimal? _cost;
    private decimal _knownCost;
    private CostSource _costSource;
    private bool _priced;
    private string? _project;

    /// <summary>When the response came; null when the log does not say.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>
    /// <see cref="Timestamp"/> as ISO 8601 text, UTC, which is the same in a file of every culture; null when the log does not say.
    /// </summary>
    public string? Time => Timestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whose log it is from. A row of the ledger keeps the source it came from.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The session in that agent's own naming; null when not known.</summary>
    public string? SessionId { get; init; }

    /// <summary>The folder the agent worked in, in the one spelling that <see cref="ProjectFolder"/> gives it; null when not known.</summary>
    public string? Project { get => _project; init => _project = ProjectFolder.Plain(value); }

    /// <summary>The model as the log names it, without its provider; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>Who was asked, for example anthropic; null when not known.</summary>
    public string? Provider { get; init; }

    /// <summary>Uncached input tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Output tokens, thinking included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Tokens read from the cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Tokens written to the cache, for any lifetime.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>The part of <see cref="CacheWriteTokens"/> that lives for one hour; null when not known.</summary>
    public long? CacheWrite1hTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was thinking; null when not known.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>The sum of input, output, cache read and cache write.</summary>
    public long TotalTokens { get; init; }

    /// <summary>What it cost in USD; null when the model has no price or the usage is not known.</summary>
    public decimal? Cost { get => _cost; init => _cost = value; }

    /// <summary>The part of the cost that is known, in USD: all of it where <see cref="Cost"/> is known, 0 where nothing of it is.</summary>
    public decimal KnownCost { get => _knownCost; init => _knownCost = value; }

    /// <summary>Where the cost is from; None when there is no cost.</summary>
    public CostSource CostSource { get => _costSource; init => _costSource = value; }

    /// <summary>Whether the model has a price.</summary>
    public bool Priced { get => _priced; init => _priced = value; }

    /// <summary>Whether a subagent asked.</summary>
    public bool IsSidechain { get; init; }

    /// <summary>At which rate it was billed, as far as the log says.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>How many web searches the provider ran for it.</summary>
    public int WebSearches { get; init; }

    /// <summary>The provider's id of the response; null when the log has none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The file it was read from.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// The machine that read the log. A row of the ledger keeps the machine that it came from; a row of an earlier version, without one, is this
    /// machine's. Null in a row from elsewhere that does not say.
    /// </summary>
    public string? Machine { get; init; }

    /// <summary>The user who read the log, in the same way.</summary>
    public string? User { get; init; }

    /// <summary>The turn of an Opi session it belongs to, from 1; 0 before the first prompt, and for other agents.</summary>
    public int Turn { get; init; }

    /// <summary>
    /// The cost and all that it depends on besides the other columns, as JSON text, which is the same in a file of every culture; null when
    /// there is none. <see cref="WithBill"/> takes it back.
    /// </summary>
    public string? Bill => BillText.Write(this);

    /// <summary>Whether the tokens were reported. If not, the counts are 0 and the cost is unknown.</summary>
    public bool HasUsage => IsKnown && !(Priced && Cost is null && TotalTokens == 0);

    /// <summary>The same response, with tokens that were not reported.</summary>
    public OpiUsage WithoutUsage() => this with { IsKnown = false };

    /// <summary>The same response with the cost and what it depends on, as <see cref="Bill"/> gave them.</summary>
    /// <param name="bill">The text.</param>
    /// <exception cref="FormatException">It is damaged; the message says how.</exception>
    internal OpiUsage WithBill(string bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return BillText.Read(this, bill);
    }

    /// <summary>
    /// Gives a new row its cost, which depends on all the rest of it. A copy of each row would be as much garbage as there are rows.
    /// </summary>
    /// <param name="known">The part that is known, in USD.</param>
    /// <param name="isComplete">Whether that is all of it.</param>
    /// <param name="source">Where it is from.</param>
    internal void SetCost(decimal known, bool isComplete, CostSource source)
    {
        _priced = isComplete;
        if (IsKnown)
        {
            (_cost, _knownCost, _costSource) = (isComplete ? known : null, known, source);
        }
    }

    /// <summary>The key of this response, the same at every scan, in every copy of the log and in the ledger.</summary>
    internal string? Key { get; init; }

    /// <summary>The key that an earlier Opi gave it, which a ledger may have; null for the same.</summary>
    internal string? FormerKey { get; init; }

    /// <summary>Whether it made the summary of a compaction.</summary>
    internal bool IsCompaction { get; init; }

    /// <summary>Whether nothing came of it.</summary>
    internal bool HasFailed { get; init; }

    /// <summary>What the bill depends on besides the counts, <see cref="Tier"/> and <see cref="WebSearches"/>; null for nothing.</summary>
    internal BillingDetails? Billing { get; init; }

    /// <summary>The name of a source that is <see cref="UsageSource.Other"/> here, as a later version wrote it; else null.</summary>
    internal string? SourceName { get; init; }

    /// <summary>The cost that the log itself has, in USD; null when it has none.</summary>
    internal decimal? LoggedCost { get; init; }

    /// <summary>What the log says of <see cref="HasUsage"/>. In a row from elsewhere a price without a cost means that it is false.</summary>
    internal bool IsKnown { get; init; } = true;
}
