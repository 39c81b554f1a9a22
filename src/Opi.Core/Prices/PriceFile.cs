using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>Reads the entries of a price file: what all kinds of files share.</summary>
internal static class PriceFile
{
    /// <summary>No model costs as much for a million tokens: a price above this is in another unit.</summary>
    public const decimal Highest = 10_000m;

    private const int Places = 10;

    /// <summary>A price, times a factor, without trailing zeros; null when there is none.</summary>
    /// <exception cref="FormatException">It is not a price.</exception>
    /// <exception cref="PriceUnitException">It is too high to be one.</exception>
    public static decimal? Amount(JsonElement json, string name, decimal factor = 1)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number
            || !decimal.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount)
            || amount < 0)
        {
            throw new FormatException($"{name} is {Shown(value)}, which is not a price");
        }

        return amount <= Highest / factor
            ? Tidy(amount * factor)
            : throw new PriceUnitException($"{name} is {Shown(value)}, which would be more than 10,000 USD for a million tokens: a wrong unit");
    }

    /// <summary>A number of tokens; null when there is none.</summary>
    /// <exception cref="FormatException">It is not a number of tokens.</exception>
    public static long? Count(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? CountOf(value, name) : null;

    /// <summary>A value as a number of tokens.</summary>
    /// <exception cref="FormatException">It is not a number of tokens.</exception>
    public static long CountOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal count) && count is >= 0 and <= long.MaxValue
            ? (long)count
            : throw new FormatException($"{name} is {Shown(value)}, which is not a number of tokens");

    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Rounded to what prices can have, and without trailing zeros, so that equal prices look the same.</summary>
    public static decimal Tidy(decimal amount) => Math.Round(amount, Places) / 1.0000000000000000000000000000m;

    /// <inheritdoc cref="Tidy(decimal)"/>
    public static decimal? Tidy(decimal? amount) => amount is { } value ? Tidy(value) : null;

    /// <summary>A value for an error's text.</summary>
    public static string Shown(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "...";
    }
}
