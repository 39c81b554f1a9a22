namespace Opi;

/// <summary>Whose record a usage is from.</summary>
public enum UsageSource : long
{
    /// <summary>Opi's own sessions.</summary>
    Opi,

    /// <summary>Claude Code.</summary>
    ClaudeCode,

    /// <summary>Codex CLI.</summary>
    Codex,

    /// <summary>pi.</summary>
    Pi,

    /// <summary>Gemini CLI.</summary>
    Gemini,

    /// <summary>opencode.</summary>
    OpenCode,

    /// <summary>Opi's ledger, which keeps the rows of all others.</summary>
    Ledger,

    /// <summary>An agent that this Opi does not know, in a ledger that a later version wrote.</summary>
    Other,
}
