namespace Opi;

/// <summary>How other ledgers are taken over.</summary>
internal sealed record LedgerMergeOptions
{
    /// <summary>
    /// The machine of lines that name none, written by Opi's first versions. Null leaves them as they are: each machine that reads them takes
    /// them as its own.
    /// </summary>
    public string? Machine { get; init; }

    /// <summary>The user of such lines.</summary>
    public string? User { get; init; }

    /// <summary>Called for each line that cannot be read, in this ledger or in another one.</summary>
    public Action<LedgerFinding>? Damaged { get; init; }

    /// <summary>Called for each file and folder that could not be read, or is not a ledger.</summary>
    public Action<UsageFinding>? Unread { get; init; }

    /// <summary>Called once with the number of lines that name no machine.</summary>
    public Action<long>? Unnamed { get; init; }
}
