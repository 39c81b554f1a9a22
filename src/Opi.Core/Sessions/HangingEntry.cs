namespace Opi;

/// <summary>An entry outside the conversation: it counts if its parent entry is active.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Parent">Where the entry of the conversation begins that it hangs on, in bytes; -1 for none, before all of them.</param>
internal readonly record struct HangingEntry(LinePlace At, long Parent);
