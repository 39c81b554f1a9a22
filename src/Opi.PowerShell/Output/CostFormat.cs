using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Internal;

/// <summary>What the views of costs compute, in colours where the terminal has them. Not for scripts: it may change at any time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CostFormat
{
    private const char Full = '\u2588';
    private const char Over = '\u2593'; // what is beyond a budget
    private const string More = "+"; // a part that is not known
    private const string Eighths = "\u258f\u258e\u258d\u258c\u258b\u258a\u2589";

    /// <summary>What a row cost: red where it is over its budget, else yellow where it is not fully known.</summary>
    public static string Cost(PSObject row, int width, EngineIntrinsics? context) => Paint(FormatHelper.Cost(row, width), row, context);

    /// <summary>The cost of a turn, yellow where it is not known.</summary>
    public static string TurnCost(OpiTurn turn, int width, EngineIntrinsics? context)
    {
        string text = FormatHelper.TurnCost(turn, width);
        return turn.Cost is null ? TerminalStyle.Paint(text, TerminalStyle.Warning, context) : text;
    }

    /// <summary>All keys of a row, red where it is over its budget.</summary>
    public static string Keys(PSObject row, int width, EngineIntrinsics? context)
    {
        string text = FormatHelper.CostKeys(row, width);
        return IsOver(row) ? TerminalStyle.Paint(text, TerminalStyle.Error, context) : text;
    }

    /// <summary>What is left of the budget of a row.</summary>
    public static string Remaining(PSObject row, int width, EngineIntrinsics? context) => OfBudget(FormatHelper.Remaining(row, width), row, context);

    /// <summary>Whether a row is over its budget.</summary>
    public static string OverBudget(PSObject row, EngineIntrinsics? context) => OfBudget(FormatHelper.OverBudget(row), row, context);

    /// <summary>The period of a row of an overview.</summary>
    public static string Period(PSObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Properties["Period"]?.Value?.ToString() switch
        {
            nameof(CostPeriod.Day) => "Today",
            nameof(CostPeriod.Week) => "This week",
            nameof(CostPeriod.Month) => "This month",
            var other => FormatHelper.Text(other),
        };
    }

    /// <summary>An amount that only some rows have.</summary>
    public static string Amount(PSObject row, string name, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Value(row, name) is { } amount ? FormatHelper.Money(amount, width) : "";
    }

    /// <summary>
    /// The known part of a row's cost as a bar, the largest of the report as wide as the column. What is beyond a budget is drawn lighter, and
    /// a plus at the end is a part that is not known.
    /// </summary>
    public static string Bar(PSObject row, int width, EngineIntrinsics? context)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.BaseObject is not OpiCost cost || BarScale.Of(cost) is not { } scale || row.Properties["IsTotal"]?.Value is true)
        {
            return "";
        }

        string more = cost.TotalCost is null ? More : "";
        int room = (width - More.Length) * 8;
        int length = scale.Largest <= 0 ? 0 : (int)Math.Round((double)(Math.Max(0, cost.KnownCost) / scale.Largest) * room);
        length = cost.KnownCost > 0 ? Math.Max(1, length) : 0;
        int within = Value(row, "Budget") is { } budget && budget < cost.KnownCost
            ? (int)Math.Round((double)(Math.Max(0, budget) / cost.KnownCost) * length)
            : length;
        string bar = within == length
            ? new string(Full, length / 8) + (length % 8 == 0 ? "" : Eighths[(length % 8) - 1].ToString())
            : new string(Full, within / 8)
                + TerminalStyle.Paint(new string(Over, Math.Max(1, ((length + 7) / 8) - (within / 8))), TerminalStyle.Error, context);
        return bar + TerminalStyle.Paint(more, TerminalStyle.Warning, context);
    }

    private static string Paint(string text, PSObject row, EngineIntrinsics? context) =>
        IsOver(row) ? TerminalStyle.Paint(text, TerminalStyle.Error, context)
        : row.Properties[nameof(OpiCost.TotalCost)]?.Value is null && row.Properties[nameof(OpiUsage.Cost)]?.Value is null
            ? TerminalStyle.Paint(text, TerminalStyle.Warning, context)
        : text;

    private static string OfBudget(string text, PSObject row, EngineIntrinsics? context) =>
        IsOver(row) ? TerminalStyle.Paint(text, TerminalStyle.Error, context)
        : row.Properties["OverBudget"]?.Value is null ? TerminalStyle.Paint(text, TerminalStyle.Warning, context)
        : text;

    private static bool IsOver(PSObject row) => row.Properties["OverBudget"]?.Value is true;

    private static decimal? Value(PSObject row, string name) => row.Properties[name]?.Value is { } value
        ? (decimal)LanguagePrimitives.ConvertTo(value, typeof(decimal), CultureInfo.InvariantCulture)
        : null;
}
