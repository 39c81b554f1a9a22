namespace Opi;

/// <summary>An amount of money that may be known in part only.</summary>
/// <param name="Known">The part that is known, in USD.</param>
/// <param name="IsComplete">Whether that is all of it.</param>
internal readonly record struct ReportAmount(decimal Known, bool IsComplete)
{
    /// <summary>Nothing, which is known.</summary>
    public static readonly ReportAmount None = new(0, true);

    /// <summary>The amount of a group.</summary>
    public static ReportAmount Of(CostGroup group) => new(group.KnownCost, group.IsComplete);

    /// <summary>The sum of groups.</summary>
    public static ReportAmount Sum(IEnumerable<CostGroup> groups) => Sum(groups.Select(Of));

    /// <summary>The sum of amounts.</summary>
    public static ReportAmount Sum(IEnumerable<ReportAmount> amounts) => amounts.Aggregate(None, (sum, amount) => sum + amount);

    /// <summary>As a report shows it: what is not known is never shown as 0.</summary>
    public override string ToString() =>
        IsComplete ? ReportText.Money(Known) : Known == 0 ? "not known" : $"\u2265 {ReportText.Money(Known)}";

    /// <summary>The same in Markdown, where a pair of dollar signs can enclose a formula.</summary>
    public string Escaped() => MarkdownText.Escape(ToString());

    /// <summary>The same with its share of a whole.</summary>
    public string WithShare(decimal whole) => !IsComplete && Known == 0 ? ToString() : $"{this} ({ReportText.Share(Known, whole)})";

    /// <summary>The sum of two amounts. One that a decimal cannot hold stays what the left one was, and is known in part.</summary>
    public static ReportAmount operator +(ReportAmount left, ReportAmount right)
    {
        try
        {
            return new(left.Known + right.Known, left.IsComplete && right.IsComplete);
        }
        catch (OverflowException)
        {
            return left with { IsComplete = false };
        }
    }
}
