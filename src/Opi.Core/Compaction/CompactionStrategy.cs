namespace Opi;

/// <summary>What makes a summary where no <see cref="ISummarizer"/> is given.</summary>
public enum CompactionStrategy : long
{
    /// <summary>opi's text: the beginnings of the messages, some 500 bytes.</summary>
    Core,

    /// <summary>A digest: requests, tools, files, errors and the last state.</summary>
    Digest,
}
