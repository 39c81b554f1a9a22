using System.Globalization;

namespace Opi;

/// <summary>Plans one compaction: where to cut.</summary>
internal static class CompactionPlanner
{
    /// <summary>The compaction without its summary; null when there is nothing to compact.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="entries">The context.</param>
    /// <param name="isLarge">Whether the messages are read when they are needed, one by one, and not held.</param>
    /// <exception cref="CompactionFailedException">It would save next to nothing, and its summary would be paid for.</exception>
    public static PreparedCompaction? Prepare(CompactionRequest asked, IReadOnlyList<ContextEntry> entries, bool isLarge = false)
    {
        if (entries.Count < 2)
        {
            return null;
        }

        bool[]? held = ToolGroups.Held(entries, entries.Count);
        MessageSketch[] messages = MessageSketch.Of(entries, asked.Estimator);
        var cuts = new CompactionCut(entries, messages, held);
        CompactionRequest request = asked.For(cuts.TotalTokens);
        int split = cuts.Find(request.Policy.KeepRecent);
        if (request.TailTokens is { } limit && cuts.TokensFrom(split) > limit)
        {
            split = cuts.Within(limit);
        }

        // opi summarises even a lone summary again. After an overflow that frees nothing, and would loop.
        int[] leaving = [.. Enumerable.Range(0, messages.Length).Where(place => !cuts.Stays(place, split))];
        int[] staying = [.. Enumerable.Range(0, messages.Length).Where(place => cuts.Stays(place, split))];
        if (leaving.Length == 0 || (request.Reason == CompactionReason.Overflow && !leaving.Any(place => messages[place].IsMessage)))
        {
            return null;
        }

        int largest = cuts.LargestFrom(split);
        if (
            request.Reason != CompactionReason.Manual
                && request.Policy.Summarizer is not null
                && !CompactionBreaker.IsUseful(cuts.TotalTokens, cuts.TokensFrom(split)))
        {
            throw Useless(request, cuts, split, entries[largest].FileId, messages[largest].Size);
        }

        return new PreparedCompaction(
            request with { KeepsFirstRequest = FirstRequest() is >= 0 and int first && first < split && cuts.Stays(first, split) },
            Read(leaving, place => entries[place].Message),
            Read(staying, Kept),
            [.. leaving.Select(place => entries[place].FileId)],
            [.. staying.Select(place => entries[place].FileId)],
            split,
            entries[split].Id,
            cuts.TokensFrom(split),
            cuts.TotalTokens,
            cuts.TokensFrom(split) > request.TailTokens ? entries[largest].FileId : null)
        {
            LeavingCoreTokens = leaving.Sum(place => messages[place].CoreSize),
            KeptCoreTokens = staying.Sum(place => place < split ? CompactionEngine.EstimateTokens(Kept(place)) : messages[place].CoreSize),
        };

        IReadOnlyList<AgentMessage> Read(int[] places, Func<int, AgentMessage> read) =>
            isLarge ? new LazyMessages(places.Length, i => read(places[i])) : [.. places.Select(read)];

        int FirstRequest() => Array.FindIndex(messages, message => message.IsUser);

        // What is kept only because it belongs to a pinned call or result has a line in its place where it is long.
        AgentMessage Kept(int place) =>
            entries[place].Message is var message && place < split && !entries[place].IsPinned
                ? ClearedResult.Of(message, entries[place].FileId) ?? message
                : message;
    }

    private static CompactionFailedException Useless(CompactionRequest request, CompactionCut cuts, int split, string largest, long tokens)
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"it would save less than {CompactionBreaker.LeastGain:P0} of the context: {cuts.TokensFrom(split)} of {cuts.TotalTokens} tokens stay");
        return request.Reason == CompactionReason.Overflow
            ? CompactionFailedException.Oversized(request.SessionId, $"and {figures}", largest, tokens)
            : new CompactionFailedException(
                request.SessionId, $"{figures} by the rule '{request.Policy.KeepRecent}'. The summariser was not asked.");
    }
}
