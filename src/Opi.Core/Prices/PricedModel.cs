namespace Opi;

/// <summary>A model with its prices.</summary>
/// <param name="Spec">The model as <c>provider:model</c>.</param>
/// <param name="Prices">All its prices.</param>
internal sealed record PricedModel(string Spec, PriceLookup Prices);
