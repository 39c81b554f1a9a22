using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes messages, and says of copies that came from another process or a file what to give instead: of a copy only a part is left.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MessageTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        foreach (object? item in LanguagePrimitives.GetEnumerable(inputData)?.Cast<object?>() ?? [inputData])
        {
            if (IsCopy(item))
            {
                throw new ArgumentTransformationMetadataException(
                    "The message is a copy that went through another process or a file, and has lost a part. Hand over the provider's reply instead, "
                        + "and give it to -Response or to ConvertTo-OpiMessage here.");
            }

            if (ArgumentText.Unwrap(item) is not (Message or null or string or PSCustomObject))
            {
                return new Unconvertible(ArgumentText.Unwrap(item)); // the shell's error would have the text of the object
            }
        }

        return inputData;
    }

    private static bool IsCopy(object? item) =>
        item is PSObject { BaseObject: PSCustomObject } copy
            && (copy.TypeNames.Any(name => name.StartsWith("Deserialized.Opi.", StringComparison.Ordinal))
                || (copy.Properties["Role"] is not null && copy.Properties["TimestampMs"] is not null));
}
