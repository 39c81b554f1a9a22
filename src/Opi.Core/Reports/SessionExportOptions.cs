namespace Opi;

/// <summary>What of a session is exported, and how.</summary>
internal sealed record SessionExportOptions
{
    /// <summary>The form.</summary>
    public ExportFormat Format { get; init; }

    /// <summary>Every message of the file in its order, without summaries, instead of the active context.</summary>
    public bool FullTree { get; init; }

    /// <summary>Leaves out the results of tools.</summary>
    public bool ExcludeToolOutput { get; init; }

    /// <summary>Leaves out what the model thought.</summary>
    public bool ExcludeThinking { get; init; }

    /// <summary>What is taken out.</summary>
    public ExportRedaction Redact { get; init; }

    /// <summary>Whether an existing file is replaced.</summary>
    public Overwrite Overwrite { get; init; }

    /// <summary>The format for a file's extension; Markdown for an unknown one.</summary>
    public static ExportFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => ExportFormat.Json,
        ".HTML" or ".HTM" => ExportFormat.Html,
        _ => ExportFormat.Markdown,
    };

    /// <summary>The ending of files of a form.</summary>
    public static string ExtensionOf(ExportFormat format) => format switch
    {
        ExportFormat.Json => ".json",
        ExportFormat.Html => ".html",
        _ => ".md",
    };
}
