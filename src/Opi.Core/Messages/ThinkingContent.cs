namespace Opi;

/// <summary>What the model thought before it answered, and what its provider needs to take it back.</summary>
/// <param name="Thinking">The text; empty when the provider shows none.</param>
public sealed record ThinkingContent(string Thinking) : IAssistantContent
{
    /// <summary>The provider's id of it (OpenAI Responses); null for none.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The provider's proof that it is its own (Anthropic, Bedrock, Gemini); null for none. Without a text: of the text before it (Gemini).
    /// </summary>
    public string? Signature { get; init; }

    /// <summary>
    /// The thinking as only the provider can read it (redacted by Anthropic or Bedrock, encrypted by OpenAI Responses); null for none.
    /// </summary>
    public string? EncryptedContent { get; init; }

    /// <summary>What else the provider's block holds; null for nothing.</summary>
    public ProviderData? ProviderData { get; init; }

    /// <inheritdoc/>
    public string Type => "thinking";

    /// <summary>What it is, and the text.</summary>
    public override string ToString() => $"[thinking: {Thinking}]";

    bool IAssistantContent.IsKnownKind => true;
}
