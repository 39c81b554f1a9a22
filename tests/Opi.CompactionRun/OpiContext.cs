namespace Opi.CompactionRun;

/// <summary>The rule of opi: the newest quarter of the messages stays, whatever they are; the summary is opi's text.</summary>
internal sealed class OpiContext(long limit) : ICompactedContext
{
    private List<AgentMessage> _messages = [];
    private long _tokens;

    public IReadOnlyList<AgentMessage> Messages => _messages;

    public bool Add(IReadOnlyList<Message> turn)
    {
        _messages = [.. _messages, .. turn];
        _tokens += turn.Sum(TokenEstimator.Default.Estimate);
        if (_tokens <= limit)
        {
            return false;
        }

        int split = _messages.Count - Math.Max(1, _messages.Count / 4);
        string summary = CompactionEngine.CoreSummary(_messages[..split]);
        _messages = [new CompactionSummaryMessage(summary, "", 0, 0), .. _messages[split..]];
        _tokens = _messages.Sum(TokenEstimator.Default.Estimate);
        return true;
    }
}
