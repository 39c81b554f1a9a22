using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Takes ISO 8601 text or a time object for a time, never by the culture of the machine. Without an offset it is one of the report's time
/// zone.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeReference => value,
            DateTimeOffset time => new TimeReference(time),
            DateTime { Kind: DateTimeKind.Unspecified } clock => new TimeReference(clock),
            DateTime time => new TimeReference(new DateTimeOffset(time)),
            string text when DateTime.TryParseExact(
                text,
                IsoTimeAttribute.LocalFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateTime clock) => new TimeReference(clock),
            _ => new IsoTimeAttribute().Transform(engineIntrinsics, value) is DateTimeOffset time ? new TimeReference(time) : null,
        };
    }
}
