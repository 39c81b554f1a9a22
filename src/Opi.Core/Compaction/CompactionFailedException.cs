using System.Globalization;

namespace Opi;

/// <summary>A compaction failed and changed nothing, unless the message says otherwise.</summary>
public sealed class CompactionFailedException : OpiException
{
    /// <summary>Says why.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="inner">What was caught.</param>
    public CompactionFailedException(string sessionId, string reason, Exception? inner = null)
        : base($"The compaction of session '{sessionId}' failed: {reason} The session was left as it is.", sessionId, inner) => Reason = reason;

    private CompactionFailedException(string sessionId, Exception inner, string message)
        : base(message, sessionId, inner) => Reason = message;

    /// <inheritdoc/>
    public override string ErrorId => "CompactionFailed";

    /// <summary>The largest entry of a context that is too long and cannot be cut; null where that is not why it failed.</summary>
    public string? OversizedEntryId { get; private init; }

    /// <summary>Why it failed, in a sentence.</summary>
    public string Reason { get; }

    /// <summary>The context overflows, and a cut would leave too much of it.</summary>
    internal static CompactionFailedException Oversized(string sessionId, string why, string? largest, long tokens) =>
        new(
            sessionId,
            largest is null
                ? $"the context overflows, {why}."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"the context overflows, {why}. The largest entry is '{largest}', about {tokens} tokens: send it shortened, or ask a model "
                        + $"with a larger window."))
        {
            OversizedEntryId = largest,
        };

    /// <summary>A handler of an event of a compaction threw. What the compaction did or did not do stays so.</summary>
    internal static CompactionFailedException OfHandler(string sessionId, bool isDone, Exception error) =>
        new(
            sessionId,
            error,
            $"A handler of an event failed while session '{sessionId}' was compacted: {error.Message.TrimEnd('.')}. "
                + (isDone ? "The compaction is done." : "The session was left as it is."));
}
