namespace Opi;

/// <summary>A tool as a model sees it.</summary>
/// <param name="Name">
/// Its name. Every provider takes ASCII letters, digits, <c>_</c> and <c>-</c>, at most 64, the first a letter or <c>_</c>; another
/// character is sent as <c>_</c>.
/// </param>
/// <param name="Description">What it does and when to use it, for the model; null for nothing.</param>
/// <param name="ParametersJson">The JSON schema of its arguments: JSON text of an object whose <c>type</c> is <c>object</c>.</param>
public sealed record ToolDefinition(string Name, string? Description, string ParametersJson)
{
    /// <summary>
    /// Whether the provider is asked to keep to the schema exactly. The schema has to be of the strict kind then: every object closed
    /// (<c>additionalProperties: false</c>) and every property required. Gemini and Ollama have no such mode.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
