namespace Opi;

/// <summary>A session of Hermes Agent with the sums that it keeps.</summary>
internal sealed class HermesSession
{
    public required string Id { get; init; }

    public string? Folder { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool IsSubagent { get; init; }

    public DateTimeOffset? Time { get; init; }

    /// <summary>What it used in all; what the rows of its models have is taken off.</summary>
    public UsageCounts Rest { get; set; }

    /// <summary>Takes off what a model used.</summary>
    public void Take(UsageCounts counts) => Rest = new UsageCounts(
        Rest.Input - counts.Input, Rest.Output - counts.Output, Rest.CacheRead - counts.CacheRead, Rest.CacheWrite - counts.CacheWrite);
}
