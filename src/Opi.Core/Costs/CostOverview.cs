namespace Opi;

/// <summary>
/// Adds up what was used in the day, the week and the month of one moment. A response counts in each of them that it is in, and a group that
/// has responses in one has a row in all three.
/// </summary>
internal sealed class CostOverview
{
    private readonly PeriodClock _clock;
    private readonly Part[] _parts;

    /// <summary>Makes an overview without responses.</summary>
    /// <param name="by">What the responses of a group have in common; no period of time.</param>
    /// <param name="zone">The time zone of the periods.</param>
    /// <param name="catalog">The prices.</param>
    /// <param name="choice">Which cost of a response is wanted where there are several.</param>
    /// <param name="now">The moment.</param>
    public CostOverview(
        IReadOnlyList<CostGrouping> by, TimeZoneInfo zone, PricingCatalog catalog, CostChoice choice, DateTimeOffset now)
    {
        _clock = new PeriodClock(zone);
        _parts =
        [
            .. new[] { CostGrouping.Day, CostGrouping.Week, CostGrouping.Month }.Select(period => new Part(
                period, _clock.DayNumber(period, now), new CostGroups(by, zone, catalog, choice))),
        ];
        Since = _parts.Min(part => _clock.StartOf(part.Period, now));
    }

    /// <summary>When the earliest of the periods began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The periods, the shortest first.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>Adds a response, with its cost by the same prices, to the periods that it is in.</summary>
    public void Add(PricedUsage priced)
    {
        if (priced.Usage.Timestamp is not { } time || !_parts.Any(IsIn))
        {
            return;
        }

        foreach (Part part in _parts)
        {
            if (IsIn(part))
            {
                part.Groups.Add(priced);
            }
            else
            {
                part.Groups.AddPlace(priced);
            }
        }

        bool IsIn(Part part) => _clock.DayNumber(part.Period, time) == part.Start;
    }

    /// <summary>Notes a file or folder that was not read: it may have a part of each period.</summary>
    public void AddUnread(UsageFinding finding)
    {
        foreach (Part part in _parts)
        {
            part.Groups.AddUnread(finding);
        }
    }

    /// <summary>One of the periods.</summary>
    /// <param name="Period">Day, Week or Month.</param>
    /// <param name="Start">The number of its first day.</param>
    /// <param name="Groups">What was used in it.</param>
    internal sealed record Part(CostGrouping Period, int Start, CostGroups Groups)
    {
        /// <summary>Its first day.</summary>
        public DateOnly Since => DateOnly.FromDayNumber(Start);
    }
}
