namespace Opi;

/// <summary>Money that was spent for nothing: where, on what, and how much.</summary>
public sealed record OpiWaste
{
    internal OpiWaste()
    {
    }

    /// <summary>On what.</summary>
    public WasteKind Kind { get; init; }

    /// <summary>The agent whose log has it.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The session, in the agent's own naming; null when not known.</summary>
    public string? Session { get; init; }

    /// <summary>The folder the agent worked in; null when not known.</summary>
    public string? Project { get; init; }

    /// <summary>When, as ISO 8601 text, UTC; null when not known.</summary>
    public string? Time => WireTime.ToText(Timestamp);

    /// <summary>
    /// How many tokens: of a cache those that a hit would have read, of a failed compaction and of a retry all, of a repeated read about those
    /// of the result.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>What it cost beyond what had to be, in USD at list prices; null when the model has no price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What happened, in words.</summary>
    public required string Detail { get; init; }

    /// <summary>The model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>The provider's id of the response; null when the log has none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The file it is in; null when not known.</summary>
    public string? Path { get; init; }

    /// <summary>When; null when not known.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}
