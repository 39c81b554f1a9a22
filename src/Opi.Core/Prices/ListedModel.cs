namespace Opi;

/// <summary>An entry of a price list that has a name for each model, without rules and dates.</summary>
/// <param name="Provider">Its provider there.</param>
/// <param name="Name">Its name there, without the provider.</param>
/// <param name="ContextWindow">How many tokens a request can have; null when not known.</param>
/// <param name="MaxOutputTokens">How many tokens an answer can have; null when not known.</param>
/// <param name="Price">The prices; null when not known.</param>
internal sealed record ListedModel(string Provider, string Name, long? ContextWindow, long? MaxOutputTokens, ModelPricing? Price)
{
    /// <summary>Whether the list has the name without its provider.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether the provider is an id of the catalogue, and not a name that its rules are to be tried on.</summary>
    public bool HasId { get; init; }
}
