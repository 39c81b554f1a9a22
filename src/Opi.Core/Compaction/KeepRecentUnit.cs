namespace Opi;

/// <summary>By what a compaction measures what stays.</summary>
internal enum KeepRecentUnit : long
{
    /// <summary>The newest quarter of the messages, as opi does.</summary>
    Quarter,

    Tokens,

    Turns,
}
