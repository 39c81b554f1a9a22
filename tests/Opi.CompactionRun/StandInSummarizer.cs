namespace Opi.CompactionRun;

/// <summary>The model that stands in, asked as a script block would ask a real one: with the ready prompt.</summary>
internal sealed class StandInSummarizer : ISummarizer
{
    public SummaryResult? Summarize(SummaryRequest request) => new(StandInModel.Summarize(request.Prompt, request.BudgetTokens));
}
