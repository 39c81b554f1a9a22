namespace Opi;

/// <summary>What a turn cost.</summary>
public sealed record OpiTurnCost : OpiCost
{
    /// <summary>The turn's number in its session, from 1; 0 for answers before the first prompt.</summary>
    public int Turn { get; init; }

    /// <summary>When it began; null when the file has no time.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The same in ISO 8601, in UTC, as no culture changes it.</summary>
    public string? Time => WireTime.ToText(Timestamp);
}
