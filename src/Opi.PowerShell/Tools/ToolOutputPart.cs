namespace Opi.PowerShell;

/// <summary>A part of a tool's output: a text, or objects that become one.</summary>
internal sealed class ToolOutputPart
{
    public string Text { get; set; } = "";

    /// <summary>Whether the text is the JSON of one object.</summary>
    public bool IsJson { get; init; }

    /// <summary>Objects that are to be shown as the console shows them.</summary>
    public List<object> Objects { get; } = [];
}
