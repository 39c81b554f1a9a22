using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>A request that the stub received.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Provider">Whose API it is.</param>
/// <param name="Body">The body; undefined when it was not JSON.</param>
/// <param name="Violations">What is wrong with it.</param>
/// <param name="Status">The status that was answered.</param>
public sealed record StubRequest(string Path, Provider Provider, JsonElement Body, IReadOnlyList<string> Violations, int Status);
