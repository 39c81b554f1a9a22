using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>What the stub answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record StubAnswer(int Status, JsonNode Body)
{
    /// <summary>The lines of a stream, in place of the body; null for the body.</summary>
    public IReadOnlyList<string>? Lines { get; init; }

    /// <summary>The Retry-After header; null for none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>How much of the body or of the lines is sent before the connection breaks, from 0 to 1; null for all of it.</summary>
    public double? TornAt { get; init; }

    /// <summary>Whether nothing is ever answered.</summary>
    public bool Hangs { get; init; }
}
