namespace Opi;

/// <summary>Why a compaction runs.</summary>
public enum CompactionReason : long
{
    /// <summary>It was asked for.</summary>
    Manual,

    /// <summary>The tokens since the last one reached the threshold.</summary>
    Threshold,

    /// <summary>The provider refused the context as too long.</summary>
    Overflow,
}
