using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A time as a parameter takes it: a moment, or what the clocks of a time zone show, or one of its days.</summary>
public sealed class TimeReference
{
    private const string Forms = "write a date as 2026-11-24 or 20261124, a time as 2026-11-24T13:45 (with Z or an offset where it is not local), "
        + "7d, 24h or 90m for so long ago, or today or yesterday.";

    private static readonly string[] Dates = ["yyyy-MM-dd", "yyyyMMdd"];

    private static readonly string[] Clocks =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] Moments = [.. Clocks.Select(format => format + "K")];

    private DateTimeOffset? _moment; // or the current time, from which a day is counted
    private DateTime _clock;
    private TimeZoneInfo? _zone;
    private bool _isDate;
    private int? _daysAgo;

    private TimeReference()
    {
    }

    /// <summary>The moment; of a day its beginning.</summary>
    /// <param name="zone">Whose clocks show it, where it has no offset.</param>
    public DateTimeOffset In(TimeZoneInfo zone) => StartIn(zone, 0);

    /// <summary>The moment before which all belongs to it: of a day the beginning of the next one.</summary>
    /// <param name="zone">Whose clocks show it, where it has no offset.</param>
    public DateTimeOffset EndIn(TimeZoneInfo zone) => StartIn(zone, _isDate ? 1 : 0);

    /// <summary>The time in ISO 8601.</summary>
    public override string ToString() => _moment?.ToString("O", CultureInfo.InvariantCulture) ?? _clock.ToString("s", CultureInfo.InvariantCulture);

    /// <summary>Reads what was given for a time, never by the culture.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">It is not a time.</exception>
    internal static TimeReference Of(object? given) => ArgumentText.Unwrap(given) switch
    {
        TimeReference time => time,
        DateTimeOffset moment => At(moment),
        DateTime time => OfDateTime(time),
        DateOnly date => OfDate(date.ToDateTime(TimeOnly.MinValue)),
        TimeSpan ago => Ago(ago, ago.ToString("c", CultureInfo.InvariantCulture)),
        string text => OfText(text),
        // A moment from another process is a list of its properties.
        not null when given is PSObject bag && bag.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks =>
            At(new DateTimeOffset(ticks, TimeSpan.Zero)),
        var value when LanguagePrimitives.GetEnumerable(value) is not null => throw Refuse("A list is not a time: give one time."),
        int or long => OfText(ArgumentText.Of(ArgumentText.Unwrap(given))), // 20260401, however it was typed
        not null => OfText(ArgumentText.Of(given)),
        null => throw Refuse("There is no time: the value is empty. Leave the parameter out where there is no limit."),
    };

    /// <summary>Reads a date or a time in ISO 8601; null when the text is neither.</summary>
    internal static TimeReference? OfIso(string text) =>
        DateTime.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) ? OfDate(date)
        : DateTime.TryParseExact(text, Clocks, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime clock)
            ? new TimeReference { _clock = clock }
        : DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment) ? At(moment)
        : null;

    private static TimeReference OfText(string given)
    {
        string text = given.Trim();
        return OfIso(text) is { } time ? time
            : text.Equals("today", StringComparison.OrdinalIgnoreCase) ? Day(0)
            : text.Equals("yesterday", StringComparison.OrdinalIgnoreCase) ? Day(1)
            : SpanOf(text) is { } ago ? Ago(ago, text)
            : throw Refuse(text.Length == 0 ? $"There is no time: the text is empty; {Forms}" : $"'{text}' is not a time: {Forms}");
    }

    private static TimeSpan? SpanOf(string text)
    {
        const int mostDigits = 9;
        if (text.Length is < 2 or > mostDigits + 1 || !text[..^1].All(char.IsAsciiDigit))
        {
            return null;
        }

        int number = int.Parse(text[..^1], CultureInfo.InvariantCulture);
        return char.ToLowerInvariant(text[^1]) switch
        {
            'd' when number < TimeSpan.MaxValue.Days => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => null,
        };
    }

    private static TimeReference Ago(TimeSpan span, string text)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return span >= TimeSpan.Zero && span.Ticks <= now.UtcTicks
            ? At(now - span)
            : throw Refuse($"'{text}' is not so long ago as a time can be: give a time span from 0 to {now.UtcTicks / TimeSpan.TicksPerDay} days.");
    }

    /// <summary>A DateTime always has a time, so midnight means the whole day, as its text does.</summary>
    private static TimeReference OfDateTime(DateTime time)
    {
        TimeZoneInfo? zone = time.Kind switch
        {
            DateTimeKind.Utc => TimeZoneInfo.Utc,
            DateTimeKind.Local => TimeZoneInfo.Local,
            _ => null,
        };
        bool isSure = time.Kind == DateTimeKind.Local
            && time.Ticks > TimeSpan.TicksPerDay
            && time.Ticks < DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay
            && time.TimeOfDay != TimeSpan.Zero;
        return isSure
            ? At(new DateTimeOffset(time)) // which knows the second of two equal times of the clock
            : new TimeReference { _clock = time, _zone = zone, _isDate = time.Kind != DateTimeKind.Utc && time.TimeOfDay == TimeSpan.Zero };
    }

    private static TimeReference OfDate(DateTime date) => new() { _clock = date, _isDate = true };

    private static TimeReference At(DateTimeOffset moment) => new() { _moment = moment };

    private static TimeReference Day(int ago) => new() { _moment = DateTimeOffset.UtcNow, _daysAgo = ago, _isDate = true };

    private static ArgumentTransformationMetadataException Refuse(string message) => new(message);

    private DateTimeOffset StartIn(TimeZoneInfo zone, int days)
    {
        if (_moment is { } moment && _daysAgo is null)
        {
            return moment;
        }

        DateTime clock = _moment is { } now ? TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(-_daysAgo!.Value) : _clock;
        return clock.Ticks > DateTime.MaxValue.Ticks - (days * TimeSpan.TicksPerDay)
            ? DateTimeOffset.MaxValue
            : ClockTime.MomentOf(clock.AddDays(days), _zone ?? zone);
    }
}
