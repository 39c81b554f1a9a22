namespace Opi;

/// <summary>When a write counts as done.</summary>
public enum Durability : long
{
    /// <summary>When the bytes are on the disk: they survive the loss of power. The default.</summary>
    Flush,

    /// <summary>When the system has the bytes: they survive the end of the process, not the loss of power. For bulk import.</summary>
    Buffered,
}
