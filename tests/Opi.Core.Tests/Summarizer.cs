namespace Opi.Tests;

/// <summary>A summarizer from a function; remembers what it was asked.</summary>
internal sealed class Summarizer(Func<SummaryRequest, SummaryResult?> summarize) : ISummarizer
{
    public Summarizer(Func<IReadOnlyList<AgentMessage>, string?> summarize)
        : this((SummaryRequest request) => summarize(request.Messages))
    {
    }

    public static OpiCompactionPolicy Options(Func<IReadOnlyList<AgentMessage>, string?> summarize) => new() { Summarizer = new Summarizer(summarize) };

    public List<SummaryRequest> Asked { get; } = [];

    public IReadOnlyList<AgentMessage>? Seen => Asked.LastOrDefault()?.Messages;

    public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        return Task.FromResult(summarize(request));
    }
}
