using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes an amount of money in USD. Text is read in the same way in every culture, without separators of thousands.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AmountAttribute : ArgumentTransformationAttribute
{
    private const decimal Highest = 1_000_000_000_000_000m;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        string text = value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : ArgumentText.Of(value);
        return ArgumentText.TryDecimal(text, out decimal amount) && amount is >= 0 and <= Highest
            ? amount
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not an amount of USD: write a number, 0 or more, with a point before the decimals, as 2.5.");
    }
}
