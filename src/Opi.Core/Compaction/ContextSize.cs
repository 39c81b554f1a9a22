namespace Opi;

/// <summary>The size of a context.</summary>
/// <param name="ReportedTokens">The tokens that the last answer's usage reports; 0 when no answer counts.</param>
/// <param name="EstimatedTokens">The estimated tokens of what came after it.</param>
/// <param name="Source">How it came to be known.</param>
internal readonly record struct ContextSize(long ReportedTokens, long EstimatedTokens, ContextSource Source)
{
    public long Tokens => TokenMath.Add(ReportedTokens, EstimatedTokens);

    /// <summary>The same with more that is estimated.</summary>
    public ContextSize With(long more) => this with
    {
        EstimatedTokens = TokenMath.Add(EstimatedTokens, more),
        Source = Source == ContextSource.Reported && more > 0 ? ContextSource.ReportedPlusEstimate : Source,
    };
}
