namespace Opi;

/// <summary>Plain text.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record TextContent(string Text) : IInputContent, IAssistantContent
{
    /// <summary>What the provider's block holds besides the text, for example its phase; null for nothing.</summary>
    public ProviderData? ProviderData { get; init; }

    /// <inheritdoc cref="IInputContent.Type"/>
    public string Type => "text";

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    bool IInputContent.IsKnownKind => true;

    bool IAssistantContent.IsKnownKind => true;
}
