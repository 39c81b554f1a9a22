namespace Opi.Tests;

/// <summary>A summarizer that takes its time; says when it was asked.</summary>
internal sealed class WaitingSummarizer(Func<SummaryRequest, CancellationToken, Task<SummaryResult?>> summarize) : ISummarizer
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => _asked.Task;

    public int Calls { get; private set; }

    public OpiCompactionPolicy Options => new() { Summarizer = this };

    public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken)
    {
        Calls++;
        _asked.TrySetResult();
        return summarize(request, cancellationToken);
    }
}
