namespace Opi;

/// <summary>A session file that was opened for writing, and what is known of it: all its entries, or what its index says.</summary>
/// <param name="Writer">Writes to it.</param>
/// <param name="Header">The first line.</param>
/// <param name="Index">All its entries; null when its index file fits.</param>
/// <param name="Facts">The content of its index file; null when all entries were read.</param>
internal sealed record OpenedSession(SessionWriter Writer, SessionHeader Header, SessionIndex? Index, SessionFacts? Facts);
