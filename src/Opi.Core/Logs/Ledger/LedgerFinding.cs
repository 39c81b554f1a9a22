namespace Opi;

/// <summary>A line of the ledger that cannot be read. It is skipped and stays in its file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record LedgerFinding(string Path, long Line, string Reason)
{
    /// <summary>Whether it is the unfinished end of the file, which the next update saves in another file and cuts off.</summary>
    public bool IsTornTail { get; init; }
}
