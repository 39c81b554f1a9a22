using System.Globalization;
using System.Management.Automation.Language;

namespace Opi.PowerShell;

/// <summary>Says in one line why costs are not known, and what to do.</summary>
internal static class UnknownCostText
{
    /// <summary>Why the costs of responses are not known; null when they are.</summary>
    /// <param name="unknown">The reasons.</param>
    /// <param name="choice">Which costs were wanted.</param>
    public static string? Of(UnknownCosts unknown, CostChoice choice)
    {
        if (unknown.IsEmpty)
        {
            return null;
        }

        bool isBilled = choice == CostChoice.Billed;
        string reasons = string.Join(' ', UnknownReasons.Of(unknown, Quoted, isBilled ? "no stated cost" : "no price"));
        string? unpriced = isBilled ? null : unknown.Models.Keys.FirstOrDefault(model => model.Length > 0);
        return unpriced is null ? reasons : reasons + HowToPrice(unpriced);
    }

    /// <summary>A number and its noun.</summary>
    public static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string HowToPrice(string model) =>
        $" Set-OpiPricing {Quoted(model)} -InputPrice ... -OutputPrice ... gives a model a price, Import-OpiPricing reads newer ones, "
            + "Get-OpiPricing lists those that there are.";

    /// <summary>A name from a log, quoted so that a user can run the line.</summary>
    private static string Quoted(string name) =>
        $"'{CodeGeneration.EscapeSingleQuotedStringContent(string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter)))}'";
}
