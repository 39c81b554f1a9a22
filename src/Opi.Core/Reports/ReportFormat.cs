namespace Opi;

/// <summary>The forms of a report of costs.</summary>
public enum ReportFormat : long
{
    /// <summary>One page of HTML with charts, which needs no other file and no network.</summary>
    Html,

    /// <summary>Tables in Markdown.</summary>
    Markdown,

    /// <summary>Markdown that is added to the summary of a step of GitHub Actions, within its limit of 1 MiB.</summary>
    GitHubSummary,

    /// <summary>Markdown for the summary of a run of Azure Pipelines; its variables are <see cref="UsageReport.AzureCommands"/>.</summary>
    AzureDevOps,

    /// <summary>Counters in Prometheus' text format, for the text file collector of its node exporter. They never fall.</summary>
    Prometheus,

    /// <summary>Metrics by OpenTelemetry's conventions for generative AI, as one request of OTLP in JSON.</summary>
    Otlp,

    /// <summary>Charges by day, model, project and kind of token as CSV with the mandatory columns of FOCUS 1.2.</summary>
    Focus,
}
