using System.Text;

namespace Opi;

/// <summary>Decides when a context is compacted and where it is cut, and makes the summary. Changes nothing itself.</summary>
internal sealed class CompactionEngine
{
    private const int MaxSummaryBytes = 500;

    public CompactionEngine(OpiCompactionPolicy policy) => Policy = policy;

    public OpiCompactionPolicy Policy { get; }

    /// <summary>Whether a compaction is to run.</summary>
    /// <param name="tokens">Tokens billed since the last one; with a window, the tokens of the context.</param>
    /// <param name="reason">Why it would run.</param>
    public bool ShouldCompact(long tokens, CompactionReason reason) => reason switch
    {
        CompactionReason.Manual => true,
        CompactionReason.Overflow => !Policy.NoCompaction,
        _ => !Policy.NoCompaction && (Policy.ContextLimit is { } limit ? tokens > limit : tokens >= Policy.CompactionThreshold),
    };

    /// <summary>
    /// Plans a compaction. By default the newest quarter stays, at least one entry, and more where a tool's result would be cut from its
    /// call. Null when there is nothing to compact: fewer than two entries, or one group of a call and its results.
    /// </summary>
    public static CompactionPlan? Plan(IReadOnlyList<ContextEntry> entries, ISummarizer? summarizer = null) =>
        Plan(entries, OpiCompactionPolicy.OfOpi with { Summarizer = summarizer });

    /// <summary>Plans a compaction by a policy. Null when there is nothing to compact.</summary>
    public static CompactionPlan? Plan(IReadOnlyList<ContextEntry> entries, OpiCompactionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (CompactionPlanner.Prepare(new CompactionRequest("", CompactionReason.Manual, policy), entries) is not { } prepared)
        {
            return null;
        }

        var run = new SummaryRun(prepared.Request);
        (string text, SummarySource source) = run.Make(prepared.Leaving);
        return prepared.With(text, source, run);
    }

    /// <summary>opi's estimate of a message: a token for each four bytes of its text in UTF-8.</summary>
    public static long EstimateTokens(AgentMessage message) => SeedTokenEstimator.Instance.Estimate(message);

    /// <summary>
    /// opi's summary: the texts of the messages, joined. If longer than 500 bytes it is cut between characters, before byte 497.
    /// </summary>
    public static string CoreSummary(IReadOnlyList<AgentMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string joined = Join(messages);
        string prefix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Compacted {messages.Count} messages: ");
        if (Encoding.UTF8.GetByteCount(joined) <= MaxSummaryBytes)
        {
            return prefix + joined;
        }

        int bytes = 0, chars = 0;
        foreach (Rune rune in joined.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength >= MaxSummaryBytes - 3)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            chars += rune.Utf16SequenceLength;
        }

        return prefix + joined[..chars] + "...";
    }

    /// <summary>The joined texts, as far as the summary can need them: they may be as long as a whole context.</summary>
    private static string Join(IReadOnlyList<AgentMessage> messages)
    {
        var joined = new StringBuilder();
        for (int i = 0; i < messages.Count && joined.Length <= MaxSummaryBytes; i++)
        {
            string text = messages[i].Text; // the others are not read
            joined.Append(i == 0 ? "" : ". ").Append(text, 0, Math.Min(text.Length, MaxSummaryBytes + 1));
        }

        return joined.ToString();
    }
}
