using System.Globalization;

namespace Opi;

/// <summary>What is done about a context that is too long: step by step, the mildest first.</summary>
internal sealed class OverflowSteps(OpiSession session, TurnOptions options, TurnEvents events, TurnTally tally)
{
    private readonly Queue<OpiCompactionPolicy> _left = new();

    /// <summary>Starts again for another request.</summary>
    public void Begin()
    {
        OpiCompactionPolicy usual = options.Compaction ?? session.Compaction;
        _left.Clear();
        _left.Enqueue(usual with { Strategy = CompactionStrategy.ClearToolResults, Summarizer = null });
        usual = usual is { Strategy: CompactionStrategy.ClearToolResults } ? usual with { Strategy = CompactionStrategy.Digest } : usual;
        _left.Enqueue(usual);
        _left.Enqueue(usual with { KeepRecent = KeepRecent.Turns(1) });
    }

    /// <summary>Makes the context shorter.</summary>
    /// <param name="overflow">What the provider said.</param>
    /// <param name="attempt">Which try met it.</param>
    /// <param name="cancellationToken">Stops the summarizer.</param>
    /// <exception cref="TurnFailedException">Nothing is left to do.</exception>
    /// <exception cref="CompactionFailedException">The summarizer failed.</exception>
    public void MakeRoom(ContextOverflowException overflow, int attempt, CancellationToken cancellationToken)
    {
        string figures = overflow is { LimitTokens: { } limit }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" ({(overflow.RequestedTokens is { } asked ? $"{asked} tokens of " : "")}{limit} at most)")
            : "";
        events.Tell(new OpiTurnEvent(
            TurnEventKind.Overflow, session.Id, tally.Rounds + 1, $"The context is too long for the model{figures}.")
        {
            Attempt = attempt,
            Error = overflow,
        });
        while (_left.TryDequeue(out OpiCompactionPolicy? step))
        {
            OpiCompactionResult? done;
            try
            {
                done = session.Compact(CompactionReason.Overflow, step, cancellationToken);
            }
            catch (CompactionFailedException error) when (error.OversizedEntryId is not null)
            {
                continue; // nothing can leave by this step
            }

            if (done is not null)
            {
                tally.Add(done);
                events.Tell(new OpiTurnEvent(TurnEventKind.Compaction, session.Id, tally.Rounds + 1, $"{done}.") { Compaction = done });
                return;
            }
        }

        throw Failed(overflow, figures);
    }

    private TurnFailedException Failed(ContextOverflowException overflow, string figures)
    {
        (string Id, long Tokens)? largest = session.LargestEntry();
        string entry = largest is var (id, tokens)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" The largest entry is '{id}', about {tokens} tokens: send it shortened, or ask a model with a larger window.")
            : "";
        return new TurnFailedException(
            session.Id,
            TurnFailure.Overflow,
            $"The turn of session '{session.Id}' failed: the context is too long for the model{figures}, and no compaction makes it short "
                + $"enough.{entry}",
            overflow)
        {
            OversizedEntryId = largest?.Id,
            Turn = tally.Rounds > 0 ? tally.ToTurn(session, null) : null,
        };
    }
}
