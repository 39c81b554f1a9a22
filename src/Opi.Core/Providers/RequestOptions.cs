namespace Opi;

/// <summary>What goes into a request beside the context.</summary>
public sealed record RequestOptions
{
    /// <summary>The system's text; null for none.</summary>
    public string? System { get; init; }

    /// <summary>Messages that follow the context and that no session has: the next prompt, or results of tools.</summary>
    public IReadOnlyList<Message> Prompt { get; init; } = [];

    /// <summary>Whether tool calls without a result are left out. Otherwise each gets a result that says that there is none.</summary>
    public bool Strict { get; init; }
}
