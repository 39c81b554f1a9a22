using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>One rule of a provider.</summary>
/// <param name="Text">What it demands.</param>
/// <param name="Check">Gives a line for every violation in a request.</param>
public sealed record Rule(string Text, Func<JsonElement, IEnumerable<string>> Check);
