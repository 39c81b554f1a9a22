namespace Opi;

/// <summary>How a session compacts: when, what stays, and what makes the summary.</summary>
public sealed record OpiCompactionPolicy
{
    /// <summary>
    /// The tokens that the model's context can have, or <see cref="CompactionConfig.AutoWindow"/> for the window of the session's model; null to
    /// compact by <see cref="CompactionThreshold"/>.
    /// </summary>
    public long? ContextWindow { get; init; }

    /// <summary>The tokens of the window to keep free; null for the default. Not used without a window.</summary>
    public long? ReserveTokens { get; init; }

    /// <summary>Tokens billed since the last compaction at which the next one is due. Without meaning where there is a window.</summary>
    public long CompactionThreshold { get; init; } = CompactionConfig.DefaultThresholdTokens;

    /// <summary>Whether no compaction is ever due.</summary>
    public bool NoCompaction { get; init; }

    /// <summary>Whether a turn that makes a compaction due runs it at once.</summary>
    public bool AutoCompact { get; init; }

    /// <summary>How much stays.</summary>
    public KeepRecent KeepRecent { get; init; } = KeepRecent.Quarter;

    /// <summary>What makes the context smaller, where <see cref="Summarizer"/> does not.</summary>
    public CompactionStrategy Strategy { get; init; } = CompactionStrategy.Digest;

    /// <summary>Makes the summary; null for <see cref="Strategy"/>.</summary>
    public ISummarizer? Summarizer { get; init; }

    /// <summary>What the summarizer should see to; null for nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>How many tokens the summary should have at most; null for the default.</summary>
    public long? BudgetTokens { get; init; }

    /// <summary>How many tokens a summarizer is given at most; null for the default.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>When a compaction is due, as a session is opened with it.</summary>
    public CompactionConfig ToConfig() => new(!NoCompaction, CompactionThreshold) { ContextWindow = ContextWindow, ReserveTokens = ReserveTokens };

    /// <summary>How a compaction is made, as a session is opened with it.</summary>
    public CompactionOptions ToOptions() => new()
    {
        KeepRecent = KeepRecent,
        Strategy = Strategy,
        Summarizer = Summarizer,
        Instructions = Instructions,
        BudgetTokens = BudgetTokens,
        MaxInputTokens = MaxInputTokens,
    };

    /// <summary>How much stays and what makes the summary, in one line.</summary>
    public override string ToString() => ToOptions().ToString();

    /// <summary>The policy whose compactions are made by these options.</summary>
    internal static OpiCompactionPolicy Of(CompactionOptions options) => new()
    {
        KeepRecent = options.KeepRecent,
        Strategy = options.Strategy,
        Summarizer = options.Summarizer,
        Instructions = options.Instructions,
        BudgetTokens = options.BudgetTokens,
        MaxInputTokens = options.MaxInputTokens,
    };
}
