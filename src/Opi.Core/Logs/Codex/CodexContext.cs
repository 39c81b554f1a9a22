namespace Opi;

/// <summary>What holds for a count when it is noted.</summary>
/// <param name="Model">The model; null when not known.</param>
/// <param name="Project">The folder; null when not known.</param>
/// <param name="Tier">The rate that was asked for.</param>
internal sealed record CodexContext(string? Model, string? Project, CodexTier Tier);
