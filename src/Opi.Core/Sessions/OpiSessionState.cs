namespace Opi;

/// <summary>Whether a session can be written to.</summary>
public enum OpiSessionState : long
{
    /// <summary>It can.</summary>
    Open,

    /// <summary>It was closed.</summary>
    Closed,
}
