using System.Globalization;

namespace Opi;

/// <summary>
/// Runs one turn of a session: sends, records, runs the tools that the model calls, and sends again, until the model is done. Everything is
/// on the disk before the next step: the prompt before the first request, each answer before its tools run, each result when it is there. So a
/// turn that was interrupted at any moment continues from the session's file alone.
/// </summary>
/// <param name="session">The session, open for writing.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="options">How.</param>
internal sealed class TurnLoop(OpiSession session, ITurnSender sender, TurnOptions options)
{
    /// <summary>The result of a call that was in the middle of running when its process ended.</summary>
    public const string Interrupted =
        "No result: the tool call was interrupted. It may have run, wholly or in part. Call it again if that does no harm.";

    /// <summary>The result of a call in an answer that reached the limit of its output.</summary>
    public const string CutCall =
        "Not run: the answer reached the limit of its output tokens, so that the call may be incomplete. Ask for less at once.";

    private readonly TurnTally _tally = new();
    private readonly TurnEvents _events = new(session.Id, options);

    /// <summary>Runs the turn to its end.</summary>
    /// <param name="prompt">What is asked; empty to take up what the session has: an unanswered prompt, calls without results.</param>
    /// <param name="cancellationToken">Stops it. What was recorded stays.</param>
    /// <exception cref="TurnFailedException">It cannot be brought to its end.</exception>
    /// <exception cref="BudgetException">The budget does not allow the next request; it was not sent.</exception>
    /// <exception cref="CompactionFailedException">The context is too long, and it could not be compacted.</exception>
    /// <exception cref="SessionWriteException">The disk failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public OpiTurn Run(IReadOnlyList<Message> prompt, CancellationToken cancellationToken)
    {
        using OpiTelemetry.Measured measured = OpiTelemetry.Turn(session.Id, options.TimeProvider);
        try
        {
            return RunMeasured(prompt, cancellationToken);
        }
        catch (Exception error)
        {
            measured.Fail(error);
            throw;
        }
    }

    private OpiTurn RunMeasured(IReadOnlyList<Message> prompt, CancellationToken cancellationToken)
    {
        IReadOnlyList<AgentMessage> context = session.ReadContext();
        var state = TurnState.Of(context);
        bool isKnown = prompt.Count == 0 || state.IsOpenWith(prompt, context);
        if (isKnown && state.Stage == TurnStage.Empty)
        {
            throw new TurnFailedException(
                session.Id, TurnFailure.NothingToSend, $"Session '{session.Id}' has no prompt that waits for an answer, and none was given.");
        }

        if (isKnown && state.Stage == TurnStage.Done)
        {
            return _tally.ToTurn(session, state.Answer); // it was recorded before its process ended: it is not asked for again
        }

        if (state.Stage == TurnStage.CallsOpen)
        {
            TakeUpCalls(state, prompt, cancellationToken);
        }

        if (!isKnown)
        {
            NameModel();
            Record(prompt, cancellationToken);
            _events.Tell(new OpiTurnEvent(TurnEventKind.Prompt, session.Id, 0, "The prompt is recorded."));
        }

        var exchange = new TurnExchange(session, sender, options, _events, _tally, Record);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AssistantMessage answer = exchange.Ask(cancellationToken);
            if (!GoesOn(answer, cancellationToken))
            {
                return _tally.ToTurn(session, answer);
            }

            if (_tally.Rounds >= options.MaxRounds)
            {
                throw new TurnFailedException(
                    session.Id,
                    TurnFailure.Rounds,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The turn of session '{session.Id}' was ended after {_tally.Rounds} requests: the model went on calling tools. All of it is "
                            + $"recorded, and the turn can be taken up again."))
                {
                    Turn = _tally.ToTurn(session, answer),
                };
            }
        }
    }

    /// <summary>
    /// Records in a new session's file which model is asked: otherwise it would not be known before the first answer, and a process that resumes the
    /// turn needs it.
    /// </summary>
    private void NameModel()
    {
        if (session is { Turns: 0, Model: { } model, HasModelInFile: false })
        {
            session.Update(new SessionUpdate { Model = model });
        }
    }

    /// <summary>Does what an answer asks for. False when the turn is at its end.</summary>
    private bool GoesOn(AssistantMessage answer, CancellationToken cancellationToken)
    {
        ToolCallContent[] calls = [.. answer.ToolCalls];
        switch (answer.StopReason)
        {
            case StopReason.PauseTurn or StopReason.Compaction:
                return true;
            case StopReason.Length when calls.Length > 0 && options.Tools is not null:
                RecordErrors(calls, CutCall, cancellationToken);
                return true;
            case StopReason.ToolUse or StopReason.Stop when calls.Length > 0 && options.Tools is { } tools:
                RunTools(tools, calls, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    private void RunTools(ITurnTools tools, IReadOnlyList<ToolCallContent> calls, CancellationToken cancellationToken)
    {
        foreach (ToolCallContent call in calls)
        {
            _events.Tell(new OpiTurnEvent(TurnEventKind.ToolCall, session.Id, _tally.Rounds, $"{call}") { Call = call });
        }

        var missing = new List<ToolCallContent>(calls);
        tools.Run(
            calls,
            result =>
            {
                missing.Remove(missing.Find(call => call.Id == result.ToolCallId && call.Name == result.ToolName)
                    ?? missing.Find(call => call.Id == result.ToolCallId)
                    ?? throw new ArgumentException($"A result of the call '{result.ToolCallId}', which is not open."));
                RecordResults([result], cancellationToken);
            },
            cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        RecordErrors(missing, Conversation.NoResult, cancellationToken);
    }

    /// <summary>
    /// Adds results to calls that an ended process left open, as each tool's options say. The calls that the prompt itself answers are
    /// left out.
    /// </summary>
    private void TakeUpCalls(TurnState state, IReadOnlyList<Message> prompt, CancellationToken cancellationToken)
    {
        HashSet<string> answered = [.. prompt.OfType<ToolResultMessage>().Select(result => result.ToolCallId)];
        ToolCallContent[] open = [.. state.OpenCalls.Where(call => !answered.Contains(call.Id))];
        ITurnTools? tools = state.Answer!.StopReason == StopReason.Length ? null : options.Tools;
        ToolCallContent[] again = [.. open.Where(call => tools?.OnInterrupted(call.Name) == InterruptedCall.Run)];
        RecordErrors([.. open.Except(again)], Interrupted, cancellationToken);
        if (again.Length > 0)
        {
            RunTools(tools!, again, cancellationToken);
        }
    }

    private void RecordErrors(IReadOnlyList<ToolCallContent> calls, string text, CancellationToken cancellationToken)
    {
        long now = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        RecordResults(
            [.. calls.Select(call => new ToolResultMessage(call.Id, call.Name, [new TextContent(text)], now) { IsError = true })], cancellationToken);
    }

    private void RecordResults(IReadOnlyList<ToolResultMessage> results, CancellationToken cancellationToken)
    {
        if (results.Count == 0)
        {
            return;
        }

        Record(results, cancellationToken);
        _tally.ToolCalls += results.Count;
        foreach (ToolResultMessage result in results)
        {
            string outcome = result.IsError ? "failed" : "gave its result";
            _events.Tell(new OpiTurnEvent(TurnEventKind.ToolResult, session.Id, _tally.Rounds, $"{result.ToolName} {outcome}.") { Message = result });
        }
    }

    /// <summary>
    /// Puts messages on the disk. A token that was cancelled does not keep it from that: what has happened is recorded, and only a compaction
    /// that follows is stopped by it.
    /// </summary>
    private void Record(IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        OpiTurn persisted = session.Record(messages, cancellationToken);
        _tally.Add(persisted, messages);
        if (persisted.Compaction is { } compaction)
        {
            _events.Tell(new OpiTurnEvent(TurnEventKind.Compaction, session.Id, _tally.Rounds, $"{compaction}.") { Compaction = compaction });
        }

        if (persisted.CompactionError is { } error)
        {
            _events.Warn($"Session '{session.Id}': a compaction failed: {error.Message}");
        }
    }
}
