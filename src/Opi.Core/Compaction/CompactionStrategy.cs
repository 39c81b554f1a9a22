namespace Opi;

/// <summary>How a context is made smaller where no <see cref="ISummarizer"/> is given.</summary>
public enum CompactionStrategy : long
{
    /// <summary>opi's text: the beginnings of the messages, some 500 bytes.</summary>
    Core,

    /// <summary>A digest: requests, tools, files, errors and the last state.</summary>
    Digest,

    /// <summary>
    /// No summary: older results of tools are cleared, and in each one's place a line says what was there, how long it was, and which entry
    /// has it. All other messages stay.
    /// </summary>
    ClearToolResults,
}
