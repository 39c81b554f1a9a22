namespace Opi;

/// <summary>What adding a response to the ledger came to.</summary>
internal enum LedgerOutcome
{
    /// <summary>The ledger has it, or it was added before in the same change.</summary>
    Known,

    /// <summary>It was not there.</summary>
    Added,

    /// <summary>The ledger has it with fewer tokens, or knew less of its bill.</summary>
    Updated,
}
