namespace Opi;

/// <summary>How the size of a context came to be known.</summary>
public enum ContextSource
{
    /// <summary>A provider reported all of it.</summary>
    Reported,

    /// <summary>All of it is estimated: no answer yet, none since the last compaction, or none with a usage.</summary>
    Estimated,

    /// <summary>A provider reported it up to the last answer, and what came after is estimated.</summary>
    ReportedPlusEstimate,
}

/// <summary>The size of a context.</summary>
/// <param name="ReportedTokens">What the last answer's usage accounts for; 0 when there is none that counts.</param>
/// <param name="EstimatedTokens">The estimate of what it does not account for.</param>
/// <param name="Source">How it came to be known.</param>
internal readonly record struct ContextSize(long ReportedTokens, long EstimatedTokens, ContextSource Source)
{
    public long Tokens => TokenMath.Add(ReportedTokens, EstimatedTokens);

    /// <summary>The same with more that is estimated.</summary>
    public ContextSize With(long more) => this with
    {
        EstimatedTokens = TokenMath.Add(EstimatedTokens, more),
        Source = Source == ContextSource.Reported && more > 0 ? ContextSource.ReportedPlusEstimate : Source,
    };
}

/// <summary>
/// Keeps the size of a context: what the last answer's provider reported, and an estimate of what came after it. A usage from before the last
/// compaction says nothing of the context that is left, and that of an answer that failed says nothing at all.
/// </summary>
internal sealed class ContextMeter(ITokenEstimator estimator)
{
    /// <summary>An answer with a length-stop and no output says that its input took nearly the whole window.</summary>
    private const double NearlyAll = 0.99;

    private long _reported;
    private long _estimated;
    private bool _hasReport;
    private (Usage Usage, StopReason StopReason, string? Error)? _lastAnswer;

    public ContextSize Size => new(
        _reported,
        _estimated,
        !_hasReport ? ContextSource.Estimated : _estimated > 0 ? ContextSource.ReportedPlusEstimate : ContextSource.Reported);

    /// <summary>
    /// Whether the last answer shows that the context is too long, though its provider did not refuse it: by its stop reason, by an input that is
    /// larger than the window, or by an end of its length before it began.
    /// </summary>
    public bool Overflowed(long window) => _lastAnswer is var (usage, reason, error)
        && (error == Reply.WindowExceeded
            || InputOf(usage) > window
            || (reason == StopReason.Length && usage.OutputTokens == 0 && InputOf(usage) >= NearlyAll * window));

    /// <summary>Measures a context as it stands. Reads it from its end to the last answer that counts.</summary>
    public static ContextMeter Of(IReadOnlyList<ContextEntry> entries, ITokenEstimator estimator)
    {
        var meter = new ContextMeter(estimator);
        IndexedEntry? compaction = entries.Count > 0 && entries[0].Source is { Type: EntryType.Compaction } source ? source : null;
        int first = entries.Count;
        var messages = new Stack<AgentMessage>();
        while (--first >= 0)
        {
            messages.Push(entries[first].Message);
            if (CountsAsReport(messages.Peek()) && entries[first].Source.Line > (compaction?.Line ?? 0))
            {
                break;
            }
        }

        foreach (AgentMessage message in messages)
        {
            meter.Add(message, trusted: first >= 0);
        }

        return meter;
    }

    /// <summary>Counts a message that was added at the end.</summary>
    public void Add(AgentMessage message) => Add(message, trusted: true);

    private void Add(AgentMessage message, bool trusted)
    {
        if (message is AssistantMessage answer)
        {
            _lastAnswer = trusted ? (answer.Usage, answer.StopReason, answer.ErrorMessage) : null;
        }

        if (trusted && CountsAsReport(message))
        {
            (_reported, _estimated, _hasReport) = (((AssistantMessage)message).Usage.TotalTokens, 0, true);
        }
        else
        {
            _estimated = TokenMath.Add(_estimated, estimator.Estimate(message));
        }
    }

    private static long InputOf(Usage usage) => (usage with { OutputTokens = 0 }).TotalTokens;

    private static bool CountsAsReport(AgentMessage message) =>
        message is AssistantMessage { StopReason: not (StopReason.Error or StopReason.Aborted), Usage.TotalTokens: > 0 };
}
