namespace Opi;

/// <summary>What goes into a request besides the context.</summary>
public sealed record RequestOptions
{
    private readonly ValueList<Message> _prompt;
    private readonly ValueList<ToolDefinition> _tools;

    /// <summary>The system's text; null for none.</summary>
    public string? System { get; init; }

    /// <summary>Messages that follow the context and that no session has: the next prompt, or results of tools.</summary>
    public IReadOnlyList<Message> Prompt { get => _prompt.Items; init => _prompt = new(value); }

    /// <summary>The tools that the model may call, in the order in which the request has them. Empty for none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get => _tools.Items; init => _tools = new(value); }

    /// <summary>
    /// The model that the request goes to, as <c>provider:model</c>. Signatures, encrypted thinking and a provider's own blocks go back only
    /// to the model that made them. Null for the shape's own provider and any model.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>Whether answers that failed or were refused are sent too; otherwise they are left out.</summary>
    public bool IncludeErrors { get; init; }

    /// <summary>Whether the request marks what the provider is to cache (Anthropic, Bedrock). Others cache without being asked.</summary>
    public bool Cache { get; init; }

    /// <summary>Whether tool calls without a result are left out. Otherwise each gets a result that says so.</summary>
    public bool Strict { get; init; }

    /// <summary>The clock: a provider's container or a spoken answer that has expired is not named again.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
