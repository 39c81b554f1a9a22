namespace Opi;

/// <summary>What is taken out of tool calls and tool details before they are written.</summary>
public enum Redaction : long
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Values of keys that name secrets, and values that look like one.</summary>
    Secrets,

    /// <summary>
    /// Also values of keys that hold prompts, commands, paths and output, and every text with a path of the system in it: opi's rule.
    /// </summary>
    Strict,
}
