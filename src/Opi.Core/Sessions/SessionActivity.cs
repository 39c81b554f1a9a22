namespace Opi;

/// <summary>When a session of a folder was last used.</summary>
/// <param name="Path">The file.</param>
/// <param name="LastTurnTime">When the last message of a turn was written.</param>
internal sealed record SessionActivity(string Path, DateTimeOffset LastTurnTime);
