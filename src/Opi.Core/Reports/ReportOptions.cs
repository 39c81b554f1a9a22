namespace Opi;

/// <summary>How a report is written.</summary>
public sealed record ReportOptions
{
    /// <summary>Its heading.</summary>
    public string Title { get; init; } = "What the agents cost";

    /// <summary>When it was written, which stands in it; null to leave that out.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>What a reader of a report without usage can do, in a sentence; it stands in the page. Null for nothing.</summary>
    public string? EmptyAdvice { get; init; }

    /// <summary>The account that is billed, for <see cref="ReportFormat.Focus"/>, where each charge has one.</summary>
    public string BillingAccountId { get; init; } = "default";

    /// <summary>Whether an existing file is replaced.</summary>
    public Overwrite Overwrite { get; init; }
}
