namespace Opi;

/// <summary>What a member of a usage in a log counts.</summary>
internal enum CountKind
{
    /// <summary>Nothing that is billed: a size, a limit, a sum of others.</summary>
    Ignored,

    /// <summary>Input, with or without what the cache has: <see cref="CountTally"/> is asked for one or the other.</summary>
    Input,

    /// <summary>Output.</summary>
    Output,

    /// <summary>What was read from the cache.</summary>
    CacheRead,

    /// <summary>What was written to the cache.</summary>
    CacheWrite,

    /// <summary>The part of the writes that is kept for an hour.</summary>
    CacheWrite1h,

    /// <summary>Thinking.</summary>
    Reasoning,

    /// <summary>A sum that the agent logs.</summary>
    Total,

    /// <summary>An amount of money.</summary>
    Money,
}
