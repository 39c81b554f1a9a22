namespace Opi;

/// <summary>The part of a response's tokens that is sound or generated images, which have their own prices.</summary>
/// <param name="Kind">What they are: <c>audio</c> or <c>image</c>.</param>
/// <param name="InputTokens">The part of the uncached input tokens.</param>
/// <param name="OutputTokens">The part of the output tokens.</param>
/// <param name="CacheReadTokens">The part of the tokens read from the cache.</param>
internal readonly record struct MediaTokens(string Kind, long InputTokens, long OutputTokens, long CacheReadTokens = 0)
{
    internal const string Audio = "audio";

    internal const string Image = "image";
}
