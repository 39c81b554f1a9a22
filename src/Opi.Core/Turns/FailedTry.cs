using System.Globalization;

namespace Opi;

/// <summary>Why a try of a request failed, and what is to be done about it.</summary>
/// <param name="Error">The error.</param>
/// <param name="Failure">What it means for the turn when it stays.</param>
/// <param name="IsTransient">Whether the same request may well succeed later.</param>
/// <param name="Status">The status of HTTP; null when not known.</param>
/// <param name="RetryAfter">How long the provider asks to wait; null when it does not.</param>
internal sealed record FailedTry(
    OpiException Error, TurnFailure Failure, bool IsTransient = false, int? Status = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The context was too long; null where it was not.</summary>
    public ContextOverflowException? Overflow => Error as ContextOverflowException;

    /// <summary>What happened in a few words, to be counted.</summary>
    public string Kind => Status is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"HTTP {status}")
        : Error is ProviderErrorException { Code: { } code } ? code
        : Error is SendFailedException { IsConnection: true } ? "no connection or a broken one"
        : "another error";

    public static FailedTry Of(SendFailedException error)
    {
        ProviderErrorException? stated = null;
        try
        {
            stated = error.Body is { } body ? ProviderReply.FindError(body) : null;
        }
        catch (UnknownReplyException)
        {
            // The body is not a provider's, but a proxy's: the sender's own words say what is known.
        }

        return stated is not null ? Of(stated, error.Status, error.RetryAfter)
            : new FailedTry(
                error,
                error.Status is null && !error.IsConnection ? TurnFailure.Sender : TurnFailure.Request,
                error.Status is { } status ? TransientError.IsTransient(status, null) : error.IsConnection,
                error.Status,
                error.RetryAfter);
    }

    /// <summary>What the provider's error means.</summary>
    /// <param name="error">What the reply says.</param>
    /// <param name="status">The HTTP status; null when not known. A status of success says nothing.</param>
    /// <param name="retryAfter">What the headers ask for; null for nothing.</param>
    public static FailedTry Of(ProviderErrorException error, int? status, TimeSpan? retryAfter)
    {
        int? failed = status is >= 400 ? status : null;
        bool passes = failed is { } known ? TransientError.IsTransient(known, error) : error.IsTransient == true;
        return new FailedTry(error, TurnFailure.Request, passes && error is not ContextOverflowException, failed, retryAfter ?? error.RetryAfter);
    }

    /// <summary>
    /// What an error means that ended an answer in its middle. The request was good enough to begin with, so that an error whose codes say nothing
    /// is the server's.
    /// </summary>
    public static FailedTry OfStream(ProviderErrorException error, int? status, TimeSpan? retryAfter)
    {
        FailedTry failed = Of(error, status, retryAfter);
        return failed with { IsTransient = failed.IsTransient || (failed.Status is null && error.IsTransient is null) };
    }

    /// <summary>What it means that a value is not a reply: with a status that passes, a proxy's page; else the sender's mistake.</summary>
    public static FailedTry Of(UnknownReplyException error, int? status, TimeSpan? retryAfter) => status is >= 400
        ? new FailedTry(error, TurnFailure.Request, TransientError.IsTransient(status.Value, null), status, retryAfter)
        : new FailedTry(error, TurnFailure.Sender);
}
