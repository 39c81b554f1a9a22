namespace Opi;

/// <summary>
/// A turn of an Opi session that no model answered, or a whole session without a response. Nothing was billed for it, but it is there: a
/// report by session or by turn has a row of it.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="Turn">The turn's number in the session, from 1; 0 when the whole session is meant.</param>
/// <param name="Timestamp">When the turn or the session began; null when the file does not say.</param>
/// <param name="Project">The folder the agent worked in, as it is written; null when the file does not say.</param>
internal sealed record IdleTurn(string SessionId, int Turn, DateTimeOffset? Timestamp, string? Project)
{
    /// <summary>The folder the agent worked in, in the spelling of <see cref="OpiUsage.Project"/>; null when the file does not say.</summary>
    public string? Project { get; init; } = ProjectFolder.Plain(Project);
}
