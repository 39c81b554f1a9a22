namespace Opi;

/// <summary>Adds up waste in groups.</summary>
internal sealed class WasteGroups(IReadOnlyList<WasteGrouping> by, TimeZoneInfo zone)
{
    private readonly PeriodClock _clock = new(zone);
    private readonly List<OpiWaste> _rows = [];

    public void Add(OpiWaste waste) => _rows.Add(waste);

    /// <summary>The groups with their keys, the dearest first where they are not by time, else by their keys.</summary>
    public IEnumerable<(object?[] Keys, OpiWasteSum Sum)> ToRows()
    {
        IEnumerable<(object?[] Keys, OpiWasteSum Sum)> groups = _rows.GroupBy(
            row => by.Select(grouping => KeyOf(row, grouping)).ToArray(), ValueArrayComparer.Instance)
            .Select(group => (group.Key, Sum([.. group])));
        bool byTime = by[0] is WasteGrouping.Day or WasteGrouping.Week or WasteGrouping.Month or WasteGrouping.Hour;
        return byTime
            ? groups.OrderBy(group => group.Keys[0] switch
                {
                    DateOnly day => day.ToDateTime(default).Ticks,
                    DateTimeOffset hour => hour.UtcTicks,
                    _ => 0,
                })
                .ThenByDescending(group => group.Sum.KnownCost)
            : groups.OrderByDescending(group => group.Sum.KnownCost).ThenByDescending(group => group.Sum.Tokens);
    }

    /// <summary>All together.</summary>
    public OpiWasteSum ToTotal() => Sum(_rows);

    private static OpiWasteSum Sum(List<OpiWaste> rows) => new(
        rows.Count,
        rows.Aggregate(0L, (sum, row) => TokenMath.Add(sum, row.Tokens)),
        rows.All(row => row.Cost is not null) ? rows.Sum(row => row.Cost!.Value) : null,
        rows.Sum(row => row.Cost ?? 0));

    private object? KeyOf(OpiWaste row, WasteGrouping grouping) => grouping switch
    {
        WasteGrouping.Kind => row.Kind,
        WasteGrouping.Session => row.Session,
        WasteGrouping.Model => row.Model,
        WasteGrouping.Project => row.Project,
        WasteGrouping.Source => row.Source,
        _ when row.Timestamp is not { } => null,
        WasteGrouping.Hour => _clock.At(_clock.HourTicks(row.Timestamp!.Value)),
        WasteGrouping.Week => DateOnly.FromDayNumber((int)_clock.DayNumber(CostGrouping.Week, row.Timestamp!.Value)),
        WasteGrouping.Month => DateOnly.FromDayNumber((int)_clock.DayNumber(CostGrouping.Month, row.Timestamp!.Value)),
        _ => DateOnly.FromDayNumber((int)_clock.DayNumber(CostGrouping.Day, row.Timestamp!.Value)),
    };
}
