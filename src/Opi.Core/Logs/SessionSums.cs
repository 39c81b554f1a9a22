namespace Opi;

/// <summary>A session in a database, with the sums that its agent keeps besides the rows of usage.</summary>
internal sealed class SessionSums
{
    public required string Id { get; init; }

    public string? Folder { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool IsSubagent { get; init; }

    public DateTimeOffset? Time { get; init; }

    /// <summary>What it used in all; what the rows have of it is taken off.</summary>
    public UsageCounts Rest { get; set; }

    /// <summary>Takes off what a row has.</summary>
    public void Take(UsageCounts counts) => Rest = new UsageCounts(
        Rest.Input - counts.Input, Rest.Output - counts.Output, Rest.CacheRead - counts.CacheRead, Rest.CacheWrite - counts.CacheWrite);
}
