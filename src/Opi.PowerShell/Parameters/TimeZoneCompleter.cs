using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Completes the ids of time zones.</summary>
internal sealed class TimeZoneCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern("*" + WildcardPattern.Escape(wordToComplete.Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
        foreach (
            TimeZoneInfo zone in TimeZoneInfo.GetSystemTimeZones()
                .Where(zone => pattern.IsMatch(zone.Id))
                .OrderBy(zone => zone.Id, StringComparer.Ordinal))
        {
            string text = zone.Id.Contains(' ', StringComparison.Ordinal) ? $"'{zone.Id}'" : zone.Id;
            yield return new CompletionResult(text, zone.Id, CompletionResultType.ParameterValue, zone.DisplayName);
        }
    }
}
