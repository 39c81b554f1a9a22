using System.Collections.Immutable;

namespace Opi;

/// <summary>A call and its result.</summary>
/// <param name="Call">The call, with an id and a name that the provider takes.</param>
/// <param name="HasId">Whether the provider that made the call gave it its id.</param>
/// <param name="Content">Text and images of the result, no text blank; may be empty.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record CallResult(ToolCallContent Call, bool HasId, ImmutableArray<IInputContent> Content, bool IsError)
{
    /// <summary>The result as this provider's request had it; null for none.</summary>
    public ProviderData? ProviderData { get; init; }

    public IEnumerable<string> Texts => Content.OfType<TextContent>().Select(text => text.Text);

    public IEnumerable<ImageContent> Images => Content.OfType<ImageContent>();
}
