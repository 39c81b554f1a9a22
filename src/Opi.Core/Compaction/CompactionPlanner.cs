using System.Globalization;

namespace Opi;

/// <summary>Plans one compaction: where to cut, and the summary. What its summariser's calls cost is known also when they fail.</summary>
internal sealed class CompactionPlanner(CompactionRequest asked)
{
    private SummaryRun? _summary;

    /// <summary>What the summariser's calls cost; null when nobody told of any.</summary>
    public Usage? Usage => _summary?.Usage;

    /// <summary>The model they were made to; null for the session's.</summary>
    public string? Model => _summary?.Model;

    /// <summary>The plan; null when there is nothing to compact.</summary>
    public CompactionPlan? Plan(IReadOnlyList<ContextEntry> entries)
    {
        if (entries.Count < 2)
        {
            return null;
        }

        AgentMessage[] messages = [.. entries.Select(entry => entry.Message)];
        long[] sizes = [.. messages.Select(asked.Estimator.Estimate)];
        var cuts = new CompactionCut(messages, sizes);
        CompactionRequest request = asked.For(cuts.TotalTokens);
        int split = cuts.Find(request.Options.KeepRecent);
        if (request.TailTokens is { } limit && cuts.TokensFrom(split) > limit)
        {
            split = cuts.Within(limit);
        }

        // opi summarises a summary alone, too. After an overflow that saves nothing, and would go on for ever.
        if (split == 0 || (request.Reason == CompactionReason.Overflow && !messages.Take(split).Any(message => message is Message)))
        {
            return null;
        }

        if (
            request.Reason != CompactionReason.Manual
                && request.Options.Summarizer is not null
                && !CompactionBreaker.IsUseful(cuts.TotalTokens, cuts.TokensFrom(split)))
        {
            throw new CompactionFailedException(
                request.SessionId,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it would save less than {CompactionBreaker.LeastGain:P0} of the context: {cuts.TokensFrom(split)} of {cuts.TotalTokens} "
                        + $"tokens stay by the rule '{request.Options.KeepRecent}'. The summariser was not asked."));
        }

        long after = messages.Skip(split).Sum(CompactionEngine.EstimateTokens);
        long before = messages.Take(split).Sum(CompactionEngine.EstimateTokens) + after;
        (string text, SummarySource source) = (_summary = new SummaryRun(request)).Make(messages[..split]);
        return new CompactionPlan(split, entries[split].Id, text, source, before, after, messages[split..])
        {
            Usage = Usage,
            Model = Model,
            ContextTokensBefore = cuts.TotalTokens,
            ContextTokensAfter = TokenMath.Add(cuts.TokensFrom(split), request.Estimator.Estimate(new CompactionSummaryMessage(text, "", 0, 0))),
            OversizedEntryId = cuts.TokensFrom(split) > request.TailTokens ? entries[cuts.LargestFrom(split)].Id : null,
        };
    }
}
