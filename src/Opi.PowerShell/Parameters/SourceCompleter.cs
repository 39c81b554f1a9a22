using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Completes the names of sources, those that the cmdlet takes.</summary>
internal sealed class SourceCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        SourcesAttribute taken = typeof(SourceCompleter).Assembly.GetTypes()
            .Where(type => type.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>()
                .Any(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}".Equals(commandName, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(type => type.GetProperty(parameterName)?.GetCustomAttributes(typeof(SourcesAttribute), false) ?? [])
            .Cast<SourcesAttribute>()
            .FirstOrDefault() ?? new SourcesAttribute();
        return taken.Names
            .Where(name => name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
    }
}
