namespace Opi.Tests;

/// <summary>A summarizer from a function; remembers what it was given.</summary>
internal sealed class Summarizer(Func<IReadOnlyList<AgentMessage>, string?> summarize) : ISummarizer
{
    public IReadOnlyList<AgentMessage>? Seen { get; private set; }

    public string? Summarize(IReadOnlyList<AgentMessage> messages)
    {
        Seen = messages;
        return summarize(messages);
    }
}
