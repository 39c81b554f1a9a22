using System.Runtime.CompilerServices;

namespace Opi.PowerShell;

/// <summary>
/// The largest cost of a report, which the bars of its rows are drawn against. A row has no property for it, so that no file gets one; rows
/// from another machine or a file have none, and no bars.
/// </summary>
internal sealed class BarScale
{
    private static readonly ConditionalWeakTable<OpiCost, BarScale> Scales = [];

    /// <summary>The largest cost.</summary>
    public decimal Largest { get; private init; }

    /// <summary>The scale of a report with these costs.</summary>
    public static BarScale Of(IEnumerable<decimal> costs) => new() { Largest = costs.Append(0).Max() };

    /// <summary>The scale of a row's report; null when that is not known.</summary>
    public static BarScale? Of(OpiCost row) => Scales.TryGetValue(row, out BarScale? scale) ? scale : null;

    /// <summary>Notes that a row is of this report.</summary>
    public void Note(OpiCost row) => Scales.AddOrUpdate(row, this);
}
