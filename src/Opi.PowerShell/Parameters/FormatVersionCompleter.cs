using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers the versions of the format of session files.</summary>
internal sealed class FormatVersionCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(
            wordToComplete,
            [
                .. Enumerable.Range(SessionHeader.DefaultVersion, SessionHeader.HighestVersion).Select(version =>
                    (version.ToString(CultureInfo.InvariantCulture), version == SessionHeader.DefaultVersion ? "the default" : "")),
            ]);
}
