namespace Opi;

/// <summary>The image as base64 text.</summary>
/// <param name="Data">The text, not checked.</param>
public sealed record Base64ImageSource(string Data) : ImageSource;
