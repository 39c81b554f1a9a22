namespace Opi.PowerShell;

/// <summary>What a parameter leaves to its cmdlet, where a reply from the pipeline has a member of the parameter's name.</summary>
internal enum Leniency
{
    /// <summary>Nothing: what is wrong is refused.</summary>
    None,

    /// <summary>Objects; a text that is wrong is refused.</summary>
    Objects,

    /// <summary>Texts too.</summary>
    Text,
}
