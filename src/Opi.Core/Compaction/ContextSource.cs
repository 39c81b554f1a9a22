namespace Opi;

/// <summary>How the size of a context came to be known.</summary>
public enum ContextSource : long
{
    /// <summary>A provider reported all of it.</summary>
    Reported,

    /// <summary>All of it is estimated: no answer yet, none since the last compaction, or none with a usage.</summary>
    Estimated,

    /// <summary>A provider reported it up to the last answer, and what came after is estimated.</summary>
    ReportedPlusEstimate,
}
