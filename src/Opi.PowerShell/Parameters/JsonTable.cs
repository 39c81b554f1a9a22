using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>
/// Turns JSON into what scripts put together requests of: ordered tables and arrays, which ConvertTo-Json turns into the same JSON again.
/// An array of one stays an array.
/// </summary>
internal static class JsonTable
{
    /// <summary>The value as a table, an array, a text, a number or a boolean.</summary>
    public static object? Of(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                JsonProperty[] members = [.. value.EnumerateObject()];
                bool ignoreCase = members.Select(member => member.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == members.Length;
                var table = new OrderedDictionary(members.Length, ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
                foreach (JsonProperty member in members)
                {
                    table[member.Name] = Of(member.Value);
                }

                return table;
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(Of).ToArray();
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number:
                return NumberOf(value);
            case JsonValueKind.True:
            case JsonValueKind.False:
                return value.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>A number in the narrowest type that keeps it.</summary>
    public static object NumberOf(JsonElement value)
    {
        string text = value.GetRawText();
        return value.TryGetInt64(out long count) ? count
            : BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger large) ? large
            : value.TryGetDecimal(out decimal exact) && exact.ToString(CultureInfo.InvariantCulture) == text ? exact
            : value.GetDouble();
    }
}
