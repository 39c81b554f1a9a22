namespace Opi;

/// <summary>What a line or document says of whose log it is in.</summary>
internal enum LogMatch
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It may be this source's; other agents write such lines too.</summary>
    Likely,

    /// <summary>Only this source writes it.</summary>
    Sure,

    /// <summary>Another agent wrote it, although the file looks like this source.</summary>
    Foreign,
}
