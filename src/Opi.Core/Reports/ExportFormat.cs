namespace Opi;

/// <summary>The forms of an exported session.</summary>
public enum ExportFormat : long
{
    /// <summary>Markdown; texts that contain markup are in code blocks.</summary>
    Markdown,

    /// <summary>One JSON object of session and messages.</summary>
    Json,

    /// <summary>One page of HTML that needs nothing else.</summary>
    Html,
}
