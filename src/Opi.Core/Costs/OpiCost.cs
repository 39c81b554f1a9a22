namespace Opi;

/// <summary>
/// What a session, a model, a day or anything else that responses have in common cost. Flat, so that it fits a line of CSV.
/// </summary>
public record OpiCost
{
    /// <summary>The session; null for a row over several.</summary>
    public string? SessionId { get; init; }

    /// <summary>The models of the answers as <c>provider:model</c>, with commas between them; null when there was no answer.</summary>
    public string? Model { get; init; }

    /// <summary>How many turns: prompts of the user. 0 for the logs of other agents, which have no turns.</summary>
    public int Turns { get; init; }

    /// <summary>Uncached input tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Tokens read from the cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Tokens written to the cache.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>All tokens.</summary>
    public long TotalTokens { get; init; }

    /// <summary>
    /// The cost of the input; null, as the other costs, when a part of the cost is not known. The parts are null too, but not their sum,
    /// where a cost is not by the tokens: a log or a provider stated it.
    /// </summary>
    public decimal? InputCost { get; init; }

    /// <summary>The cost of the output.</summary>
    public decimal? OutputCost { get; init; }

    /// <summary>The cost of reading from the cache.</summary>
    public decimal? CacheReadCost { get; init; }

    /// <summary>The cost of writing to the cache.</summary>
    public decimal? CacheWriteCost { get; init; }

    /// <summary>The sum of the costs; null when a part of it is not known.</summary>
    public decimal? TotalCost { get; init; }

    /// <summary>The part of the cost that is known, in USD: all of it where <see cref="TotalCost"/> is known.</summary>
    public decimal KnownCost { get; init; }

    /// <summary>How many responses have a cost that is not known, or only in part.</summary>
    public long UnpricedResponses { get; init; }

    /// <summary>How many files and folders that may have a part of this were not read: what is in them is not in the costs.</summary>
    public int UnreadFiles { get; init; }

    /// <summary>Where the costs are from; several where the responses differ.</summary>
    public CostSource CostSource { get; init; }

    /// <summary>The currency of the costs.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Whether every answer's model has a price.</summary>
    public bool Priced { get; init; }

    /// <summary>Turns with an answer whose usage was not reported. The costs do not include them, and are too low.</summary>
    public int UnknownUsageTurns { get; init; }

    /// <summary>The cost of the searches that the provider ran.</summary>
    public decimal? SearchCost { get; init; }

    /// <summary>How many responses: what the provider billed one by one.</summary>
    public long Responses { get; init; }

    /// <summary>The machine that the usage is from; null for a row over several, and where rows from elsewhere do not say.</summary>
    public string? Machine { get; init; }

    /// <summary>The user that the usage is of; null in the same cases.</summary>
    public string? User { get; init; }
}
