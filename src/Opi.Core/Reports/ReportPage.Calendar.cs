using System.Globalization;

namespace Opi;

internal sealed partial class ReportPage
{
    /// <summary>Days as long as they fit, else weeks, else months.</summary>
    private static Period PeriodOf(DateOnly[] days)
    {
        int length = days.Length == 0 ? 0 : days[^1].DayNumber - days[0].DayNumber + 1;
        return length <= MaxColumns ? Period.Day : length <= MaxColumns * 7 ? Period.Week : Period.Month;
    }

    private static DateOnly StartOf(Period period, DateOnly day) => period switch
    {
        Period.Week => DateOnly.FromDayNumber(Math.Max(0, day.DayNumber - (day.DayNumber % 7))), // day 0 was a Monday
        Period.Month => new DateOnly(day.Year, day.Month, 1),
        _ => day,
    };

    /// <summary>Every period from the first to the last; where that is too many, only those with usage.</summary>
    private static IEnumerable<DateOnly> SlotsOf(Period period, DateOnly[] used)
    {
        if (period == Period.Month && ((used[^1].Year - used[0].Year) * 12) > MaxColumns)
        {
            return used;
        }

        return Slots();

        IEnumerable<DateOnly> Slots()
        {
            DateOnly slot = used[0];
            for (int i = 0; i < MaxColumns && slot < used[^1]; i++) // never beyond the last one: the calendar ends there at the latest
            {
                yield return slot;
                slot = period == Period.Month ? slot.AddMonths(1) : slot.AddDays(period == Period.Week ? 7 : 1);
            }

            yield return used[^1];
        }
    }

    /// <summary>Labels at even distances; in a long row of days at the beginning of each month.</summary>
    private static string? LabelOf(Period period, DateOnly[] slots, int index)
    {
        DateOnly slot = slots[index];
        if (period == Period.Day && slots.Length > 62)
        {
            return slot.Day == 1 ? slot.ToString(slot.Month == 1 ? "yyyy" : "MMM", CultureInfo.InvariantCulture) : null;
        }

        int step = (slots.Length + LabelCount - 1) / LabelCount;
        return index % step == 0 ? slot.ToString(period == Period.Day ? "MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture) : null;
    }

    private enum Period
    {
        Day,
        Week,
        Month,
    }
}
