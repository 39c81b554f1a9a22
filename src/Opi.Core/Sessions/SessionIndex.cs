namespace Opi;

/// <summary>What the pass over a session file found.</summary>
/// <param name="Header">The first line.</param>
/// <param name="Entries">The entries, in the order of the file.</param>
/// <param name="Recovery">What is wrong with the file.</param>
/// <param name="Length">How many bytes were read.</param>
/// <param name="Lines">How many lines the file has, a torn last one not counted.</param>
internal sealed record SessionIndex(SessionHeader Header, List<IndexedEntry> Entries, SessionRecovery Recovery, long Length, long Lines);
