using System.Globalization;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Says in one line why costs are not known, and what to do.</summary>
internal static class UnknownCostText
{
    private const int MaxNames = 10;

    /// <summary>Why the costs of responses are not known; null when they are.</summary>
    /// <param name="unknown">The reasons.</param>
    /// <param name="choice">Which costs were wanted.</param>
    public static string? Of(UnknownCosts unknown, CostChoice choice)
    {
        if (unknown.IsEmpty)
        {
            return null;
        }

        var reasons = new List<string>();
        string[] models = [.. unknown.Models.Keys.Where(model => model.Length > 0)];
        if (models.Length > 0)
        {
            int count = models.Sum(model => unknown.Models[model]);
            (string what, string remedy) = choice == CostChoice.Billed ? ("no cost that anybody stated", "") : ("no price", HowToPrice(models[0]));
            reasons.Add($"{Count(count, "response has", "responses have")} {what}: of {Names(models)}.{remedy}");
        }

        if (unknown.Models.TryGetValue("", out int nameless))
        {
            reasons.Add($"{Count(nameless, "response names", "responses name")} no model.");
        }

        if (unknown.Details.Count > 0)
        {
            reasons.Add($"A part of some replies has no price that Opi knows: {Names([.. unknown.Details.Keys])}.");
        }

        if (unknown.Unreported > 0)
        {
            reasons.Add($"Of {Count(unknown.Unreported, "response", "responses")} nobody reported the tokens.");
        }

        if (unknown.TooLarge > 0)
        {
            reasons.Add($"{Count(unknown.TooLarge, "response costs", "responses cost")} too much to be added.");
        }

        return string.Join(' ', reasons);
    }

    /// <summary>A number and its noun.</summary>
    public static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string HowToPrice(string model) =>
        $" Set-OpiPricing {Quoted(model)} -InputPrice ... -OutputPrice ... gives a model a price, Import-OpiPricing reads newer ones, "
            + "Get-OpiPricing lists those that there are.";

    /// <summary>A name from a log as a text that means itself, also where somebody runs the line.</summary>
    private static string Quoted(string name) =>
        $"'{CodeGeneration.EscapeSingleQuotedStringContent(string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter)))}'";

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(MaxNames).Select(Quoted)) + (names.Length > MaxNames ? $" and {names.Length - MaxNames} more" : "");
}
