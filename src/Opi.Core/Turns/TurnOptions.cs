using System.Text.Json;

namespace Opi;

/// <summary>How a turn is run.</summary>
internal sealed record TurnOptions
{
    public const int DefaultMaxRounds = 25;

    /// <summary>Whose shape the requests have.</summary>
    public required Provider Provider { get; init; }

    public string? System { get; init; }

    /// <summary>Whether the requests mark what the provider is to cache.</summary>
    public bool Cache { get; init; }

    /// <summary>Members of the requests besides the conversation, an object; null for none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>What the model may call; null for nothing: then a turn ends at a call.</summary>
    public ITurnTools? Tools { get; init; }

    /// <summary>How many requests the turn may have at most, without those that failed.</summary>
    public int MaxRounds { get; init; } = DefaultMaxRounds;

    /// <summary>How often a request that failed is sent again.</summary>
    public RetryRule Retry { get; init; } = new();

    /// <summary>What each request has to be allowed by; null for nothing.</summary>
    public ITurnBudget? Budget { get; init; }

    /// <summary>How an overflow is compacted; null for what the session was opened with.</summary>
    public OpiCompactionPolicy? Compaction { get; init; }

    /// <summary>Takes the text of the answers as it comes; null if it is not wanted.</summary>
    public Action<string>? OnText { get; init; }

    /// <summary>Takes each step; null if not wanted.</summary>
    public Action<OpiTurnEvent>? OnEvent { get; init; }

    /// <summary>Takes warnings, each one line; null if not wanted.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>Takes each answer that was recorded, for warnings about it; null if not wanted.</summary>
    public Action<AssistantMessage>? OnAnswer { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
