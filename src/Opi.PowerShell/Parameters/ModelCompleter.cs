using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Offers models of the catalogue that have a price, as provider:model. What is typed may be any part of the name.</summary>
internal sealed class ModelCompleter : IArgumentCompleter
{
    private const int MaxOffered = 100;

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern("*" + WildcardPattern.Escape(wordToComplete.Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
        PricingCatalog catalog = PricingCatalog.Default;
        return catalog.Models.Where(pattern.IsMatch).Take(MaxOffered).Select(model =>
        {
            string text = model.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/')
                ? model
                : $"'{CodeGeneration.EscapeSingleQuotedStringContent(model)}'";
            string tooltip = catalog.Find(model) is { } price ? Internal.FormatHelper.Prices(price) : model;
            return new CompletionResult(text, model, CompletionResultType.ParameterValue, tooltip);
        });
    }
}
