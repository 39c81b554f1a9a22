namespace Opi;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity : long
{
    /// <summary>Worth knowing; nothing is lost.</summary>
    Information,

    /// <summary>Something is missing or was worked around.</summary>
    Warning,

    /// <summary>Part of the file, or all of it, cannot be used.</summary>
    Error,
}
