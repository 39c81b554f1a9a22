using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers what a session has. The session is the one on the command line: an id, a path, or a variable with an open one.</summary>
internal abstract class SessionDataCompleter : IArgumentCompleter
{
    private static readonly string[] Names = ["Session", "Path", "SessionId", "Id"];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            if (PathOf(fakeBoundParameters, commandAst) is not { } path)
            {
                return [];
            }

            using SessionReader session = SessionReader.Open(path);
            return Completions.Of(wordToComplete, Offer(session, parameterName, fakeBoundParameters));
        }
        catch (Exception error) when (error is OpiException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return []; // the command itself says what is wrong
        }
    }

    /// <summary>What can be given, with a tooltip.</summary>
    /// <param name="session">The session.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="given">The other parameters.</param>
    protected abstract IEnumerable<(string Text, string Tooltip)> Offer(SessionReader session, string parameter, IDictionary given);

    private static string? PathOf(IDictionary given, CommandAst command)
    {
        object? session = Names.Select(name => given[name]).FirstOrDefault(value => value is not null) ?? Piped(command);
        string folder = given["Folder"] as string ?? SessionStore.DefaultFolder();
        return (session is PSObject wrapped ? wrapped.BaseObject : session) switch
        {
            OpiSession open => open.Path,
            OpiSessionInfo info => info.Path,
            string text when SessionStore.IsPath(text) => System.IO.Path.GetFullPath(text),
            string text => OpenSessions.FindById(text)?.Path ?? new SessionStore(folder).PathOf(text),
            _ => null,
        };
    }

    /// <summary>The variable that is piped to the command, as in <c>$s | Switch-OpiBranch</c>.</summary>
    private static PSObject? Piped(CommandAst command)
    {
        if (command.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] }
            || System.Management.Automation.Runspaces.Runspace.DefaultRunspace is null)
        {
            return null;
        }

        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Get-Variable").AddParameter("Name", variable.VariablePath.UserPath).AddParameter("ValueOnly")
            .AddParameter("ErrorAction", "Ignore").Invoke().FirstOrDefault();
    }
}
