namespace Opi;

/// <summary>Takes a line of the ledger, which is gone when it returns.</summary>
/// <param name="line">The line.</param>
internal delegate void LedgerLineTaker(LedgerLine line);
