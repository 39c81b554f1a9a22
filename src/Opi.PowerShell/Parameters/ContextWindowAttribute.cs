using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the size of a context window: a number of tokens, or Auto for the window of the model.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ContextWindowAttribute : ArgumentTransformationAttribute
{
    public const string Auto = "Auto";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return value is null ? null
            : string.Equals(text, Auto, StringComparison.OrdinalIgnoreCase) ? OpiCompactionPolicy.AutoWindow
            : long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long window)
                && window > 0
                ? window
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not a context window: write a number of tokens, 1 or more, without separators, or Auto for the model's own.");
    }
}
