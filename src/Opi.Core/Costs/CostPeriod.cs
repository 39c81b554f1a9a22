namespace Opi;

/// <summary>The period of a budget, with the names of <see cref="CostGrouping"/>.</summary>
public enum CostPeriod : long
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, from Monday.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>Five hours of work.</summary>
    Block,
}
