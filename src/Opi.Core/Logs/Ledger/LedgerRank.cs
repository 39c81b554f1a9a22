namespace Opi;

/// <summary>
/// Which of several lines of one response counts. A response is logged several times while it streams, each time with more tokens; a later
/// version of Opi may read more of it than an earlier one did; and several machines may have the same log.
/// </summary>
/// <param name="TotalTokens">Its tokens.</param>
/// <param name="IsKnown">Whether they were reported.</param>
/// <param name="Detail">How much of its bill is known besides them: 0 nothing, 1 that something is not understood, 2 all of it.</param>
internal readonly record struct LedgerRank(long TotalTokens, bool IsKnown, int Detail)
{
    /// <summary>Whether the line names its machine.</summary>
    public bool NamesMachine { get; init; }

    /// <summary>When it was first added to a ledger, in ticks of UTC; the highest number if the line does not say.</summary>
    public long RecordedAt { get; init; } = long.MaxValue;

    /// <summary>A number made of all of the line.</summary>
    public ulong Fingerprint { get; init; }

    public static LedgerRank Of(OpiUsage row) => new(row.TotalTokens, row.IsKnown, DetailOf(row.Billing, row.Tier));

    /// <summary>Whether a line with this rank has more of the response than one with another.</summary>
    public bool IsOver(LedgerRank other) =>
        TotalTokens != other.TotalTokens ? TotalTokens > other.TotalTokens
        : IsKnown != other.IsKnown ? IsKnown
        : Detail > other.Detail;

    /// <summary>
    /// Whether of two lines this one counts. Of lines with the same content it is the one that names its machine, then the one that was written
    /// first. The rest of the order has no meaning, but is the same everywhere, so that merging ledgers in any order gives the same result.
    /// </summary>
    public bool Precedes(LedgerRank other) =>
        IsOver(other) || (!other.IsOver(this)
            && (NamesMachine != other.NamesMachine ? NamesMachine
                : RecordedAt != other.RecordedAt ? RecordedAt < other.RecordedAt
                : Fingerprint < other.Fingerprint));

    private static int DetailOf(BillingDetails? billing, ServiceTier tier) =>
        billing is { Unknown.Length: > 0 } || tier == ServiceTier.Other ? 1
        : billing is not null || tier != ServiceTier.Standard ? 2
        : 0;
}
