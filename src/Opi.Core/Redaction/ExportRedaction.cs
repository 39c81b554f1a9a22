namespace Opi;

/// <summary>What is taken out of a session that is exported. The session itself stays whole.</summary>
public enum ExportRedaction : long
{
    /// <summary>
    /// Secrets, values of keys that hold prompts, commands, paths and output, and every text with a secret or a path of the system in it.
    /// </summary>
    Summary,

    /// <summary>The same secrets and keys, but of a text only the secret itself; paths stay.</summary>
    Verbose,

    /// <summary>Nothing.</summary>
    None,
}
