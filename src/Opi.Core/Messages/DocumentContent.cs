namespace Opi;

/// <summary>A document: a text, or a file, for example a PDF.</summary>
/// <param name="MediaType">What it is, for example application/pdf or text/plain.</param>
/// <param name="Source">Where its bytes are; null for a text.</param>
/// <param name="Text">Its text; null for a file.</param>
public sealed record DocumentContent(string MediaType, ImageSource? Source, string? Text) : IInputContent
{
    /// <summary>Its name, for example report.pdf; null for none.</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public string Type => "document";

    /// <summary>The document in a message's text, for example <c>[document: report.pdf]</c>.</summary>
    public override string ToString() => $"[document: {Name ?? MediaType}]";

    bool IInputContent.IsKnownKind => true;
}
