namespace Opi;

/// <summary>The sessions of pi. Its forks copy entries as they are, ids and times too.</summary>
internal sealed class PiLog : LineLog
{
    public override UsageSource Source => UsageSource.Pi;

    public override IReadOnlyList<string> Variables => ["PI_CODING_AGENT_DIR"];

    /// <summary><c>PI_CODING_AGENT_DIR</c>, else <c>~/.pi/agent</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(OpiFolders.Variable("PI_CODING_AGENT_DIR") ?? Path.Combine(OpiFolders.Home, ".pi", "agent"), "sessions")];

    public override bool Recognises(LogHead head) =>
        head.Type is "session" ? !head.Has("parent_session") && head.Has("cwd") && head.Version != 1
        : head.Type is "message" && head.Has("message") && !head.Has("sessionId");

    protected override LogLineReader OpenReader(LogPart part) => new PiLineReader(part);
}
