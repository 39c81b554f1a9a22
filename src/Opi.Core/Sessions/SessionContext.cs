namespace Opi;

/// <summary>
/// The context that a branch leaves: the newest summary, the messages it kept, and those after it. Reconstructed as the seed does it: what
/// a compaction kept is looked up among the messages before it, and if it is not there, nothing is kept.
/// </summary>
internal sealed class SessionContext
{
    private SessionContext(List<ContextEntry> entries, Usage usage, TurnCount turns)
    {
        Entries = entries;
        Turns = turns;
        Usage = new CumulativeUsage(
            usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, turns.Turns, turns.Unknown);
    }

    /// <summary>The messages in force with their entries, oldest first.</summary>
    public IReadOnlyList<ContextEntry> Entries { get; }

    /// <summary>The messages in force, oldest first. Reads them from the file.</summary>
    public IEnumerable<AgentMessage> Messages => Entries.Select(entry => entry.Message);

    /// <summary>Where the messages stand in the session's index, oldest first.</summary>
    internal IEnumerable<IndexedEntry> Sources => Entries.Cast<IndexedContextEntry>().Select(entry => entry.Source);

    /// <summary>
    /// The tokens of all responses on the branch, compacted ones and summaries too. Turns are the user's messages; a turn with a response whose usage
    /// nobody reported is an unknown one.
    /// </summary>
    public CumulativeUsage Usage { get; }

    /// <summary>The turns, to be counted on.</summary>
    internal TurnCount Turns { get; }

    internal static SessionContext Reconstruct(SessionTree tree, Func<IndexedEntry, AgentMessage> load, EntrySequence sequence)
    {
        var entries = new List<ContextEntry>();
        Usage usage = Opi.Usage.Unknown;
        var turns = default(TurnCount);
        foreach (IndexedEntry entry in tree.ContextBranch)
        {
            // Most entries have none, and adding nothing costs as much as adding something.
            if (entry.Usage is { } reported)
            {
                usage += reported;
            }

            if (entry.Type == EntryType.CompactionFailure)
            {
                continue;
            }

            if (entry.Type == EntryType.Compaction)
            {
                int kept = entries.FindIndex(candidate => candidate.Id == entry.TargetId);
                entries.RemoveRange(0, kept < 0 ? entries.Count : kept);
                entries.Insert(0, new IndexedContextEntry(sequence.Next("sum"), entry, load));
                continue;
            }

            entries.Add(new IndexedContextEntry(entry.Id, entry, load));
            turns.Add(entry.Role, entry.Usage);
        }

        return new SessionContext(entries, usage, turns);
    }
}
