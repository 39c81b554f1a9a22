namespace Opi;

/// <summary>
/// The context that a branch leaves: the newest summary, the messages it kept, and those after it. Reconstructed as the seed does it: what
/// a compaction kept is looked up among the messages before it, and if it is not there, nothing is kept.
/// </summary>
internal sealed class SessionContext
{
    private SessionContext(ContextEntries entries, CumulativeUsage tokens, TurnCount turns)
    {
        State = entries;
        Turns = turns;
        Usage = tokens with { Turns = turns.Turns, UnknownUsageTurns = turns.Unknown };
    }

    /// <summary>The messages active with their entries, oldest first.</summary>
    public IReadOnlyList<ContextEntry> Entries => State.Entries;

    /// <summary>The same, to be gone on with.</summary>
    internal ContextEntries State { get; }

    /// <summary>The messages active, oldest first. Reads them from the file.</summary>
    public IEnumerable<AgentMessage> Messages => Entries.Select(entry => entry.Message);

    /// <summary>The positions of the messages in the session's index, oldest first.</summary>
    internal IEnumerable<IndexedEntry> Sources => State.Sources;

    /// <summary>
    /// The tokens of all responses on the branch, compacted ones and summaries too. Turns are the user's messages; a turn with a response whose usage
    /// was not reported is an unknown one.
    /// </summary>
    public CumulativeUsage Usage { get; }

    /// <summary>The turns, to be counted on.</summary>
    internal TurnCount Turns { get; }

    internal static SessionContext Reconstruct(SessionTree tree, Func<IndexedEntry, AgentMessage> load, EntrySequence sequence)
    {
        var entries = new ContextEntries(load, sequence);
        CumulativeUsage tokens = CumulativeUsage.Zero;
        var turns = default(TurnCount);
        foreach (IndexedEntry entry in tree.ContextBranch)
        {
            if (entry.Usage is { } usage)
            {
                tokens = tokens.Add(usage);
            }

            if (entry.Type == EntryType.CompactionFailure)
            {
                continue;
            }

            entries.Take(entry);
            if (entry.Type == EntryType.Message)
            {
                turns.Add(entry.Role, entry.Usage);
            }
        }

        return new SessionContext(entries, tokens, turns);
    }
}
