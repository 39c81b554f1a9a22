namespace Opi;

/// <summary>
/// The rollouts of Codex, and what <c>codex exec --json</c> prints. They log a running total again and again: what it advances by is a
/// response. Where they name each response with its usage, that is taken.
/// </summary>
internal sealed class CodexLog : LineLog
{
    public override UsageSource Source => UsageSource.Codex;

    public override LogMessages? Messages { get; } = new CodexMessages();

    public override IReadOnlyList<string> Variables => ["CODEX_HOME"];

    public override bool GrowsOnly => true;

    /// <summary><c>CODEX_HOME</c>, else <c>~/.codex</c>: the sessions and the archived ones.</summary>
    public override IEnumerable<string> Folders()
    {
        string home = OpiFolders.Variable("CODEX_HOME") ?? Path.Combine(OpiFolders.Home, ".codex");
        return [Path.Combine(home, "sessions"), Path.Combine(home, "archived_sessions")];
    }

    public override bool IsLog(string path) => base.IsLog(path) || path.EndsWith(".jsonl.zst", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The lines of a rollout have a payload, those of <c>codex exec</c> names with a dot. Kimi Code has other names with a dot.
    /// </summary>
    public override LogMatch Match(LogHead head) => head.Type switch
    {
        "session_meta" or "turn_context" or "response_item" or "event_msg" or "compacted" or "token_usage_record" when head.Has("payload") =>
            LogMatch.Sure,
        "thread.started" when head.Has("thread_id") => LogMatch.Sure,
        "turn.completed" when head.Has("usage") => LogMatch.Sure,
        "turn.started" or "turn.completed" or "turn.failed" or "item.started" or "item.updated" or "item.completed" => LogMatch.Likely,
        "usage.record" or "turn.prompt" or "metadata" => LogMatch.Foreign, // of Kimi
        _ => (head.Has("payload") && head.Has("timestamp") && head.Type.Length > 0) || head.Has("msg.type") ? LogMatch.Likely : LogMatch.None,
    };

    public override UsageMerge OpenMerge(UsageQuery query) => new CodexMerge(this, query);

    protected override LogLineReader OpenReader(LogPart part) => new CodexLineReader(part);
}
