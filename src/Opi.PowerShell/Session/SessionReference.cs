namespace Opi.PowerShell;

/// <summary>A session as a parameter takes it: one that is open, or the id or the path of one on disk.</summary>
public sealed class SessionReference
{
    internal SessionReference(OpiSession session) => Session = session;

    internal SessionReference(string text) => Text = text;

    /// <summary>The open session; null when it was given as text.</summary>
    public OpiSession? Session { get; }

    /// <summary>The id or the path; null when an open session was given.</summary>
    public string? Text { get; }

    /// <summary>Whether it is a row of a search, which may have many of one session.</summary>
    internal bool IsFound { get; init; }

    /// <summary>The other agent's session that a search found; null for a session of Opi.</summary>
    internal ForeignSession? Foreign { get; init; }

    /// <summary>The id or the path.</summary>
    public override string ToString() => Session?.Id ?? Text!;
}
