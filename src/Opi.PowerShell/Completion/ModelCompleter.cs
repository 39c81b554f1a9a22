using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers models as provider:model: those the price table names as examples.</summary>
internal sealed class ModelCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern("*" + WildcardPattern.Escape(wordToComplete.Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
        foreach (string model in PricingCatalog.Default.ExampleModels)
        {
            if (pattern.IsMatch(model) && PricingCatalog.Default.Find(model) is { } price)
            {
                yield return new CompletionResult(model, model, CompletionResultType.ParameterValue, Internal.FormatHelper.Prices(price));
            }
        }
    }
}
