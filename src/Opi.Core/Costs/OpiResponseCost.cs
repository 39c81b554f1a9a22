namespace Opi;

/// <summary>What a response cost.</summary>
public sealed record OpiResponseCost : OpiCost
{
    /// <summary>When it came; null when the log does not say.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The same in ISO 8601, in UTC, as no culture changes it.</summary>
    public string? Time => WireTime.ToText(Timestamp);

    /// <summary>The provider's id of it; null when the log has none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The agent whose log it is from.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The folder the agent worked in; null when not known.</summary>
    public string? Project { get; init; }
}
