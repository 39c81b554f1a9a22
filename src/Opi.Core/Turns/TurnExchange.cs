using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>Gets the answers to the requests of a turn: sends each as often as it takes, and makes a context shorter that is too long.</summary>
/// <param name="session">The session.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="options">How.</param>
/// <param name="events">Takes what happens.</param>
/// <param name="tally">What the turn recorded.</param>
/// <param name="record">Puts messages on the disk.</param>
internal sealed class TurnExchange(
    OpiSession session,
    ITurnSender sender,
    TurnOptions options,
    TurnEvents events,
    TurnTally tally,
    Action<IReadOnlyList<Message>, CancellationToken> record)
{
    private const string Broken = "The stream ended before the answer did.";

    private readonly OverflowSteps _overflow = new(session, options, events, tally);
    private readonly HashSet<string> _warned = [];

    private ProviderShape Shape => ProviderShape.Of(options.Provider);

    /// <summary>Sends the session's context, and records the answer.</summary>
    /// <exception cref="TurnFailedException">There is no answer.</exception>
    public AssistantMessage Ask(CancellationToken cancellationToken)
    {
        var failures = new List<FailedTry>();
        long start = options.TimeProvider.GetTimestamp();
        _overflow.Begin();
        for (int attempt = 1; ; attempt++)
        {
            (AssistantMessage? answer, FailedTry? failed) = Try(attempt, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }

            failures.Add(failed!);
            if (failed!.Overflow is { } overflow)
            {
                _overflow.MakeRoom(overflow, attempt, cancellationToken);
                continue;
            }

            int retry = failures.Count(failure => failure.IsTransient);
            TimeSpan? delay = failed.IsTransient && retry <= options.Retry.Count ? options.Retry.DelayBefore(retry, failed.RetryAfter) : null;
            if (delay is null)
            {
                throw Ended(failures, options.TimeProvider.GetElapsedTime(start));
            }

            tally.Retries++;
            events.Tell(new OpiTurnEvent(
                TurnEventKind.Retry,
                session.Id,
                tally.Rounds + 1,
                string.Create(
                    CultureInfo.InvariantCulture, $"Try {attempt} failed ({failed.Kind}), the next is in {delay.Value.TotalSeconds:0.0} s."))
            {
                Attempt = attempt,
                Delay = delay,
                Error = failed.Error,
            });
            Task.Delay(delay.Value, options.TimeProvider, cancellationToken).GetAwaiter().GetResult();
        }
    }

    /// <summary>Sends the request once. What came of it that was billed is recorded, also where it failed or was stopped.</summary>
    private (AssistantMessage? Answer, FailedTry? Failed) Try(int attempt, CancellationToken cancellationToken)
    {
        TurnRequest request = Build(attempt);
        using ITurnReservation? reserved = options.Budget?.Reserve(request);
        events.Tell(new OpiTurnEvent(
            TurnEventKind.Request, session.Id, request.Round, $"A request to {request.Model ?? Shape.Name} is sent.") { Attempt = attempt });
        var received = new ReceivedReply(Shape, events.Text);
        FailedTry? failed = null;
        try
        {
            sender.Send(request, received.Add, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (SendFailedException error)
        {
            failed = FailedTry.Of(error);
        }
        catch (OperationCanceledException)
        {
            RecordFailed(ReadAll(received, out _), null, reserved, cancellationToken);
            throw;
        }

        List<AssistantMessage> answers = ReadAll(received, out FailedTry? unread);
        if (failed is { Error: SendFailedException { IsConnection: true } } && received.Replies.Count == 1 && unread is null
            && FailureOf(answers, received) is null)
        {
            failed = null; // the connection broke behind the end of the answer, which is whole and paid for
        }

        failed ??= received.Replies.Count switch
        {
            0 => new FailedTry(
                new SendFailedException("the sender returned nothing: no reply, no line of a stream, no error"), TurnFailure.Sender),
            1 => unread ?? FailureOf(answers, received),
            int count => new FailedTry(
                new SendFailedException($"the sender returned {count} replies to one request; what was billed is recorded"),
                TurnFailure.Sender),
        };
        if (failed is not null)
        {
            RecordFailed(answers, failed, reserved, cancellationToken);
            return (null, failed);
        }

        AssistantMessage answer = answers[0];
        tally.Rounds++;
        record(answers, cancellationToken);
        reserved?.Settle(answers);
        if (!received.HasSentText && answer.Text.Length > 0)
        {
            events.Text?.Invoke(answer.Text);
        }

        options.OnAnswer?.Invoke(answer);
        events.Tell(new OpiTurnEvent(TurnEventKind.Answer, session.Id, request.Round, $"The model stopped: {answer.StopReason}.")
        {
            Attempt = attempt,
            Message = answer,
        });
        return (answer, null);
    }

    /// <summary>Why the one answer does not count; null when it does. One that a filter of the provider ended is a refusal.</summary>
    private static FailedTry? FailureOf(List<AssistantMessage> answers, ReceivedReply received)
    {
        if (answers.Count != 1)
        {
            return new FailedTry(
                new SendFailedException($"the reply to one request has {answers.Count} answers; what was billed is recorded"), TurnFailure.Sender);
        }

        switch (answers[0].StopReason)
        {
            case StopReason.Aborted:
                return new FailedTry(new SendFailedException(Broken) { IsConnection = true }, TurnFailure.Request, IsTransient: true);
            case StopReason.Error when RefusalReasons.Has(answers[0].ErrorMessage):
                answers[0] = answers[0] with { StopReason = StopReason.Refusal };
                return null;
            case StopReason.Error:
                return ProviderReply.FindError(received.Replies[0]) is { } error
                    ? FailedTry.OfStream(error, received.Status, received.RetryAfter)
                    : new FailedTry(
                        new SendFailedException($"the model's answer failed: {answers[0].ErrorMessage ?? "it gives no reason"}"), TurnFailure.Answer);
            default:
                return null;
        }
    }

    /// <summary>The answers in what came; where one cannot be read, why.</summary>
    private List<AssistantMessage> ReadAll(ReceivedReply received, out FailedTry? failed)
    {
        failed = null;
        long now = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var answers = new List<AssistantMessage>();
        foreach (JsonElement reply in received.Replies)
        {
            try
            {
                answers.AddRange(ProviderReply.Parse(reply, timestampMs: now)
                    .Select(message => ProviderReply.FromSession(message, session.Model)).OfType<AssistantMessage>());
            }
            catch (ProviderErrorException error)
            {
                failed = FailedTry.Of(error, received.Status, received.RetryAfter);
            }
            catch (UnknownReplyException error)
            {
                failed = FailedTry.Of(error, received.Status, received.RetryAfter);
            }
        }

        return answers;
    }

    /// <summary>
    /// Records what was or may have been billed of a failed try, as a failed answer, which no later request contains. Half a call of a
    /// tool is left out.
    /// </summary>
    private void RecordFailed(
        List<AssistantMessage> answers, FailedTry? failed, ITurnReservation? reserved, CancellationToken cancellationToken)
    {
        AssistantMessage[] billed =
        [
            .. answers.Where(answer => answer.Usage.TotalTokens > 0 || answer.Content.Length > 0).Select(answer => answer with
            {
                StopReason = StopReason.Error,
                ErrorMessage = answer.StopReason is StopReason.Error or StopReason.Aborted
                    ? answer.ErrorMessage ?? Broken
                    : failed?.Error.Message ?? Broken,
                Content = [.. answer.Content.Where(block => block is not ToolCallContent)],
            }),
        ];
        if (billed.Length > 0)
        {
            record(billed, cancellationToken);
            reserved?.Settle(billed);
            foreach (AssistantMessage answer in billed)
            {
                options.OnAnswer?.Invoke(answer);
            }
        }
    }

    private TurnRequest Build(int attempt)
    {
        TurnRequest request = TurnRequest.Of(session.Id, session.ReadContext(), session.Model, options);
        foreach (string warning in request.Warnings.Where(_warned.Add))
        {
            events.Warn($"Session '{session.Id}': {warning}.");
        }

        return request with { Round = tally.Rounds + 1, Attempt = attempt };
    }

    private static string Count(IGrouping<string, FailedTry> kind) =>
        kind.Count() is > 1 and int count ? string.Create(CultureInfo.InvariantCulture, $"{kind.Key} ({count} times)") : kind.Key;

    /// <summary>The last error, with how often and why it came to it.</summary>
    private TurnFailedException Ended(List<FailedTry> failures, TimeSpan elapsed)
    {
        FailedTry last = failures[^1];
        string why = last.Error.Message.TrimEnd('.');
        string attempts = failures.Count == 1 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $" It was tried {failures.Count} times in {elapsed.TotalSeconds:0.#} s: "
                + $"{string.Join(", ", failures.GroupBy(failure => failure.Kind).Select(Count))}.");
        string wait = last is { IsTransient: true, RetryAfter: { } asked } && asked > options.Retry.MaxDelay
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" The provider asks to wait {asked.TotalSeconds:0.#} s, which is more than the {options.Retry.MaxDelay.TotalSeconds:0.#} s allowed.")
            : "";
        string status = last.Status is { } code && !why.Contains($"{code}", StringComparison.Ordinal) ? $" (HTTP {code})" : "";
        return new TurnFailedException(
            session.Id, last.Failure, $"The turn of session '{session.Id}' failed: {why}{status}.{attempts}{wait}", last.Error)
        {
            Attempts = failures.Count,
            Status = last.Status,
            Turn = tally.Rounds > 0 ? tally.ToTurn(session, null) : null,
        };
    }
}
