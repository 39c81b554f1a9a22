namespace Opi;

/// <summary>What was in force when a count was noted.</summary>
internal sealed record CodexContext(string? Model, string? Project, ServiceTier Tier);
