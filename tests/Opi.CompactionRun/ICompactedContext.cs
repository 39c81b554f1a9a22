namespace Opi.CompactionRun;

/// <summary>A context that grows by turns and is compacted by some rule.</summary>
public interface ICompactedContext
{
    /// <summary>The messages to send next.</summary>
    IReadOnlyList<AgentMessage> Messages { get; }

    /// <summary>Adds a turn.</summary>
    /// <returns>Whether the context was compacted after it.</returns>
    bool Add(IReadOnlyList<Message> turn);
}
