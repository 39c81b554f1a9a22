namespace Opi;

/// <summary>What rows of waste are grouped by.</summary>
public enum WasteGrouping : long
{
    /// <summary>A kind of waste.</summary>
    Kind,

    /// <summary>A session.</summary>
    Session,

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

    /// <summary>The folder the agent worked in.</summary>
    Project,

    /// <summary>The agent.</summary>
    Source,
}
