namespace Opi;

/// <summary>The records that Copilot CLI keeps of the same responses, the best first.</summary>
internal enum CopilotRecord
{
    /// <summary>A line for each response in the session's events.</summary>
    Event,

    /// <summary>A row for each response in the database of all sessions.</summary>
    Database,

    /// <summary>The sums at the place where a session was closed.</summary>
    Shutdown,
}
