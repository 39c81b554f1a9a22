namespace Opi;

/// <summary>A response with what it costs, so that it is priced once.</summary>
/// <param name="Usage">The response.</param>
/// <param name="Model">Its model as <c>provider:model</c>; null when not known. The same model is the same text each time.</param>
/// <param name="Cost">What it costs.</param>
internal readonly record struct PricedUsage(OpiUsage Usage, string? Model, UsageCost Cost);
