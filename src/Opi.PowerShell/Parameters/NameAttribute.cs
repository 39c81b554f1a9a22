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

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        AllowEmpty && ArgumentText.Unwrap(inputData) is null or "" ? null : EnumNames.One<T>(inputData);
}
