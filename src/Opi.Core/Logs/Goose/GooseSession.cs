namespace Opi;

/// <summary>A session of Goose with the sums that it keeps.</summary>
internal sealed class GooseSession
{
    public required string Id { get; init; }

    public string? Folder { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool IsSubagent { get; init; }

    public DateTimeOffset? Time { get; init; }

    /// <summary>What it used in all; what the ledger has of it is taken off.</summary>
    public UsageCounts Rest { get; set; }

    /// <summary>Whether the ledger has responses of it.</summary>
    public bool IsInLedger { get; set; }

    /// <summary>Takes off a response that the ledger has.</summary>
    public void Take(UsageCounts counts)
    {
        IsInLedger = true;
        Rest = new UsageCounts(
            Rest.Input - counts.Input, Rest.Output - counts.Output, Rest.CacheRead - counts.CacheRead, Rest.CacheWrite - counts.CacheWrite);
    }
}
