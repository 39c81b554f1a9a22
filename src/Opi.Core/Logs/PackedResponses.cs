namespace Opi;

/// <summary>
/// The responses of a part of a log in a form that takes little memory: a scan holds the responses of all files until it has read the last one.
/// </summary>
internal abstract class PackedResponses
{
    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>The time of the last one; null where it has none.</summary>
    public abstract DateTimeOffset? LastTime { get; }

    /// <summary>A copy, so that bringing responses together changes nothing here.</summary>
    public abstract PackedResponses Copy();
}
