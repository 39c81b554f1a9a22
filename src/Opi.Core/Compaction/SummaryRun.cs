using System.Globalization;

namespace Opi;

/// <summary>
/// Gets the summary for one compaction. A summariser whose model refuses the input as too long is asked again with less of it; what its calls
/// cost is added up, those that failed too.
/// </summary>
internal sealed class SummaryRun(CompactionRequest compaction)
{
    private const int MaxAttempts = 4; // with half of the input each time

    /// <summary>What all calls cost; null when no call reported it.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>The model of the last call that reported one.</summary>
    public string? Model { get; private set; }

    /// <summary>The summary of messages, and where it came from.</summary>
    /// <exception cref="CompactionFailedException">It is not a summary, or the model took not even the least input.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<(string Text, SummarySource Source)> MakeAsync(IReadOnlyList<AgentMessage> messages, CancellationToken cancellationToken)
    {
        OpiCompactionPolicy policy = compaction.Policy;
        return policy.Summarizer is { } summarizer && await AskAsync(summarizer, messages, cancellationToken).ConfigureAwait(false) is { } text
                ? (text, SummarySource.Hook)
            : policy.Strategy switch
            {
                CompactionStrategy.Digest =>
                    (Digest.Of(messages, compaction.BudgetTokens, compaction.Estimator, !compaction.KeepsFirstRequest), SummarySource.Digest),
                CompactionStrategy.Core => (CompactionEngine.CoreSummary(messages), SummarySource.Core),
                _ => throw new NotSupportedException($"The strategy {policy.Strategy} makes no summary."),
            };
    }

    /// <summary>The same for a caller that waits. The summariser runs on this thread up to where it first waits itself.</summary>
    public (string Text, SummarySource Source) Make(IReadOnlyList<AgentMessage> messages) =>
        MakeAsync(messages, CancellationToken.None).GetAwaiter().GetResult();

    private async Task<string?> AskAsync(ISummarizer summarizer, IReadOnlyList<AgentMessage> messages, CancellationToken cancellationToken)
    {
        long bound = compaction.MaxInputTokens;
        for (int attempt = 1; ; attempt++)
        {
            SummaryRequest request = Request(messages, attempt, ref bound);
            try
            {
                return await summarizer.SummarizeAsync(request, cancellationToken).ConfigureAwait(false) is { } result ? TextOf(result) : null;
            }
            catch (OpiException error) when (error is SummaryInputTooLongException or ContextOverflowException)
            {
                if (attempt == MaxAttempts)
                {
                    throw new CompactionFailedException(
                        compaction.SessionId,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"the summariser's model refused its input as too long, and at last also {request.MaxInputTokens} tokens of it: "
                                + $"{error.Message.TrimEnd('.')}. Allow it a smaller input, or ask a model with a larger window."),
                        error);
                }
            }
            catch (Exception error) when (error is not OpiException && !IsCancelled(error, cancellationToken))
            {
                throw new CompactionFailedException(compaction.SessionId, $"the summariser failed: {error.Message.TrimEnd('.')}.", error);
            }
        }
    }

    /// <summary>Whether it was the caller who stopped it. The time limit of a web client, say, is a failure.</summary>
    private static bool IsCancelled(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException cancelled
            && (cancellationToken.IsCancellationRequested || (cancellationToken.CanBeCanceled && cancelled.CancellationToken == cancellationToken));

    /// <param name="messages">All that leave.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="bound">How many tokens it may have; then how many the next attempt may: half of what this one has.</param>
    private SummaryRequest Request(IReadOnlyList<AgentMessage> messages, int attempt, ref long bound)
    {
        long max = bound;
        (IReadOnlyList<AgentMessage> shown, int leftOut, long tokens) = SummaryInput.Choose(
            messages, max, withResults: attempt == 1, compaction.Estimator);
        bound = Math.Max(1, tokens / 2);
        return new SummaryRequest
        {
            SessionId = compaction.SessionId,
            Model = compaction.Model,
            Reason = compaction.Reason,
            Messages = shown,
            MessagesLeftOut = leftOut,
            PreviousSummary = messages.OfType<CompactionSummaryMessage>().FirstOrDefault()?.Summary,
            Instructions = compaction.Policy.Instructions,
            BudgetTokens = compaction.BudgetTokens,
            MaxInputTokens = max,
            Attempt = attempt,
        };
    }

    private string TextOf(SummaryResult result)
    {
        if (result.Usage is { } usage)
        {
            Usage = Usage is null ? usage : Usage + usage;
            Model = result.Model ?? Model;
        }

        string? failure = result.StopReason switch
        {
            StopReason.Stop => string.IsNullOrWhiteSpace(result.Text) ? "the summariser returned no text." : null,
            StopReason.Length or StopReason.ContextWindowExceeded =>
                "the summary was cut off at the model's limit of output. Allow it more, or ask for a shorter summary.",
            StopReason.ToolUse => "the summariser's model called a tool instead of writing a summary.",
            _ => $"the summariser's model did not finish: {(result.ErrorMessage ?? "it gives no reason").TrimEnd('.')}.",
        };
        return failure is null ? result.Text! : throw new CompactionFailedException(compaction.SessionId, failure);
    }
}
