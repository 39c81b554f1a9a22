using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a moment in every form that <see cref="TimeReference"/> has, local where no offset is given; an empty text for none. Without it a
/// compiled cmdlet would read 03/04/2026 by the culture of the machine.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IsoTimeAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        ArgumentText.Unwrap(inputData) is null or "" ? null : TimeReference.Of(inputData).In(TimeZoneInfo.Local);
}
