namespace Opi;

/// <summary>What money was spent on for nothing.</summary>
public enum WasteKind : long
{
    /// <summary>The conversation was written to the cache again, because the pause was longer than the cache lives.</summary>
    CacheIdle,

    /// <summary>The conversation was written to the cache again, because another model continued it.</summary>
    CacheModelSwitch,

    /// <summary>The conversation was written to the cache again although the cache was alive: something at its beginning had changed.</summary>
    CachePrefixChange,

    /// <summary>What a compaction left was written to the cache again.</summary>
    CacheCompaction,

    /// <summary>A compaction that failed was paid for.</summary>
    FailedCompaction,

    /// <summary>A request was sent again, and the answer before it thrown away.</summary>
    Retry,

    /// <summary>A tool read a file again that had not changed.</summary>
    RepeatedRead,
}
