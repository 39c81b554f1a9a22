using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes the name of one value. What is not one is refused here, because a value from a pipeline that the binder cannot convert is dropped
/// in silence, and one with commas is converted to another value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    /// <summary>Whether nothing may be given too, which is what an empty cell of a CSV file means.</summary>
    public bool AllowEmpty { get; set; }

    /// <summary>
    /// Whether other values are left to the cmdlet, because replies from the pipeline may have a member with the parameter's name. The binder
    /// skips such a value from the pipeline, and refuses it on the command line.
    /// </summary>
    public Leniency Lenient { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (AllowEmpty && value is null or "")
        {
            return null;
        }

        if (Lenient != Leniency.None && value is not (string or ValueType))
        {
            return new Unconvertible(value);
        }

        try
        {
            return EnumNames.One<T>(inputData);
        }
        catch (ArgumentTransformationMetadataException) when (Lenient == Leniency.Text && value is string text && !text.Contains(','))
        {
            return new Unconvertible(value);
        }
    }
}
