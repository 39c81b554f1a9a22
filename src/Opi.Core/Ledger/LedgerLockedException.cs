namespace Opi;

/// <summary>Another process updates the ledger, and did not end in time.</summary>
internal sealed class LedgerLockedException : OpiException
{
    internal LedgerLockedException(string folder, int? processId, TimeSpan patience)
        : base(Describe(folder, processId, patience), folder) => ProcessId = processId;

    public override string ErrorId => "LedgerLocked";

    /// <summary>The process that holds it; null when not known.</summary>
    public int? ProcessId { get; }

    private static string Describe(string folder, int? processId, TimeSpan patience)
    {
        string holder = processId is { } id ? FormattableString.Invariant($"process {id}") : "another process";
        return FormattableString.Invariant(
            $"The ledger '{folder}' is being updated by {holder}, which did not end within {patience.TotalSeconds:0.###} s. Nothing was added.");
    }
}
