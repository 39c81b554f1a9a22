namespace Opi;

/// <summary>
/// How a session compacts: when, what stays, and what makes the summary. A compaction is due by the tokens billed since the last one, as in opi,
/// or with a window by the size of the context.
/// </summary>
public sealed record OpiCompactionPolicy
{
    /// <summary>As <see cref="ContextWindow"/>: the window of the session's model, as the catalogue has it.</summary>
    public const long AutoWindow = 0;

    /// <summary>The threshold of opi.</summary>
    internal const long DefaultThresholdTokens = 100_000;

    /// <summary>The default number of tokens to keep free for the prompt and the answer, as in pi.</summary>
    internal const long DefaultReserveTokens = 16_384;

    /// <summary>The default budget of a summary: this, or an eighth of the window if that is less.</summary>
    internal const long DefaultBudgetTokens = 4_000;

    /// <summary>The default budget of a digest, which costs nothing to write: this, or a sixth of the window if that is less.</summary>
    internal const long DefaultDigestTokens = 10_000;

    /// <summary>The default bound of a summarizer's input when no window is known.</summary>
    internal const long DefaultMaxInputTokens = 100_000;

    private const int SmallestShare = 4; // of the window that the default reserve never exceeds

    /// <summary>opi's way: the newest quarter stays, and the summary is opi's text.</summary>
    internal static readonly OpiCompactionPolicy OfOpi = new() { Strategy = CompactionStrategy.Core };

    /// <summary>
    /// The tokens that the model's context can have, or <see cref="AutoWindow"/> for the window of the session's model; null to compact by
    /// <see cref="CompactionThreshold"/>.
    /// </summary>
    public long? ContextWindow { get; init; }

    /// <summary>
    /// The tokens of the window to keep free; null for 16,384, at most a quarter of the window. Not used without a window.
    /// </summary>
    public long? ReserveTokens { get; init; }

    /// <summary>Tokens billed since the last compaction at which the next one is due. Not used where there is a window.</summary>
    public long CompactionThreshold { get; init; } = DefaultThresholdTokens;

    /// <summary>Whether no compaction is ever due. A manual one always runs.</summary>
    public bool NoCompaction { get; init; }

    /// <summary>Whether a turn that makes a compaction due runs it at once.</summary>
    public bool AutoCompact { get; init; }

    /// <summary>How much stays.</summary>
    public KeepRecent KeepRecent { get; init; } = KeepRecent.Quarter;

    /// <summary>What makes the context smaller, where <see cref="Summarizer"/> does not.</summary>
    public CompactionStrategy Strategy { get; init; } = CompactionStrategy.Digest;

    /// <summary>Makes the summary; null for <see cref="Strategy"/>.</summary>
    public ISummarizer? Summarizer { get; init; }

    /// <summary>
    /// Instructions for the summarizer, for example what must be kept; null for none. Only a summarizer can follow them: a summary without one
    /// fails, and clearing tools' results makes no summary and ignores them.
    /// </summary>
    public string? Instructions { get; init; }

    /// <summary>
    /// How many tokens the summary should have at most; null for 4,000, or 10,000 of a digest, and less where the window is small. The Core
    /// strategy has its own measure.
    /// </summary>
    public long? BudgetTokens { get; init; }

    /// <summary>
    /// How many tokens a summarizer is given at most; null for what fits into the window with the summary, or 100,000 where no window is known.
    /// </summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>The size that the context may have; a compaction is due above it. Null without a window.</summary>
    internal long? ContextLimit => ContextWindow is { } window ? window - ReserveOf(window) : null;

    /// <summary>The tokens that are kept free of a window.</summary>
    internal long ReserveOf(long window) => ReserveTokens ?? Math.Min(DefaultReserveTokens, window / SmallestShare);

    /// <summary>The same with the window of this model where <see cref="AutoWindow"/> was asked for.</summary>
    /// <exception cref="OpiException">
    /// ContextWindowUnknown or ReserveTooLarge: the catalogue does not know the window, or the reserve leaves nothing of it.
    /// </exception>
    internal OpiCompactionPolicy For(string? model)
    {
        OpiCompactionPolicy resolved = ContextWindow == AutoWindow
            ? this with { ContextWindow = PricingCatalog.Default.ContextWindow(model) ?? throw ContextWindowException.Unknown(model) }
            : this;
        return resolved.ContextLimit <= 0 ? throw ContextWindowException.NothingLeft(resolved.ContextWindow!.Value, ReserveTokens!.Value) : resolved;
    }

    /// <summary>How much stays and what makes the summary, in one line.</summary>
    public override string ToString() => $"keep {KeepRecent}, {(Summarizer is null ? Strategy : "a summarizer")}";
}
