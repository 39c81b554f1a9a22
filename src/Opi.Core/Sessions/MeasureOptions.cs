namespace Opi;

/// <summary>How a context is measured.</summary>
internal sealed record MeasureOptions
{
    /// <summary>Counts what no provider reported.</summary>
    public TokenEstimator Estimator { get; init; } = TokenEstimator.Default;

    /// <summary>The system text that is sent with the context, which no session holds; null for none.</summary>
    public string? System { get; init; }

    public string? Prompt { get; init; }

    /// <summary>
    /// The tokens that the model's context can have, or <see cref="OpiCompactionPolicy.AutoWindow"/>; null for what the open session was
    /// opened with, else
    /// for what the catalogue knows of the model.
    /// </summary>
    public long? ContextWindow { get; init; }

    /// <summary>The tokens of the window to keep free; null for what the open session was opened with, else for the default.</summary>
    public long? ReserveTokens { get; init; }
}
