using System.Globalization;

namespace Opi;

/// <summary>Plans one compaction: where to cut.</summary>
internal static class CompactionPlanner
{
    /// <summary>The compaction without its summary; null when there is nothing to compact.</summary>
    /// <exception cref="CompactionFailedException">It would save next to nothing, and its summary would be paid for.</exception>
    public static PreparedCompaction? Prepare(CompactionRequest asked, IReadOnlyList<ContextEntry> entries)
    {
        if (entries.Count < 2)
        {
            return null;
        }

        bool[]? held = ToolGroups.Held(entries, entries.Count);
        AgentMessage[] messages = [.. entries.Select(entry => entry.Message)];
        long[] sizes = [.. messages.Select(asked.Estimator.Estimate)];
        var cuts = new CompactionCut(entries, messages, sizes, held);
        CompactionRequest request = asked.For(cuts.TotalTokens);
        int split = cuts.Find(request.Options.KeepRecent);
        if (request.TailTokens is { } limit && cuts.TokensFrom(split) > limit)
        {
            split = cuts.Within(limit);
        }

        // opi summarises even a lone summary again. After an overflow that frees nothing, and would loop.
        AgentMessage[] leaving = [.. messages.Where((_, place) => !cuts.Stays(place, split))];
        if (leaving.Length == 0 || (request.Reason == CompactionReason.Overflow && !leaving.Any(message => message is Message)))
        {
            return null;
        }

        int largest = cuts.LargestFrom(split);
        if (
            request.Reason != CompactionReason.Manual
                && request.Options.Summarizer is not null
                && !CompactionBreaker.IsUseful(cuts.TotalTokens, cuts.TokensFrom(split)))
        {
            throw Useless(request, cuts, split, entries[largest].FileId, sizes[largest]);
        }

        return new PreparedCompaction(
            request with { KeepsFirstRequest = FirstRequest() is >= 0 and int first && first < split && cuts.Stays(first, split) },
            leaving,
            [.. Enumerable.Range(0, messages.Length).Where(place => cuts.Stays(place, split)).Select(Kept)],
            [.. entries.Where((_, place) => !cuts.Stays(place, split)).Select(entry => entry.FileId)],
            [.. entries.Where((_, place) => cuts.Stays(place, split)).Select(entry => entry.FileId)],
            split,
            entries[split].Id,
            cuts.TokensFrom(split),
            cuts.TotalTokens,
            cuts.TokensFrom(split) > request.TailTokens ? entries[largest].FileId : null);

        int FirstRequest() => Array.FindIndex(messages, message => message is UserMessage);

        // What is kept only because it belongs to a pinned call or result has a line in its place where it is long.
        AgentMessage Kept(int place) =>
            place < split && !entries[place].IsPinned ? ClearedResult.Of(messages[place], entries[place].FileId) ?? messages[place] : messages[place];
    }

    private static CompactionFailedException Useless(CompactionRequest request, CompactionCut cuts, int split, string largest, long tokens)
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"it would save less than {CompactionBreaker.LeastGain:P0} of the context: {cuts.TokensFrom(split)} of {cuts.TotalTokens} tokens stay");
        return request.Reason == CompactionReason.Overflow
            ? CompactionFailedException.Oversized(request.SessionId, $"and {figures}", largest, tokens)
            : new CompactionFailedException(
                request.SessionId, $"{figures} by the rule '{request.Options.KeepRecent}'. The summariser was not asked.");
    }
}
