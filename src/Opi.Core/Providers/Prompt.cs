using System.Collections.Immutable;

namespace Opi;

/// <summary>The user speaks.</summary>
/// <param name="Content">Text and images, at least one, no text blank.</param>
internal sealed record Prompt(ImmutableArray<IInputContent> Content) : Step
{
    public bool IsSystem { get; init; }

    /// <summary>The content for a provider without system messages: the system's words are in tags.</summary>
    public IEnumerable<IInputContent> AsUser => !IsSystem ? Content
        : Content.Select(block => block is TextContent text ? text with { Text = $"<system>\n{text.Text}\n</system>" } : block);
}
