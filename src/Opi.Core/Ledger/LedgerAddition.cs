namespace Opi;

/// <summary>What is to be added to the ledger: a response that was read from a log, or a line of another ledger as it is.</summary>
/// <param name="Key">Its key, which no other response has.</param>
/// <param name="Source">Whose log it is from.</param>
/// <param name="Timestamp">When it came; null when not known.</param>
/// <param name="Rank">Whether it counts before other lines of the same response.</param>
internal sealed record LedgerAddition(string Key, UsageSource Source, DateTimeOffset? Timestamp, LedgerRank Rank)
{
    /// <summary>The response; null for a line.</summary>
    public OpiUsage? Row { get; init; }

    /// <summary>The line, without its LF; null for a response.</summary>
    public byte[]? Line { get; init; }

    /// <summary>The file of the other ledger that the line stood in, by its name; null for a response.</summary>
    public string? File { get; init; }
}
