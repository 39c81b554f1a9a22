namespace Opi.CompactionRun;

/// <summary>The stand-in for a model, asked as a script block would ask a real one: with the ready prompt.</summary>
internal sealed class FactSummarizer : ISummarizer
{
    public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SummaryResult?>(new SummaryResult(FactModel.Summarize(request.Prompt, request.BudgetTokens)));
}
