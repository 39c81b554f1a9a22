using System.Management.Automation.Language;

namespace Opi.Shell;

/// <summary>Writes the call of a script with its parameters, each quoted so that it arrives as it was typed.</summary>
internal static class CommandLine
{
    public static string For(string script, IEnumerable<string> parameters) =>
        string.Join(' ', parameters.Select(Argument).Prepend("& " + Quote(script)));

    private static string Argument(string text) =>
        text.StartsWith('-') && text.Length > 1 && text.Skip(1).All(c => char.IsLetterOrDigit(c) || c is '_' or ':') ? text : Quote(text);

    private static string Quote(string text) => "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
}
