namespace Opi;

/// <summary>How a report is written.</summary>
internal sealed record ReportOptions
{
    /// <summary>Its heading.</summary>
    public string Title { get; init; } = "What the agents cost";

    /// <summary>The time of writing to show in it; null to leave it out.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>A sentence for the page of a report without usage, which says what the reader can do. Null for none.</summary>
    public string? EmptyAdvice { get; init; }

    /// <summary>The account that is billed, for <see cref="ReportFormat.Focus"/>, where each charge has one.</summary>
    public string BillingAccountId { get; init; } = "default";

    /// <summary>Whether an existing file is replaced.</summary>
    public Overwrite Overwrite { get; init; }
}
