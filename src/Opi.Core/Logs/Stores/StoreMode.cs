namespace Opi;

/// <summary>How a database is opened. None of them changes a byte of it, or of the files beside it.</summary>
internal enum StoreMode
{
    /// <summary>The database alone: no file stands beside it.</summary>
    Alone,

    /// <summary>With the log beside it, without locks and without shared memory, so that the agent may go on writing.</summary>
    WithLog,

    /// <summary>A copy of one's own, where a write that was broken off may be undone.</summary>
    Copy,
}
