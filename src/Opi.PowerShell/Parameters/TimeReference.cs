using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A time as a parameter takes it: one with its offset, or one that the clocks of a time zone show.</summary>
public sealed class TimeReference
{
    private readonly DateTimeOffset? _time;
    private readonly DateTime _clock;

    internal TimeReference(DateTimeOffset time) => _time = time;

    internal TimeReference(DateTime clock) => _clock = clock;

    /// <summary>The moment.</summary>
    /// <param name="zone">Whose clocks show it, where it has no offset.</param>
    public DateTimeOffset In(TimeZoneInfo zone) => _time ?? new DateTimeOffset(_clock, zone?.GetUtcOffset(_clock) ?? TimeSpan.Zero);

    /// <summary>The time in ISO 8601.</summary>
    public override string ToString() => _time?.ToString("O", CultureInfo.InvariantCulture) ?? _clock.ToString("s", CultureInfo.InvariantCulture);
}

/// <summary>Takes ISO 8601 text or a time object for a time, never by the culture of the machine. Without an offset it is one of the report's time zone.</summary>
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
            string text when DateTime.TryParseExact(text, IsoTimeAttribute.LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime clock) => new TimeReference(clock),
            _ => new IsoTimeAttribute().Transform(engineIntrinsics, value) is DateTimeOffset time ? new TimeReference(time) : null,
        };
    }
}
