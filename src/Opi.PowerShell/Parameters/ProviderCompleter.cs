using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers the providers of the catalogue of prices.</summary>
internal sealed class ProviderCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(
            wordToComplete,
            [
                .. PricingCatalog.Default.Models.Select(model => ModelName.Split(model).Provider).Where(provider => provider.Length > 0)
                    .GroupBy(provider => provider)
                    .OrderBy(provider => provider.Key, StringComparer.Ordinal)
                    .Select(provider => (provider.Key, UnknownCostText.Count(provider.Count(), "model", "models"))),
            ]);
}
