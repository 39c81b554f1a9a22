using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the names of several values: a list, or a text with commas, which is what pwsh -File makes of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamesAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        EnumNames.Values(typeof(T), EnumNames.Several(typeof(T), inputData, []));
}
