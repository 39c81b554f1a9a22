using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes a moment that is stored or looked up: ISO 8601 text, local where no offset is given, yyyyMMdd, or a time object; an empty text for
/// none. Without it a compiled cmdlet would read 03/04/2026 by the culture of the machine.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IsoTimeAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether what is not a time is left to the cmdlet, where a reply from the pipeline has a member of the parameter's name.</summary>
    public bool Lenient { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (value is null or "")
        {
            return null;
        }

        if (Lenient && value is not (string or DateTime or DateTimeOffset or DateOnly or TimeReference or int or long))
        {
            return new Unconvertible(value);
        }

        bool isObject = value is DateTime or DateTimeOffset or DateOnly or TimeReference || LanguagePrimitives.GetEnumerable(value) is not null;
        string text = ArgumentText.Of(inputData);
        TimeReference? time = isObject ? TimeReference.Of(inputData) : TimeReference.OfIso(text.Trim());
        return time is not null ? time.In(TimeZoneInfo.Local)
            : Lenient ? new Unconvertible(value)
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not a time: write it as 2026-11-24 or 2026-11-24T13:45:00Z; without Z or an offset it is local.");
    }
}
