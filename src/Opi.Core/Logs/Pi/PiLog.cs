namespace Opi;

/// <summary>The sessions of pi. Its forks copy entries as they are, ids and times too.</summary>
internal sealed class PiLog : LineLog
{
    public override UsageSource Source => UsageSource.Pi;

    public override LogMessages? Messages { get; } = new PiMessages();

    public override IReadOnlyList<string> Variables => ["PI_CODING_AGENT_DIR"];

    public override bool GrowsOnly => true;

    /// <summary><c>PI_CODING_AGENT_DIR</c>, else <c>~/.pi/agent</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(OpiFolders.Variable("PI_CODING_AGENT_DIR") ?? Path.Combine(OpiFolders.Home, ".pi", "agent"), "sessions")];

    /// <summary>The header, or an entry with pi's usage. Other agents have entries of the type <c>message</c> too, without one.</summary>
    public override LogMatch Match(LogHead head) => head.Type switch
    {
        "session" when !head.Has("parent_session") && head.Has("cwd") && head.Version != 1 => LogMatch.Sure,
        "session_start" => LogMatch.Foreign, // of Droid
        "message" when head.Has("sessionId") => LogMatch.None,
        "message" when head.Has("message.usage") && head.Has("message.provider") => LogMatch.Sure,
        "message" when head.Has("message.role") => LogMatch.Likely,
        _ => LogMatch.None,
    };

    protected override LogLineReader OpenReader(LogPart part) => new PiLineReader(part);
}
