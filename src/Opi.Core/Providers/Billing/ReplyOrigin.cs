namespace Opi;

/// <summary>Which provider and model gave a reply, as far as known.</summary>
/// <param name="Provider">The provider as the caller names it, for example groq; null when none is named.</param>
/// <param name="Model">The model that answered, without its provider; empty when not known.</param>
/// <param name="IsBatch">Whether it is a line of a batch's results.</param>
internal readonly record struct ReplyOrigin(string? Provider, string Model, bool IsBatch = false);
