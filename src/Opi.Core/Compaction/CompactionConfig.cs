namespace Opi;

/// <summary>When to compact: by the tokens billed since the last compaction, as opi does, or by the size of the context.</summary>
/// <param name="Enabled">Whether the threshold and an overflow count. A manual compaction always runs.</param>
/// <param name="ThresholdTokens">
/// Tokens billed since the last compaction at which the next one is due. Without meaning where there is a window.
/// </param>
public sealed record CompactionConfig(bool Enabled = true, long ThresholdTokens = CompactionConfig.DefaultThresholdTokens)
{
    /// <summary>The threshold of opi.</summary>
    public const long DefaultThresholdTokens = 100_000;

    /// <summary>The default number of tokens to keep free for the prompt and the answer, as in pi.</summary>
    public const long DefaultReserveTokens = 16_384;

    /// <summary>As <see cref="ContextWindow"/>: the window of the session's model, as the catalogue has it.</summary>
    public const long AutoWindow = 0;

    private const int SmallestShare = 4; // of the window that the default reserve never exceeds

    /// <summary>The tokens that the model's context can have; null to compact by <see cref="ThresholdTokens"/>.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The tokens of the window to keep free; null for the default, at most a quarter of the window.</summary>
    public long? ReserveTokens { get; init; }

    /// <summary>The tokens that are kept free of a window.</summary>
    public long ReserveOf(long window) => ReserveTokens ?? Math.Min(DefaultReserveTokens, window / SmallestShare);

    /// <summary>The size that the context may have; a compaction is due above it. Null without a window.</summary>
    public long? ContextLimit => ContextWindow is { } window ? window - ReserveOf(window) : null;

    /// <summary>The same with the window of this model where <see cref="AutoWindow"/> was asked for.</summary>
    /// <exception cref="OpiException">
    /// ContextWindowUnknown or ReserveTooLarge: the catalogue does not know the window, or the reserve leaves nothing of it.
    /// </exception>
    public CompactionConfig For(string? model)
    {
        CompactionConfig resolved = ContextWindow == AutoWindow
            ? this with { ContextWindow = PricingCatalog.Default.ContextWindow(model) ?? throw ContextWindowException.Unknown(model) }
            : this;
        return resolved.ContextLimit <= 0 ? throw ContextWindowException.NothingLeft(resolved.ContextWindow!.Value, ReserveTokens!.Value) : resolved;
    }
}
