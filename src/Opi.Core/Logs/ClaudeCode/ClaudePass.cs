namespace Opi;

/// <summary>A pass of a response.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Model">Its model; null when not known.</param>
/// <param name="Counts">Its tokens.</param>
internal sealed record ClaudePass(string Kind, string? Model, UsageCounts Counts)
{
    public UsagePass ToPass() =>
        new(Kind, Model, Counts.Input, Counts.Output, Counts.CacheRead, Counts.CacheWrite, Counts.CacheWrite1h ?? 0);
}
