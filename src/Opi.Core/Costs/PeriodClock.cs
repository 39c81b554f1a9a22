namespace Opi;

/// <summary>Finds the day, week, month or hour of a moment in a time zone.</summary>
internal sealed class PeriodClock(TimeZoneInfo zone)
{
    // An offset holds for a quarter of an hour at least: no time zone has changed its own in between since there is UTC.
    private const long OffsetTicks = TimeSpan.TicksPerMinute * 15;

    private long _quarter = -1;
    private long _offset;

    /// <summary>The day, as its number; for a week its Monday, for a month its first day.</summary>
    public int DayNumber(CostGrouping period, DateTimeOffset time)
    {
        int day = (int)(LocalTicks(time) / TimeSpan.TicksPerDay);
        return period switch
        {
            CostGrouping.Week => Math.Max(0, day - (day % 7)), // day 0, the first of January of the year 1, was a Monday
            CostGrouping.Month => day - DateOnly.FromDayNumber(day).Day + 1,
            _ => day,
        };
    }

    public long HourTicks(DateTimeOffset time) => time.UtcTicks - (LocalTicks(time) % TimeSpan.TicksPerHour);

    /// <summary>The moment of UTC as the zone's clocks show it.</summary>
    public DateTimeOffset At(long utcTicks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(utcTicks, TimeSpan.Zero), zone);

    /// <summary>The beginning of the day, week, month or hour.</summary>
    public DateTimeOffset StartOf(CostGrouping period, DateTimeOffset time)
    {
        if (period == CostGrouping.Hour)
        {
            return At(HourTicks(time));
        }

        DateTime midnight = DateOnly.FromDayNumber(DayNumber(period, time)).ToDateTime(TimeOnly.MinValue);
        return ClockTime.MomentOf(midnight, zone);
    }

    private long LocalTicks(DateTimeOffset time)
    {
        long utc = time.UtcTicks;
        if (utc / OffsetTicks != _quarter)
        {
            _quarter = utc / OffsetTicks;
            _offset = zone.GetUtcOffset(time).Ticks;
        }

        return Math.Clamp(utc + _offset, 0, DateTime.MaxValue.Ticks);
    }
}
