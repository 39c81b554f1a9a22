using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes any object for a tool's details.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class JsonTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return inputData is null ? null : ObjectJson.ToElement(inputData);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentTransformationMetadataException($"The value cannot be kept as JSON. {error.Message}", error);
        }
    }
}
