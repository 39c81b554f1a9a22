namespace Opi;

/// <summary>
/// What a provider's message or block holds that Opi has no member for. It is kept as it came, and goes back to that provider only.
/// </summary>
/// <param name="Shape">The protocol whose JSON it is: anthropic, openai-chat, openai-responses, gemini, ollama or bedrock.</param>
/// <param name="Json">
/// JSON text. Of an <see cref="OpaqueContent"/>: the whole block. Of other blocks and of messages: an object of the members that they hold
/// besides those that Opi knows, or the whole block for some kinds.
/// </param>
public sealed record ProviderData(string Shape, string Json)
{
    /// <summary>The JSON text.</summary>
    public override string ToString() => Json;
}
