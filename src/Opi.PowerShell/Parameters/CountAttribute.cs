using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a count of tokens: a whole number that is not negative, or an empty text for none. Text is read in the same way in every culture,
/// and what is no count is refused here, because a value from a pipeline that the binder cannot convert is dropped in silence.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CountAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or "")
        {
            return null;
        }

        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return long.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out long count)
            && count >= 0
            ? count
            : throw new ArgumentTransformationMetadataException($"'{text}' is no count of tokens: a whole number, 0 or more, without separators.");
    }
}
