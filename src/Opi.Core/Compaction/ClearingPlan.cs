namespace Opi;

/// <summary>Which results of tools are to be cleared.</summary>
/// <param name="EntryIds">Their entries, oldest first.</param>
/// <param name="TokensBefore">Estimated tokens of the context, by opi's measure.</param>
/// <param name="TokensAfter">The same after it.</param>
/// <param name="ContextTokensBefore">Estimated tokens of all that a model sees of the context.</param>
/// <param name="ContextTokensAfter">The same after it.</param>
internal sealed record ClearingPlan(
    IReadOnlyList<string> EntryIds, long TokensBefore, long TokensAfter, long ContextTokensBefore, long ContextTokensAfter)
{
    /// <summary>
    /// Plans to clear the results before the place where a compaction would cut. After an overflow, or where the window is known, later ones are
    /// cleared too, oldest first, until the context fits. Results that no answer came after stay: the model has not seen them yet. Null when
    /// there is nothing to clear.
    /// </summary>
    public static ClearingPlan? Of(CompactionRequest asked, IReadOnlyList<ContextEntry> entries)
    {
        MessageSketch[] messages = MessageSketch.Of(entries, asked.Estimator);
        var cuts = new CompactionCut(entries, messages);
        int old = messages.Length < 2 ? 0 : cuts.Find(asked.Policy.KeepRecent);
        int seen = Array.FindLastIndex(messages, message => message.IsAnswer);
        long limit = asked.For(cuts.TotalTokens).RoomTokens ?? long.MaxValue;
        long total = cuts.TotalTokens;
        long before = messages.Sum(message => message.CoreSize), after = before;
        var ids = new List<string>();
        for (int i = 0; i < seen && (i < old || total > limit); i++)
        {
            if (!entries[i].IsPinned && !entries[i].IsCleared && messages[i].ResultOf is not null
                && ClearedResult.Of(entries[i].Message, entries[i].FileId) is { } line)
            {
                ids.Add(entries[i].FileId);
                total -= messages[i].Size - asked.Estimator.Estimate(line);
                after -= messages[i].CoreSize - CompactionEngine.EstimateTokens(line);
            }
        }

        return ids.Count == 0 ? null : new ClearingPlan(ids, before, after, cuts.TotalTokens, total);
    }
}
