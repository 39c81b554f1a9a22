namespace Opi;

/// <summary>Where the text of a summary came from.</summary>
public enum SummarySource : long
{
    /// <summary>Made here, from the beginnings of the messages.</summary>
    Core,

    /// <summary>Given by a <see cref="ISummarizer"/>.</summary>
    Hook,

    /// <summary>Made here, as a digest: requests, tools, files, errors, the last state.</summary>
    Digest,

    /// <summary>There is no summary: only tools' results were cleared.</summary>
    None,
}
