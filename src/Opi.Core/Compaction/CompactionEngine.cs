using System.Text;

namespace Opi;

/// <summary>Why a compaction runs.</summary>
public enum CompactionReason
{
    /// <summary>Somebody asked for it.</summary>
    Manual,

    /// <summary>The tokens since the last one reached the threshold.</summary>
    Threshold,

    /// <summary>The provider refused the context as too long.</summary>
    Overflow,
}

/// <summary>When to compact: by the tokens billed since the last compaction, as opi does, or by the size of the context.</summary>
/// <param name="Enabled">Whether the threshold and an overflow count. A manual compaction always runs.</param>
/// <param name="ThresholdTokens">Tokens billed since the last compaction at which the next one is due. Without meaning where there is a window.</param>
public sealed record CompactionConfig(bool Enabled = true, long ThresholdTokens = CompactionConfig.DefaultThresholdTokens)
{
    /// <summary>The threshold of opi.</summary>
    public const long DefaultThresholdTokens = 100_000;

    /// <summary>What is kept free for the prompt and the answer where nobody says otherwise, as in pi.</summary>
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
    /// <exception cref="ContextWindowException">The catalogue does not know the window, or the reserve leaves nothing of it.</exception>
    public CompactionConfig For(string? model)
    {
        CompactionConfig resolved = ContextWindow == AutoWindow
            ? this with { ContextWindow = PricingCatalog.Default.ContextWindow(model) ?? throw ContextWindowException.Unknown(model) }
            : this;
        return resolved.ContextLimit <= 0 ? throw ContextWindowException.NothingLeft(resolved.ContextWindow!.Value, ReserveTokens!.Value) : resolved;
    }
}

/// <summary>Where the text of a summary came from.</summary>
public enum SummarySource
{
    /// <summary>Made here, from the beginnings of the messages.</summary>
    Core,

    /// <summary>Given by a <see cref="ISummarizer"/>.</summary>
    Hook,

    /// <summary>Made here, as a digest: requests, tools, files, errors, the last state.</summary>
    Digest,
}

/// <summary>What a compaction would do.</summary>
/// <param name="Split">How many entries leave the context.</param>
/// <param name="FirstKeptEntryId">The first entry that stays.</param>
/// <param name="Summary">The summary of those that leave.</param>
/// <param name="SummarySource">Where it came from.</param>
/// <param name="TokensBefore">Estimated tokens of all entries.</param>
/// <param name="TokensAfter">Estimated tokens of those that stay, without the summary.</param>
/// <param name="KeptMessages">The messages that stay.</param>
public sealed record CompactionPlan(
    int Split, string FirstKeptEntryId, string Summary, SummarySource SummarySource, long TokensBefore, long TokensAfter, IReadOnlyList<AgentMessage> KeptMessages)
{
    /// <summary>What the summary cost; null when nothing, or nobody tells.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The model that made it; null for the session's.</summary>
    public string? Model { get; init; }

    /// <summary>Estimated tokens of the context before, by the estimator that the cut was found with.</summary>
    public long ContextTokensBefore { get; init; }

    /// <summary>The same of the context after, with the summary.</summary>
    public long ContextTokensAfter { get; init; }

    /// <summary>The largest entry of those that stay when they do not fit into the window; null when they do.</summary>
    public string? OversizedEntryId { get; init; }
}

/// <summary>Decides when a context is compacted and where it is cut, and makes the summary. Changes nothing itself.</summary>
public sealed class CompactionEngine
{
    private const int MaxSummaryBytes = 500;

    /// <summary>Makes an engine.</summary>
    public CompactionEngine(CompactionConfig config) => Config = config;

    /// <summary>When to compact.</summary>
    public CompactionConfig Config { get; }

    /// <summary>Whether a compaction is to run.</summary>
    /// <param name="tokens">Tokens billed since the last one; with a window those of the context.</param>
    /// <param name="reason">Why it would run.</param>
    public bool ShouldCompact(long tokens, CompactionReason reason) => reason switch
    {
        CompactionReason.Manual => true,
        CompactionReason.Overflow => Config.Enabled,
        _ => Config.Enabled && (Config.ContextLimit is { } limit ? tokens > limit : tokens >= Config.ThresholdTokens),
    };

    /// <summary>
    /// Plans a compaction. By default the newest quarter stays, at least one entry, and more where a tool's result would be cut from its
    /// call. Null when there is nothing to compact: fewer than two entries, or one group of a call and its results.
    /// </summary>
    public static CompactionPlan? Plan(IReadOnlyList<ContextEntry> entries, ISummarizer? summarizer = null) =>
        Plan(entries, new CompactionOptions { Summarizer = summarizer });

    /// <summary>Plans a compaction by these options. Null when there is nothing to compact.</summary>
    public static CompactionPlan? Plan(IReadOnlyList<ContextEntry> entries, CompactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new CompactionPlanner(new CompactionRequest("", CompactionReason.Manual, options)).Plan(entries);
    }

    /// <summary>opi's estimate of a message: a token for each four bytes of its text in UTF-8.</summary>
    public static long EstimateTokens(AgentMessage message) => SeedTokenEstimator.Instance.Estimate(message);

    /// <summary>
    /// opi's summary: the texts in a row. Beyond 500 bytes it ends before the last character that begins below byte 497.
    /// </summary>
    public static string CoreSummary(IReadOnlyList<AgentMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string joined = string.Join(". ", messages.Select(message => message.Text));
        string prefix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Compacted {messages.Count} messages: ");
        if (Encoding.UTF8.GetByteCount(joined) <= MaxSummaryBytes)
        {
            return prefix + joined;
        }

        int bytes = 0, chars = 0;
        foreach (Rune rune in joined.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength >= MaxSummaryBytes - 3)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            chars += rune.Utf16SequenceLength;
        }

        return prefix + joined[..chars] + "...";
    }
}
