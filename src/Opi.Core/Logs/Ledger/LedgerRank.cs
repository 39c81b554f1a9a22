namespace Opi;

/// <summary>
/// Which of several lines of one response counts. A response is logged several times while it streams, each time with more tokens; and a
/// later version of Opi may read more of it than an earlier one did.
/// </summary>
/// <param name="TotalTokens">Its tokens.</param>
/// <param name="IsKnown">Whether anybody reported them.</param>
/// <param name="Detail">How much of its bill is known beside them: 0 nothing, 1 that something is not understood, 2 all of it.</param>
internal readonly record struct LedgerRank(long TotalTokens, bool IsKnown, int Detail)
{
    public static LedgerRank Of(OpiUsage row) => new(row.TotalTokens, row.IsKnown, DetailOf(row.Billing, row.Tier));

    public static LedgerRank Of(UsageDraft draft) => new(draft.Counts.Total, draft.IsKnown, DetailOf(draft.Billing, draft.Tier));

    /// <summary>Whether a line with this rank takes the place of one with another.</summary>
    public bool IsOver(LedgerRank other) =>
        TotalTokens != other.TotalTokens ? TotalTokens > other.TotalTokens
        : IsKnown != other.IsKnown ? IsKnown
        : Detail > other.Detail;

    private static int DetailOf(BillingDetails? billing, ServiceTier tier) =>
        billing is { Unknown.Length: > 0 } || tier == ServiceTier.Other ? 1
        : billing is not null || tier != ServiceTier.Standard ? 2
        : 0;
}
