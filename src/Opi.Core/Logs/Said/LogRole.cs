namespace Opi;

/// <summary>Who speaks in a message of an agent's log.</summary>
internal enum LogRole
{
    /// <summary>The user, or what the agent says in the user's place.</summary>
    User,

    /// <summary>A model.</summary>
    Assistant,

    /// <summary>The system.</summary>
    System,
}
