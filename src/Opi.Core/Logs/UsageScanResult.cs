namespace Opi;

/// <summary>What a scan of logs found.</summary>
public sealed class UsageScanResult
{
    internal UsageScanResult(IReadOnlyList<UsageFinding> findings, UnknownCosts unknown, int fileCount) =>
        (Findings, Unknown, FileCount) = (findings, unknown, fileCount);

    /// <summary>
    /// The responses, each once, in the order of time; those without a time come first. Empty with <see cref="UsageScan.Stream"/>.
    /// </summary>
    public IReadOnlyList<OpiUsage> Rows { get; internal set; } = [];

    /// <summary>The files that could not be read, and those with lines that could not.</summary>
    public IReadOnlyList<UsageFinding> Findings { get; }

    /// <summary>
    /// The models without a price, as <c>provider:model</c> (empty for responses that name none), and how many responses each gave.
    /// </summary>
    public IReadOnlyDictionary<string, int> UnpricedModels => Unknown.Models;

    /// <summary>How many files there were, the unread ones too.</summary>
    public int FileCount { get; }

    /// <summary>How many responses there are, those that <see cref="UsageScan.Stream"/> handed out too.</summary>
    public long ResponseCount { get; internal init; }

    /// <summary>Why costs are not known, and of how many responses.</summary>
    public UnknownCosts Unknown { get; }

    /// <summary>The turns and sessions of Opi in which no model answered.</summary>
    internal IReadOnlyList<IdleTurn> IdleTurns { get; init; } = [];
}
