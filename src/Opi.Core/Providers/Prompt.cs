using System.Collections.Immutable;

namespace Opi;

/// <summary>The user speaks.</summary>
/// <param name="Content">Text and images, at least one, no text blank.</param>
internal sealed record Prompt(ImmutableArray<IInputContent> Content) : Step
{
    /// <summary>Whether the system says it.</summary>
    public bool IsSystem { get; init; }
}
