namespace Opi;

/// <summary>What a scan of logs found.</summary>
/// <param name="Rows">The responses, each once, in the order of time; those without a time come first.</param>
/// <param name="Findings">The files that could not be read, and those with lines that could not.</param>
/// <param name="UnpricedModels">
/// The models without a price, as <c>provider:model</c> (empty for responses that name none), and how many responses each gave.
/// </param>
/// <param name="FileCount">How many files there were, the unread ones too.</param>
public sealed record UsageScanResult(
    IReadOnlyList<OpiUsage> Rows,
    IReadOnlyList<UsageFinding> Findings,
    IReadOnlyDictionary<string, int> UnpricedModels,
    int FileCount)
{
    /// <summary>How many responses there are. With <see cref="UsageScan.Stream"/> they are not in <see cref="Rows"/>.</summary>
    public long ResponseCount { get; init; }

    /// <summary>Why costs are not known, and of how many responses.</summary>
    public UnknownCosts Unknown { get; init; } = new();

    /// <summary>The turns and sessions of Opi in which no model answered.</summary>
    public IReadOnlyList<IdleTurn> IdleTurns { get; init; } = [];
}
