using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// The colours of the user's terminal, as $PSStyle of PowerShell has them. There are no colours if that variable is missing, if it asks for
/// plain text, and, unless it always asks for colours, if the output goes to a file or another program, or NO_COLOR is set.
/// </summary>
internal static class TerminalStyle
{
    /// <summary>What asks for attention: a part that is not known.</summary>
    public const string Warning = "Warning";

    /// <summary>What is wrong: a budget that is exceeded.</summary>
    public const string Error = "Error";

    /// <summary>A text in the colour that the user has for such texts, or as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">What it is: <see cref="Warning"/> or <see cref="Error"/>.</param>
    /// <param name="context">The engine that shows it; null for none.</param>
    public static string Paint(string text, string kind, EngineIntrinsics? context)
    {
        if (text.Length == 0 || context?.SessionState.PSVariable.GetValue("PSStyle") is not { } style || !HasColours(Text(style, "OutputRendering")))
        {
            return text;
        }

        object? formatting = PSObject.AsPSObject(style).Properties["Formatting"]?.Value;
        string colour = formatting is null ? "" : Text(formatting, kind);
        return colour.Length == 0 ? text : colour + text + Text(style, "Reset");
    }

    /// <summary>Whether colours are wanted; PowerShell itself sends them into a pipe to another program too.</summary>
    private static bool HasColours(string rendering) => rendering switch
    {
        "Ansi" => true,
        "PlainText" or "" => false,
        _ => !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
    };

    private static string Text(object item, string name) => PSObject.AsPSObject(item).Properties[name]?.Value?.ToString() ?? "";
}
