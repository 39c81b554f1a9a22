namespace Opi;

/// <summary>Plain text.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record TextContent(string Text) : IInputContent, IAssistantContent
{
    /// <inheritdoc cref="IInputContent.Type"/>
    public string Type => "text";

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
