using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes one end of a span of time, in every form that <see cref="TimeReference"/> has. Nothing is not a time: it would be no limit.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => TimeReference.Of(inputData);
}
