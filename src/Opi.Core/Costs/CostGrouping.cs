namespace Opi;

/// <summary>What rows of costs are grouped by.</summary>
public enum CostGrouping : long
{
    /// <summary>A session.</summary>
    Session,

    /// <summary>A turn of a session.</summary>
    Turn,

    /// <summary>One response.</summary>
    Response,

    /// <summary>A model.</summary>
    Model,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A week; it begins on Monday, as in ISO 8601.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>
    /// Five hours of work: from the hour (in UTC) of the first response to the last response within five hours of it. The next response
    /// begins the next one.
    /// </summary>
    Block,

    /// <summary>The folder the agent worked in.</summary>
    Project,

    /// <summary>The agent.</summary>
    Source,

    /// <summary>The machine.</summary>
    Machine,

    /// <summary>The user.</summary>
    User,
}
