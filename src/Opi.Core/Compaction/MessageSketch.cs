namespace Opi;

/// <summary>What finding a cut needs of a message, so that the messages of a context need not be held all at once.</summary>
/// <param name="Size">Its estimated tokens.</param>
/// <param name="CoreSize">The same by opi's rule.</param>
internal readonly record struct MessageSketch(long Size, long CoreSize)
{
    /// <summary>Whether it was said, and is not a summary.</summary>
    public bool IsMessage { get; init; }

    public bool IsUser { get; init; }

    /// <summary>Whether a model said it.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The ids of the tool calls of an answer; null for none.</summary>
    public string[]? Calls { get; init; }

    /// <summary>The id of the call that a tool's result is of; null for all else.</summary>
    public string? ResultOf { get; init; }

    /// <summary>The sketch of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="estimator">Estimates its tokens; null where they are not wanted.</param>
    public static MessageSketch Of(AgentMessage message, ITokenEstimator? estimator = null) =>
        new(estimator?.Estimate(message) ?? 0, estimator is null ? 0 : CompactionEngine.EstimateTokens(message))
        {
            IsMessage = message is Message,
            IsUser = message is UserMessage,
            IsAnswer = message is AssistantMessage,
            Calls = message is AssistantMessage answer && answer.ToolCalls.Any() ? [.. answer.ToolCalls.Select(call => call.Id)] : null,
            ResultOf = (message as ToolResultMessage)?.ToolCallId,
        };

    /// <summary>The sketches of the messages of a context, each of which is read once.</summary>
    public static MessageSketch[] Of(IReadOnlyList<ContextEntry> entries, ITokenEstimator estimator) =>
        [.. entries.Select(entry => Of(entry.Message, estimator))];
}
