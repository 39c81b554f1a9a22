using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the name of a value; an empty text for none. Refuses others here, for the same reason.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or "" ? null
            : value is T ? value
            : Enum.TryParse(value.ToString(), ignoreCase: true, out T named) && Enum.IsDefined(named) && !char.IsAsciiDigit(value.ToString()![0])
                ? named
            : throw new ArgumentTransformationMetadataException($"'{value}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
    }
}
