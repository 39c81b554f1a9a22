namespace Opi;

/// <summary>The image is elsewhere.</summary>
/// <param name="Url">Its address.</param>
public sealed record UrlImageSource(string Url) : ImageSource;
