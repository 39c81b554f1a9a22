namespace Opi;

/// <summary>A text that was said.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Role">Who said it.</param>
/// <param name="Text">The text.</param>
internal readonly record struct SaidText(SearchPart Part, SearchRole Role, string Text)
{
    /// <summary>The tool of a call or a result; empty when the result does not say, null otherwise.</summary>
    public string? Tool { get; init; }

    /// <summary>The call that a result answers; null for all else.</summary>
    public string? CallId { get; init; }

    /// <summary>The arguments of a call, as JSON or text; null for all else.</summary>
    public string? Arguments { get; init; }

    /// <summary>The model, without and with its provider; null where none spoke.</summary>
    public (string? Provider, string? Name) Model { get; init; }
}
