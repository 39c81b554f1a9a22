namespace Opi;

internal static class ClockTime
{
    /// <summary>
    /// The moment. A time that the clocks skip when they are put forward is the moment at which they are; one that they show twice when they
    /// are put back is the first. So times that follow each other on the clock are moments that follow each other, without a gap.
    /// </summary>
    /// <param name="clock">What the clocks show; its kind does not count.</param>
    /// <param name="zone">Whose clocks.</param>
    /// <returns>The moment; the first or the last that there can be where it would be beyond.</returns>
    public static DateTimeOffset MomentOf(DateTime clock, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        DateTime shown = DateTime.SpecifyKind(clock, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(shown))
        {
            shown = shown.AddTicks(-(shown.Ticks % TimeSpan.TicksPerMinute)); // clocks are put forward at a full minute
            while (zone.IsInvalidTime(shown))
            {
                shown = shown.AddMinutes(1);
            }
        }

        TimeSpan offset = zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown).Max() : zone.GetUtcOffset(shown);
        long utc = shown.Ticks - offset.Ticks;
        return utc < 0 ? DateTimeOffset.MinValue
            : utc > DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue
            : new DateTimeOffset(shown, offset);
    }
}
