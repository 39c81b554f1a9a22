using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>What was given for a parameter, as text that no culture changes.</summary>
internal static class ArgumentText
{
    private const string Deserialized = "Deserialized.";

    /// <summary>The value without the shell's wrapper.</summary>
    public static object? Unwrap(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    /// <summary>
    /// The text: of a list its items with commas between them, of a name from another process the name and not its number, of a number as it
    /// was typed, so that 7d differs from 7.
    /// </summary>
    public static string Of(object? given)
    {
        if (given is PSObject { BaseObject: ValueType, TypeNames: [var type, ..] } copy && type.StartsWith(Deserialized, StringComparison.Ordinal))
        {
            return copy.ToString();
        }

        return Unwrap(given) switch
        {
            null => "",
            string text => text,
            var value when LanguagePrimitives.GetEnumerable(value) is { } list => string.Join(',', list.Cast<object?>().Select(Of)),
            IFormattable value when given is not PSObject => value.ToString(null, CultureInfo.InvariantCulture),
            _ => (string)LanguagePrimitives.ConvertTo(given, typeof(string), CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A whole number: digits, with a sign where one is needed, and nothing between them.</summary>
    public static bool TryWhole(string text, out long number)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        return long.TryParse(text, style, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A number with a point before its decimals, and without separators of thousands: the shell would take 1,5 for 15.</summary>
    public static bool TryDecimal(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
