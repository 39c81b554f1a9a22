namespace Opi;

/// <summary>How a database is opened. None of them changes a byte of it, or of the files next to it.</summary>
internal enum StoreMode
{
    /// <summary>The database only: there is no file next to it.</summary>
    Alone,

    /// <summary>With its log, without locks and without shared memory, so that the agent can continue to write.</summary>
    WithLog,

    /// <summary>A copy of one's own, where a write that was broken off may be undone.</summary>
    Copy,
}
