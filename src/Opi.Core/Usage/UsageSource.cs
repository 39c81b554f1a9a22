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

    /// <summary>GitHub Copilot CLI.</summary>
    Copilot,

    /// <summary>Qwen Code.</summary>
    Qwen,

    /// <summary>Kimi Code, and kimi-cli before it.</summary>
    Kimi,

    /// <summary>OpenClaw.</summary>
    OpenClaw,

    /// <summary>OMP.</summary>
    Omp,

    /// <summary>Cline: its CLI and its extension for VS Code.</summary>
    Cline,

    /// <summary>Roo Code.</summary>
    RooCode,

    /// <summary>Kilo Code: its CLI and its extension for VS Code.</summary>
    KiloCode,

    /// <summary>Droid.</summary>
    Droid,

    /// <summary>Amp.</summary>
    Amp,

    /// <summary>Grok Build.</summary>
    Grok,

    /// <summary>Goose.</summary>
    Goose,

    /// <summary>Crush.</summary>
    Crush,

    /// <summary>Opi's ledger, which keeps the rows of all others.</summary>
    Ledger,

    /// <summary>An agent that this Opi does not know, in a ledger that a later version wrote.</summary>
    Other,

    /// <summary>Hermes Agent.</summary>
    Hermes,
}
