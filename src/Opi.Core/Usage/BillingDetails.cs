using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// What the bill of a response depends on besides its counts: rates, fees, passes of other models, what the provider itself stated, and what
/// of the reply is not understood. A plain response has none of it.
/// </summary>
/// <param name="Tier">The rate at which it was billed.</param>
/// <param name="WebSearches">How many web searches the provider ran and bills.</param>
public sealed record BillingDetails(ServiceTier Tier = ServiceTier.Standard, int WebSearches = 0)
{
    /// <summary>Whether inference was bound to the United States, which Anthropic bills at 1.1 times the list price.</summary>
    public bool UsInference { get; init; }

    /// <summary>Other calls that are billed by the call.</summary>
    internal ImmutableArray<BilledFee> Fees { get; init; } = [];

    /// <summary>
    /// The passes that are billed by themselves: a compaction at the provider, an advisor, a fallback. Their tokens are part of the
    /// response's counts; what is left of the counts is billed at the response's own model.
    /// </summary>
    internal ImmutableArray<UsagePass> Passes { get; init; } = [];

    /// <summary>The parts of the counts that are sound or generated images, which have their own prices.</summary>
    internal ImmutableArray<MediaTokens> Media { get; init; } = [];

    /// <summary>What the provider itself says that the response cost, in USD; null when it does not say.</summary>
    public decimal? StatedCost { get; init; }

    /// <summary>Who stated <see cref="StatedCost"/>, for example openrouter.</summary>
    public string? StatedBy { get; init; }

    /// <summary>
    /// What of the reply is not understood or has no known price: <c>member=value</c>, or <c>member: reason</c>. With any of it the cost is
    /// known only in part, unless the provider stated it.
    /// </summary>
    public ImmutableArray<string> Unknown { get; init; } = [];

    /// <summary>
    /// How many tokens the context had after the response, where the billed counts do not say: after several passes they are a sum.
    /// Null where the counts are the context; 0 when not known.
    /// </summary>
    public long? ContextTokens { get; init; }

    /// <summary>
    /// The members of the reply that are billed, as they came: its usage object (of Ollama the counts), and what else is billed, each
    /// under its own name. JSON text on one line. Null when it was not kept.
    /// </summary>
    public string? Raw { get; init; }

    /// <summary>Whether nothing but <see cref="Raw"/> is set.</summary>
    internal bool IsPlain => this with { Raw = null } == Plain;

    /// <summary>A response at the list price, with nothing besides its counts.</summary>
    internal static BillingDetails Plain { get; } = new();

    /// <inheritdoc/>
    public bool Equals(BillingDetails? other) =>
        other is not null
        && (Tier, WebSearches, UsInference, StatedCost, StatedBy, ContextTokens, Raw)
            == (other.Tier, other.WebSearches, other.UsInference, other.StatedCost, other.StatedBy, other.ContextTokens, other.Raw)
        && Fees.AsSpan().SequenceEqual(other.Fees.AsSpan())
        && Passes.AsSpan().SequenceEqual(other.Passes.AsSpan())
        && Media.AsSpan().SequenceEqual(other.Media.AsSpan())
        && Unknown.AsSpan().SequenceEqual(other.Unknown.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tier, WebSearches, UsInference, StatedCost, Fees.Length, Passes.Length, Unknown.Length);

    /// <summary>
    /// The details of two responses whose counts were added. Where they were billed at different rates, or only one has a stated cost, no one
    /// price fits the sum.
    /// </summary>
    internal static BillingDetails? Add(BillingDetails? left, BillingDetails? right)
    {
        if ((left?.IsPlain ?? true) && (right?.IsPlain ?? true))
        {
            return null;
        }

        left ??= Plain;
        right ??= Plain;
        bool isSameRate = left.Tier == right.Tier && left.UsInference == right.UsInference;
        bool isStated = left.StatedCost is not null && right.StatedCost is not null;
        ImmutableArray<string> unknown = [.. left.Unknown.Union(right.Unknown)];
        unknown = isSameRate ? unknown : unknown.Add("tier: the responses of this sum were billed at different rates");
        unknown = isStated || (left.StatedCost ?? right.StatedCost) is null ? unknown
            : unknown.Add("cost: the provider stated it for a part of the responses of this sum");
        return new BillingDetails(isSameRate ? left.Tier : ServiceTier.Other, (int)Math.Min((long)left.WebSearches + right.WebSearches, int.MaxValue))
        {
            UsInference = isSameRate && left.UsInference,
            Fees = left.Fees.AddRange(right.Fees),
            Passes = left.Passes.AddRange(right.Passes),
            Media = left.Media.AddRange(right.Media),
            StatedCost = isStated ? MoneySum(left.StatedCost!.Value, right.StatedCost!.Value) : null,
            StatedBy = isStated ? left.StatedBy : null,
            Unknown = unknown,
        };
    }

    private static decimal MoneySum(decimal left, decimal right) =>
        right > 0 && left > decimal.MaxValue - right ? decimal.MaxValue : left + right;
}
