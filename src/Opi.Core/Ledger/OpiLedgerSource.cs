using System.Globalization;

namespace Opi;

/// <summary>What an update of the ledger did for a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Added">Responses that the ledger did not have.</param>
/// <param name="Updated">Responses that it had with fewer tokens.</param>
/// <param name="Known">Responses that it had.</param>
public sealed record OpiLedgerSource(UsageSource Source, long Added, long Updated, long Known)
{
    /// <summary>The counts in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Source}: {Added} added, {Updated} updated, {Known} known");
}
