namespace Opi;

/// <summary>Which existing files an export replaces.</summary>
internal enum Overwrite : long
{
    /// <summary>Those that can be written to.</summary>
    Writable,

    /// <summary>Read-only ones too.</summary>
    ReadOnly,

    /// <summary>None.</summary>
    Never,
}
