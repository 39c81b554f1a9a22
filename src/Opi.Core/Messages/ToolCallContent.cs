namespace Opi;

/// <summary>The model asks for a tool.</summary>
/// <param name="Id">Names the call; the result refers to it.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON text, as the model gave them.</param>
public sealed record ToolCallContent(string Id, string Name, string Arguments) : IAssistantContent
{
    /// <summary>The provider's proof of the thinking that led to the call (Gemini); null for none.</summary>
    public string? Signature { get; init; }

    /// <summary>
    /// What else the provider's block holds, for example its namespace; for a call of a special kind (a shell, a patch) the whole block. Null
    /// for nothing.
    /// </summary>
    public ProviderData? ProviderData { get; init; }

    /// <inheritdoc/>
    public string Type => "tool_call";

    /// <summary>The tool and its arguments.</summary>
    public override string ToString() => $"[{Name} {Arguments}]";

    bool IAssistantContent.IsKnownKind => true;
}
