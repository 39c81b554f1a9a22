namespace Opi.PowerShell;

/// <summary>A tool as a model sees it.</summary>
public sealed record OpiToolSchema
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for the model; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>The names of the parameters that the model may give.</summary>
    public IReadOnlyList<string> Parameter { get; init; } = [];

    /// <summary>The mandatory ones.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The JSON schema of the arguments, as text.</summary>
    public required string Schema { get; init; }

    /// <summary>Whether the provider is asked to keep to the schema exactly.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether calls of one answer may run at once.</summary>
    public bool Parallel { get; init; }

    /// <summary>Parameters of the command that no model can give, because nothing in JSON becomes a value of their type.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The tokens that it takes of each request, estimated.</summary>
    public long Tokens { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
