using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers the ids of sessions, the one written to last first. The tooltip shows time, model and folder.</summary>
internal sealed class SessionCompleter : IArgumentCompleter
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var results = new List<CompletionResult>();
        var clock = Stopwatch.StartNew();
        try
        {
            var pattern = new WildcardPattern(WildcardPattern.Escape(wordToComplete.Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
            string folder = Resolve(fakeBoundParameters["Folder"] as string ?? SessionStore.DefaultFolder());
            foreach (FileInfo file in new SessionStore(folder).Files())
            {
                string id = System.IO.Path.GetFileNameWithoutExtension(file.Name);
                if (pattern.IsMatch(id) && Describe(file) is { } tooltip)
                {
                    string text = id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                        ? id
                        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(id)}'";
                    results.Add(new CompletionResult(text, id, CompletionResultType.ParameterValue, tooltip));
                }

                if (results.Count > 0 && clock.Elapsed > TimeLimit) // on a slow machine one is offered all the same
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Completion offers what it found; the command itself says what is wrong with the folder.
        }

        return results;
    }

    private static string Resolve(string folder)
    {
        if (System.Management.Automation.Runspaces.Runspace.DefaultRunspace is null)
        {
            return folder;
        }

        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])")
            .AddArgument(folder)
            .Invoke<string>()
            .FirstOrDefault()
            ?? folder;
    }

    private static string? Describe(FileInfo file)
    {
        try
        {
            OpiSessionInfo info = OpiSessionInfo.Read(file.FullName);
            return string.Create(
                CultureInfo.CurrentCulture, $"{info.LastWriteTime.LocalDateTime:g}  {info.Model ?? "no answer yet"}  {info.WorkingDirectory}");
        }
        catch (OpiException)
        {
            return null; // not a session
        }
    }
}
