namespace Opi;

/// <summary>How a context is compacted.</summary>
public sealed record CompactionOptions
{
    /// <summary>The budget of a summary when nobody sets one: this, or an eighth of the window where that is less.</summary>
    public const long DefaultBudgetTokens = 4_000;

    /// <summary>The same of a digest, which nobody is paid to write: this, or a sixth of the window where that is less.</summary>
    public const long DefaultDigestTokens = 10_000;

    /// <summary>The bound of a summariser's input when nobody sets one and no window is known.</summary>
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
    /// How many tokens a summariser is given at most; null for what fits into the window beside the summary, or
    /// <see cref="DefaultMaxInputTokens"/> where no window is known.
    /// </summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>
    /// What a summarizer should see to, such as what must be kept; null for nothing. Only a summarizer can follow it: a summary without one
    /// fails, and a clearing of tools' results, which makes no summary, has no use for it.
    /// </summary>
    public string? Instructions { get; init; }

    /// <summary>How much stays and what makes the summary, in one line.</summary>
    public override string ToString() => $"keep {KeepRecent}, {(Summarizer is null ? Strategy : "a summarizer")}";
}
