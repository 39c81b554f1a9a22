namespace Opi;

/// <summary>An entry of LiteLLM's price file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Provider">Its provider there.</param>
/// <param name="ContextWindow">How many tokens a request can have; null when not known.</param>
/// <param name="MaxOutputTokens">How many tokens an answer can have; null when not known.</param>
/// <param name="Price">The prices; null when not known.</param>
internal sealed record LiteLlmModel(string Name, string Provider, long? ContextWindow, long? MaxOutputTokens, ModelPricing? Price);
