using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a moment that is stored or looked up: ISO 8601 text, local where no offset is given, yyyyMMdd, or a time object; an empty text for
/// none. Without it a compiled cmdlet would read 03/04/2026 by the culture of the machine.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IsoTimeAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (value is null or "")
        {
            return null;
        }

        bool isObject = value is DateTime or DateTimeOffset or DateOnly or TimeReference || LanguagePrimitives.GetEnumerable(value) is not null;
        string text = ArgumentText.Of(inputData);
        TimeReference? time = isObject ? TimeReference.Of(inputData) : TimeReference.OfIso(text.Trim());
        return time?.In(TimeZoneInfo.Local) ?? throw new ArgumentTransformationMetadataException(
            $"'{text}' is not a time: write it as 2026-11-24 or 2026-11-24T13:45:00Z; without Z or an offset it is local.");
    }
}
