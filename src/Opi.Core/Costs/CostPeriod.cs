namespace Opi;

/// <summary>What a budget is for. The names are those of <see cref="CostGrouping"/>.</summary>
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
