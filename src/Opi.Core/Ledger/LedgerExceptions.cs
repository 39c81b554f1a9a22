namespace Opi;

/// <summary>Another process updates the ledger, and did not end in time.</summary>
public sealed class LedgerLockedException : OpiException
{
    internal LedgerLockedException(string folder, int? processId, TimeSpan patience)
        : base(FormattableString.Invariant($"The ledger '{folder}' is being updated by {(processId is { } id ? FormattableString.Invariant($"process {id}") : "another process")}, which did not end within {patience.TotalSeconds:0.###} s. Nothing was added: try again later."), folder) => ProcessId = processId;

    /// <summary>The process that holds it; null when not known.</summary>
    public int? ProcessId { get; }
}

/// <summary>Something could not be written to the ledger. What it had, it has.</summary>
public sealed class LedgerWriteException : OpiException
{
    internal LedgerWriteException(string path, string reason, Exception inner)
        : base($"The ledger could not be written to: '{path}': {reason.TrimEnd('.')}. What it has is kept; once the cause is gone, Update-OpiLedger adds what is missing.", path, inner)
    {
    }
}
