namespace Opi;

/// <summary>Something could not be written to the ledger. What it had, it has.</summary>
internal sealed class LedgerWriteException : OpiException
{
    internal LedgerWriteException(string path, string reason, Exception inner)
        : base(
            $"The ledger could not be written to: '{path}': {reason.TrimEnd('.')}. What it has is kept.",
            path,
            inner)
    {
    }

    public override string ErrorId => "LedgerWriteFailed";
}
