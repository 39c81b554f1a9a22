namespace Opi;

/// <summary>A summary, and what it cost.</summary>
/// <param name="Text">The summary, taken as it is. Null or blank is a failure.</param>
public sealed record SummaryResult(string? Text)
{
    /// <summary>The tokens that were billed for it; null when none were, or when they were not reported.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The model that made it as <c>provider:model</c>; null for the session's.</summary>
    public string? Model { get; init; }

    /// <summary>Why the model stopped. All but <see cref="StopReason.Stop"/> is a failure, because the summary is not whole.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>What went wrong, when it did.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Takes a text for a summary.</summary>
    public static implicit operator SummaryResult?(string? text) => text is null ? null : new SummaryResult(text);

    /// <summary>Takes a model's answer for a summary: its text, its usage and its model.</summary>
    public static SummaryResult FromMessage(AssistantMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new SummaryResult(answer.Text)
        {
            Usage = answer.Usage.IsKnown ? answer.Usage : null,
            Model = answer.ModelSpec,
            StopReason = answer.StopReason,
            ErrorMessage = answer.ErrorMessage,
        };
    }
}
