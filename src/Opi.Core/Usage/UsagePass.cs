namespace Opi;

/// <summary>One pass of a model within a response that is billed by itself.</summary>
/// <param name="Kind">What the pass was, in the provider's word, for example <c>compaction</c> or <c>advisor_message</c>.</param>
/// <param name="Model">The model, without its provider; null for the response's own.</param>
/// <param name="InputTokens">Uncached input tokens.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="CacheReadTokens">Tokens read from the cache.</param>
/// <param name="CacheWriteTokens">Tokens written to the cache, for any lifetime.</param>
/// <param name="CacheWrite1hTokens">The part of the tokens written that lives for one hour.</param>
internal sealed record UsagePass(
    string Kind,
    string? Model,
    long InputTokens,
    long OutputTokens,
    long CacheReadTokens = 0,
    long CacheWriteTokens = 0,
    long CacheWrite1hTokens = 0)
{
    internal Usage ToUsage() => new(InputTokens, OutputTokens, CacheReadTokens, CacheWriteTokens)
    {
        CacheWrite1hTokens = CacheWrite1hTokens == 0 ? null : CacheWrite1hTokens,
    };
}
