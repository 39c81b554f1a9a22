namespace Opi;

/// <summary>
/// Keeps the size of a context: what the last answer's provider reported, and an estimate of what came after it. A usage from before the last
/// compaction, clearing or pin says nothing about the context that is left. The usage of a failed answer says nothing at all, and neither does a sum
/// over several passes of which the last is not known.
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
    /// larger than the window, or because it hit the output limit before producing any output.
    /// </summary>
    public bool Overflowed(long window) => _lastAnswer is var (usage, reason, error)
        && (reason == StopReason.ContextWindowExceeded
            || error == Reply.WindowExceeded
            || InputOf(usage) > window
            || (reason == StopReason.Length && usage.OutputTokens == 0 && InputOf(usage) >= NearlyAll * window));

    /// <summary>Measures a context. Reads it from its end to the last answer that counts.</summary>
    public static ContextMeter Of(IReadOnlyList<ContextEntry> entries, ITokenEstimator estimator)
    {
        var meter = new ContextMeter(estimator);
        long changedAt = entries.Count == 0 ? 0 : entries.Max(entry => entry.ChangedAt);
        int first = entries.Count;
        var messages = new Stack<AgentMessage>();
        while (--first >= 0)
        {
            messages.Push(entries[first].Message);
            if (CountsAsReport(messages.Peek()) && entries[first].Line > changedAt)
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

    public void Add(AgentMessage message) => Add(message, trusted: true);

    private void Add(AgentMessage message, bool trusted)
    {
        if (message is AssistantMessage answer)
        {
            _lastAnswer = trusted ? (answer.Usage, answer.StopReason, answer.ErrorMessage) : null;
        }

        if (trusted && CountsAsReport(message))
        {
            (_reported, _estimated, _hasReport) = (((AssistantMessage)message).Usage.ContextTokens, 0, true);
        }
        else
        {
            _estimated = TokenMath.Add(_estimated, estimator.Estimate(message));
        }
    }

    /// <summary>The input of the last pass; of several passes the counts are a sum, and what the context had is known at most as a whole.</summary>
    private static long InputOf(Usage usage) => usage.Billing?.ContextTokens ?? (usage with { OutputTokens = 0 }).TotalTokens;

    /// <summary>Whether a message is an answer whose usage shows how large the context was.</summary>
    public static bool CountsAsReport(AgentMessage message) =>
        message is AssistantMessage { StopReason: not (StopReason.Error or StopReason.Aborted), Usage.ContextTokens: > 0 };
}
