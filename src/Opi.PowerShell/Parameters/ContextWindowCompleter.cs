using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Completes a context window: Auto is the one word for it.</summary>
internal sealed class ContextWindowCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ContextWindowAttribute.Auto.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)
            ? [new CompletionResult(
                ContextWindowAttribute.Auto, ContextWindowAttribute.Auto, CompletionResultType.ParameterValue, "The window of the session's model")]
            : [];
}
