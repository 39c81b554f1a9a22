using System.Globalization;

namespace Opi;

/// <summary>
/// The size of a context. <see cref="Tokens"/> is what is known best; the parts are estimates of all that is there, so their sum differs from it
/// where a provider reported its own count.
/// </summary>
public sealed record OpiContextMeasure
{
    private OpiContextMeasure()
    {
    }

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>How many messages the context has, a summary included.</summary>
    public int Messages { get; init; }

    /// <summary>The tokens of the context now, with the prompt where one was given.</summary>
    public long Tokens { get; init; }

    /// <summary>How they came to be known.</summary>
    public ContextSource Source { get; init; }

    /// <summary>The part of <see cref="Tokens"/> that the last answer's provider reported: its input, cache and output.</summary>
    public long ReportedTokens { get; init; }

    /// <summary>The part of <see cref="Tokens"/> that is estimated: what came after, or all.</summary>
    public long EstimatedTokens { get; init; }

    /// <summary>Estimated tokens of the system text; 0 when none was given.</summary>
    public long SystemTokens { get; init; }

    /// <summary>Estimated tokens of what the user said, and of the prompt that was given.</summary>
    public long UserTokens { get; init; }

    /// <summary>Estimated tokens of the answers' text.</summary>
    public long AssistantTokens { get; init; }

    /// <summary>Estimated tokens of the answers' thinking.</summary>
    public long ThinkingTokens { get; init; }

    /// <summary>Estimated tokens of tool calls.</summary>
    public long ToolCallTokens { get; init; }

    /// <summary>Estimated tokens of what tools gave back.</summary>
    public long ToolResultTokens { get; init; }

    /// <summary>Estimated tokens of images.</summary>
    public long ImageTokens { get; init; }

    /// <summary>Estimated tokens of summaries.</summary>
    public long SummaryTokens { get; init; }

    /// <summary>The tokens that the model's context can have; null when not known.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The tokens of it to keep free; null without a window.</summary>
    public long? ReserveTokens { get; init; }

    /// <summary>How much of the window is taken, in percent; null without a window.</summary>
    public double? Percent { get; init; }

    /// <summary>The tokens billed since the last compaction, or since the session was opened; null when it is not open.</summary>
    public long? BilledTokens { get; init; }

    /// <summary>
    /// The tokens at which a compaction is due. Of the context, which may have as many, where the window decides; else of
    /// <see cref="BilledTokens"/>. Null when nothing decides.
    /// </summary>
    public long? Threshold { get; init; }

    /// <summary>Whether a compaction is due.</summary>
    public bool CompactionDue => CompactionReason is not null;

    /// <summary>Why one is due; null when none is.</summary>
    public CompactionReason? CompactionReason { get; init; }

    /// <summary>What decided, with its figures.</summary>
    public required string Why { get; init; }

    /// <summary>Measures the context of a session that is not open for writing.</summary>
    /// <exception cref="OpiException">ContextWindowUnknown: the window to measure by is not known.</exception>
    internal static OpiContextMeasure Of(SessionReader reader, MeasureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Of(
            reader.Header.Id,
            SessionMetadata.ActiveModel(reader.Entries, reader.Tree),
            reader.ReadContext().Entries,
            options ?? new MeasureOptions(),
            open: null,
            billed: null);
    }

    internal static OpiContextMeasure Of(StoredContext context, MeasureOptions options) =>
        Of(context.SessionId, context.Model, context.Entries, options, open: null, billed: null);

    internal static OpiContextMeasure Of(
        string id, string? model, IReadOnlyList<ContextEntry> entries, MeasureOptions options, OpiCompactionPolicy? open, long? billed)
    {
        ContextMeter meter = ContextMeter.Of(entries, options.Estimator);
        TokenParts parts = entries.Aggregate(new TokenParts(), (sum, entry) => sum + options.Estimator.EstimateParts(entry.Message));
        long system = options.Estimator.Estimate(options.System);
        long prompt = options.Estimator.Estimate(options.Prompt);
        long uncounted = meter.Size.Source == ContextSource.Estimated ? system : 0; // else the provider has counted it
        ContextSize size = meter.Size.With(prompt + uncounted);
        return new OpiContextMeasure
        {
            SessionId = id,
            Model = model,
            Messages = entries.Count,
            Tokens = size.Tokens,
            Source = size.Source,
            ReportedTokens = size.ReportedTokens,
            EstimatedTokens = size.EstimatedTokens,
            SystemTokens = system,
            UserTokens = parts.User + prompt,
            AssistantTokens = parts.Assistant,
            ThinkingTokens = parts.Thinking,
            ToolCallTokens = parts.ToolCalls,
            ToolResultTokens = parts.ToolResults,
            ImageTokens = parts.Images,
            SummaryTokens = parts.Summary,
            BilledTokens = billed,
            Why = "",
        }.Decide(meter, options, open);
    }

    /// <summary>
    /// The window decides where one was given, here or when the session was opened, and for a session that is not open where the catalogue knows
    /// it; the billed tokens decide for an open one without.
    /// </summary>
    private OpiContextMeasure Decide(ContextMeter meter, MeasureOptions options, OpiCompactionPolicy? open)
    {
        long? given = options.ContextWindow ?? open?.ContextWindow;
        long? known = given ?? PricingCatalog.Default.ContextWindow(Model);
        OpiCompactionPolicy policy = (open ?? new OpiCompactionPolicy()) with
        {
            ContextWindow = known,
            ReserveTokens = options.ReserveTokens ?? open?.ReserveTokens,
        };
        policy = policy.For(Model);
        OpiContextMeasure measure = policy.ContextWindow is { } window
            ? this with { ContextWindow = window, ReserveTokens = policy.ReserveOf(window), Percent = Math.Round(100.0 * Tokens / window, 1) }
            : this;
        if (given is null && open is not null)
        {
            return measure.ByBilledTokens(open);
        }

        return policy.ContextLimit is { } limit
            ? measure.ByWindow(meter, policy, limit)
            : measure with
            {
                Why = "The session is not open, so that no tokens are counted towards a threshold, and the window of its model is not known."
            };
    }

    private OpiContextMeasure ByBilledTokens(OpiCompactionPolicy policy) => this with
    {
        Threshold = policy.CompactionThreshold,
        CompactionReason = !policy.NoCompaction && BilledTokens >= policy.CompactionThreshold ? Opi.CompactionReason.Threshold : null,
        Why = policy.NoCompaction
            ? "Compaction is switched off."
            : Invariant($"{BilledTokens} tokens billed since the last compaction; one is due at {policy.CompactionThreshold}."),
    };

    private OpiContextMeasure ByWindow(ContextMeter meter, OpiCompactionPolicy policy, long limit)
    {
        bool overflowed = meter.Overflowed(policy.ContextWindow!.Value);
        return this with
        {
            Threshold = limit,
            CompactionReason = policy.NoCompaction ? null
                : overflowed ? Opi.CompactionReason.Overflow
                : Tokens > limit ? Opi.CompactionReason.Threshold
                : null,
            Why = policy.NoCompaction ? "Compaction is switched off."
                : overflowed ? Invariant($"The last answer shows that the context is too long for a window of {ContextWindow}.")
                : Invariant($"{Tokens} tokens; a window of {ContextWindow} less a reserve of {ReserveTokens} holds {limit}."),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
