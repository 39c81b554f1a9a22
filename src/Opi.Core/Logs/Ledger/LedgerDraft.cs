namespace Opi;

/// <summary>A response of the ledger.</summary>
internal sealed class LedgerDraft : UsageDraft
{
    /// <summary>Whether its line counts before others of the same response.</summary>
    public LedgerRank Rank { get; init; }
}
