using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a count: a whole number that is not negative, or an empty text for none. Text is read in the same way in every culture,
/// and what is not a count is refused here, because a value from a pipeline that the binder cannot convert is dropped in silence.
/// </summary>
/// <param name="what">What is counted, for the error.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CountAttribute(string what = "count of tokens") : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (value is null or "")
        {
            return null;
        }

        // The value and not what was typed: 1kb is 1024.
        string text = value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : ArgumentText.Of(value);
        return ArgumentText.TryWhole(text, out long count) && count >= 0
            ? count
            : throw new ArgumentTransformationMetadataException($"'{text}' is not a {what}: write a whole number, 0 or more, without separators.");
    }
}
