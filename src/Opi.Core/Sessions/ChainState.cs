namespace Opi;

/// <summary>What the messages and compactions from the start of the conversation to one of them add up to.</summary>
/// <param name="Messages">How many messages.</param>
/// <param name="Summaries">How many compactions.</param>
/// <param name="Tokens">The tokens of its answers and summaries, without turns.</param>
/// <param name="Turns">Its turns.</param>
/// <param name="Model">The model of the last answer that names one; null for none.</param>
/// <param name="ModelAt">Where that answer begins, in bytes; -1 for none.</param>
/// <param name="Compaction">Where the last compaction stands; null for none.</param>
internal readonly record struct ChainState(
    int Messages, int Summaries, CumulativeUsage Tokens, TurnCount Turns, string? Model, long ModelAt, LinePlace? Compaction)
{
    /// <summary>Before the first entry.</summary>
    public static readonly ChainState Start = new(0, 0, CumulativeUsage.Zero, default, null, -1, null);

    public int Count => Messages + Summaries;

    /// <summary>With the entry of the conversation that comes next.</summary>
    public ChainState With(IndexedEntry entry)
    {
        CumulativeUsage tokens = entry.Usage is { } usage ? Tokens.Add(usage) : Tokens;
        if (entry.Type == EntryType.Compaction)
        {
            return this with { Summaries = Summaries + 1, Tokens = tokens, Compaction = LinePlace.Of(entry) };
        }

        TurnCount turns = Turns;
        turns.Add(entry.Role, entry.Usage);
        return this with
        {
            Messages = Messages + 1,
            Tokens = tokens,
            Turns = turns,
            Model = entry.Model ?? Model,
            ModelAt = entry.Model is null ? ModelAt : entry.Offset,
        };
    }
}
