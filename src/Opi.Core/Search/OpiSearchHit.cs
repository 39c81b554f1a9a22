namespace Opi;

/// <summary>A text that was found in a session: where it is, and the first place in it that was looked for.</summary>
public sealed record OpiSearchHit
{
    internal OpiSearchHit()
    {
    }

    /// <summary>Whose log it is in.</summary>
    public UsageSource Source { get; init; }

    /// <summary>The session, in the agent's own naming; null when not known.</summary>
    public string? SessionId { get; init; }

    /// <summary>The folder the agent worked in; null when not known.</summary>
    public string? Project { get; init; }

    /// <summary>When it was said, as ISO 8601 text, UTC; null when not known.</summary>
    public string? Time => WireTime.ToText(Timestamp);

    /// <summary>Who said it.</summary>
    public SearchRole Role { get; init; }

    /// <summary>The tool of a tool call or a result; null otherwise, and when not known.</summary>
    public string? Tool { get; init; }

    /// <summary>
    /// The line of the text that the hit is in, as it can be shown: cut where it is long, with control characters made visible. With the
    /// lines around it where these were asked for.
    /// </summary>
    public required string Line { get; init; }

    /// <summary>The entry, for example a message: its id, or its place in the file where it has none.</summary>
    public string? EntryId { get; init; }

    /// <summary>The file it is in.</summary>
    public required string Path { get; init; }

    /// <summary>When it was said; null when not known.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Which part of what was said it is.</summary>
    public SearchPart Part { get; init; }

    /// <summary>The model that said it; null when no model did, or when it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>How often the text has what was looked for; 1 where only a tool or a file was.</summary>
    public int Hits { get; init; } = 1;

    /// <summary>Whether the agent mostly logs the same in another line too.</summary>
    internal bool IsRepeat { get; init; }

    /// <summary>Where in <see cref="Line"/> the hit is.</summary>
    internal (int Start, int Length) Mark { get; init; }
}
