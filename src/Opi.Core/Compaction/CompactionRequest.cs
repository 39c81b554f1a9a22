namespace Opi;

/// <summary>One compaction that is to be planned.</summary>
internal sealed record CompactionRequest(string SessionId, CompactionReason Reason, CompactionOptions Options)
{
    /// <summary>The session's model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>What the context may have in all; null when no window is known.</summary>
    public long? WindowTokens { get; init; }

    /// <summary>By which messages are measured, where more than a count of them decides.</summary>
    public ITokenEstimator Estimator { get; init; } = TokenEstimator.Default;

    /// <summary>How much a summary may have.</summary>
    public long BudgetTokens => Options.BudgetTokens
        ?? Math.Min(CompactionOptions.DefaultBudgetTokens, WindowTokens is { } window ? Math.Max(1, window / 8) : long.MaxValue);

    /// <summary>How much a summariser is given at most.</summary>
    public long MaxInputTokens => Options.MaxInputTokens
        ?? (WindowTokens is { } window ? Math.Max(1, window - BudgetTokens) : CompactionOptions.DefaultMaxInputTokens);

    /// <summary>What may stay of a context, so that the summary has room beside it; null for no limit.</summary>
    /// <param name="contextTokens">The estimate of the context that the provider refused, if it is for an overflow.</param>
    public long? LimitOf(long contextTokens)
    {
        // A provider that refuses a context says that the estimate is wrong or the window another: half of it is surely less.
        long? limit = Reason == CompactionReason.Overflow ? Math.Min(WindowTokens ?? long.MaxValue, contextTokens / 2) : WindowTokens;
        return limit is { } most ? Math.Max(1, most - BudgetTokens) : null;
    }
}
