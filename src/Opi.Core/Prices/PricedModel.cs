namespace Opi;

internal sealed record PricedModel(string Spec, PriceLookup Prices);
