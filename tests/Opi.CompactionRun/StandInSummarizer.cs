namespace Opi.CompactionRun;

/// <summary>The model that stands in, asked as a script block would ask a real one: with the ready prompt.</summary>
internal sealed class StandInSummarizer : ISummarizer
{
    public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SummaryResult?>(new SummaryResult(StandInModel.Summarize(request.Prompt, request.BudgetTokens)));
}
