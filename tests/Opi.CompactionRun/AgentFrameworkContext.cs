using Microsoft.Extensions.AI;

namespace Opi.CompactionRun;

using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

/// <summary>A context that a strategy of the Microsoft Agent Framework compacts, run for real.</summary>
/// <param name="limit">The tokens above which it is asked to.</param>
/// <param name="reducer">The strategy.</param>
internal sealed class AgentFrameworkContext(long limit, IChatReducer reducer) : ICompactedContext
{
    private List<ChatMessage> _messages = [];
    private long _tokens;

    public IReadOnlyList<AgentMessage> Messages => [.. _messages.Select(AgentFrameworkMessages.To)];

    public bool Add(IReadOnlyList<Message> turn)
    {
        _messages.AddRange(turn.Select(AgentFrameworkMessages.From));
        _tokens += turn.Sum(TokenEstimator.Default.Estimate);
        if (_tokens <= limit)
        {
            return false;
        }

        _messages = [.. reducer.ReduceAsync(_messages, CancellationToken.None).GetAwaiter().GetResult()];
        _tokens = Messages.Sum(TokenEstimator.Default.Estimate);
        return true;
    }
}
