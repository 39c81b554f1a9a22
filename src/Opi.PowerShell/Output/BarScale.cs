using System.Runtime.CompilerServices;

namespace Opi.PowerShell;

/// <summary>
/// The largest cost of a report, which the bars of its rows are drawn against. A row has no property for it, so that no file gets one; rows
/// from another machine or a file have none, and no bars.
/// </summary>
internal sealed class BarScale
{
    private static readonly ConditionalWeakTable<OpiCost, BarScale> Scales = [];

    public decimal Largest { get; private init; }

    public static BarScale Of(IReadOnlyList<CostGroup> rows)
    {
        decimal largest = 0;
        foreach (CostGroup row in rows)
        {
            largest = Math.Max(largest, row.KnownCost);
        }

        return new BarScale { Largest = largest };
    }

    public static BarScale? Of(OpiCost row) => Scales.TryGetValue(row, out BarScale? scale) ? scale : null;

    public void Note(OpiCost row) => Scales.AddOrUpdate(row, this);
}
