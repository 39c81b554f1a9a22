using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes an empty text for nothing, which is what an empty cell of a CSV file means.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyAsNullAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is "" ? null : inputData;
}
