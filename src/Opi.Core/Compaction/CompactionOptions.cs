namespace Opi;

/// <summary>How a context is compacted.</summary>
public sealed record CompactionOptions
{
    /// <summary>The default budget of a summary: this, or an eighth of the window if that is less.</summary>
    public const long DefaultBudgetTokens = 4_000;

    /// <summary>The default budget of a digest, which costs nothing to write: this, or a sixth of the window if that is less.</summary>
    public const long DefaultDigestTokens = 10_000;

    /// <summary>The default bound of a summariser's input when no window is known.</summary>
    public const long DefaultMaxInputTokens = 100_000;

    /// <summary>opi's way: the newest quarter stays, and the summary is opi's text.</summary>
    internal static readonly CompactionOptions OfOpi = new() { Strategy = CompactionStrategy.Core };

    /// <summary>How much stays.</summary>
    public KeepRecent KeepRecent { get; init; } = KeepRecent.Quarter;

    /// <summary>What makes the summary, where <see cref="Summarizer"/> does not.</summary>
    public CompactionStrategy Strategy { get; init; } = CompactionStrategy.Digest;

    /// <summary>Makes the summary; null for <see cref="Strategy"/>.</summary>
    public ISummarizer? Summarizer { get; init; }

    /// <summary>
    /// How many tokens the summary should have at most; null for <see cref="DefaultBudgetTokens"/>, or <see cref="DefaultDigestTokens"/> of a
    /// digest. The Core strategy has its own measure.
    /// </summary>
    public long? BudgetTokens { get; init; }

    /// <summary>
    /// How many tokens a summariser is given at most; null for what fits into the window with the summary, or
    /// <see cref="DefaultMaxInputTokens"/> where no window is known.
    /// </summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>
    /// Instructions for the summarizer, for example what must be kept; null for none. Only a summarizer can follow them: a summary without one
    /// fails, and clearing tools' results makes no summary and ignores them.
    /// </summary>
    public string? Instructions { get; init; }

    /// <summary>How much stays and what makes the summary, in one line.</summary>
    public override string ToString() => $"keep {KeepRecent}, {(Summarizer is null ? Strategy : "a summarizer")}";
}
