using System.Globalization;

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
