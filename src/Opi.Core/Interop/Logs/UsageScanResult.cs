namespace Opi;

/// <summary>What a scan of logs found.</summary>
/// <param name="Rows">The responses, each once, in the order of time; those without a time come first.</param>
/// <param name="Findings">The files that could not be read, and those with lines that could not.</param>
/// <param name="UnpricedModels">The models without a price, as <c>provider:model</c> (empty for responses that name none), and how many responses each gave.</param>
/// <param name="FileCount">How many files there were, the unread ones too.</param>
public sealed record UsageScanResult(
    IReadOnlyList<OpiUsage> Rows,
    IReadOnlyList<UsageFinding> Findings,
    IReadOnlyDictionary<string, int> UnpricedModels,
    int FileCount)
{
    /// <summary>How many responses there are. With <see cref="UsageScan.Stream"/> they are not in <see cref="Rows"/>.</summary>
    public long ResponseCount { get; init; }

    /// <summary>The turns and sessions of Opi in which no model answered.</summary>
    public IReadOnlyList<IdleTurn> IdleTurns { get; init; } = [];
}

/// <summary>Something in the logs that could not be read.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Source">Whose log it was taken for; null when it is nobody's.</param>
/// <param name="Reason">Why, without a full stop.</param>
/// <param name="SkippedLines">How many lines were passed over; 0 when nothing of the file was read.</param>
public sealed record UsageFinding(string Path, UsageSource? Source, string Reason, int SkippedLines = 0)
{
    /// <summary>The session, where a session of Opi is damaged and the rest of it was read; else null.</summary>
    public string? SessionId { get; init; }

    /// <summary>The error that stopped the reading; null when there was none.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether nothing of the file or folder was read.</summary>
    public bool IsUnread => SkippedLines == 0 && SessionId is null;
}

/// <summary>How far a scan is.</summary>
/// <param name="PartsRead">How many files, or parts of large files, were read.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="BytesRead">How many bytes were read.</param>
/// <param name="Bytes">How many there are.</param>
public sealed record UsageScanProgress(int PartsRead, int Parts, long BytesRead, long Bytes);
