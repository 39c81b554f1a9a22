using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a price: a number that is not negative, or an empty text for none. Text is read in the same way in every culture, without
/// separators of thousands: the binder would take '1,5' for 15.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PriceAttribute : ArgumentTransformationAttribute
{
    private const decimal Highest = 10_000m;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or "")
        {
            return null;
        }

        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal price) && price is >= 0 and <= Highest
            ? price
            : throw new ArgumentTransformationMetadataException($"'{text}' is not a price: USD for a million tokens, from 0 to 10000, as in 2.5.");
    }
}
