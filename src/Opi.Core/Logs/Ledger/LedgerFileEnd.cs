namespace Opi;

/// <summary>How a file of the ledger ends.</summary>
/// <param name="Length">Where its last whole line ends.</param>
/// <param name="IsTorn">Whether the beginning of a line is behind it.</param>
/// <param name="LacksNewline">Whether the last whole line lacks its LF.</param>
internal readonly record struct LedgerFileEnd(long Length, bool IsTorn, bool LacksNewline);
