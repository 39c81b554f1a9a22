namespace Opi;

/// <summary>Calls that a provider bills by the call.</summary>
/// <param name="Kind">What was called, in the provider's word, for example <c>file_search</c> or <c>x_search</c>.</param>
/// <param name="Count">How many calls.</param>
internal readonly record struct BilledFee(string Kind, long Count);
