using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>What the stub answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record StubAnswer(int Status, JsonNode Body);
