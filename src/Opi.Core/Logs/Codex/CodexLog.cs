namespace Opi;

/// <summary>
/// The rollouts of Codex, and what <c>codex exec --json</c> prints. They tell a running total again and again: what it advances by is a
/// response. Where they name each response with its usage, that is taken.
/// </summary>
internal sealed class CodexLog : LineLog
{
    public override UsageSource Source => UsageSource.Codex;

    public override IReadOnlyList<string> Variables => ["CODEX_HOME"];

    /// <summary><c>CODEX_HOME</c>, else <c>~/.codex</c>: the sessions and the archived ones.</summary>
    public override IEnumerable<string> Folders()
    {
        string home = OpiFolders.Variable("CODEX_HOME") ?? Path.Combine(OpiFolders.Home, ".codex");
        return [Path.Combine(home, "sessions"), Path.Combine(home, "archived_sessions")];
    }

    public override bool IsLog(string path) => base.IsLog(path) || path.EndsWith(".jsonl.zst", StringComparison.OrdinalIgnoreCase);

    public override bool Recognises(LogHead head) =>
        (head.Has("payload") && head.Has("type")) || (head.Has("msg") && head.Has("id"))
        || head.Type.StartsWith("thread.", StringComparison.Ordinal)
            || head.Type.StartsWith("turn.", StringComparison.Ordinal)
            || head.Type.StartsWith("item.", StringComparison.Ordinal);

    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var threads = new Dictionary<string, CodexThread>(StringComparer.Ordinal);
        foreach (CodexThread thread in parts.Select(part => part.State).OfType<CodexThread>().Where(thread => thread.Id is not null))
        {
            threads.TryAdd(thread.Id!, thread);
        }

        foreach (LogPart part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (part.State is CodexThread thread)
            {
                CodexThread? parent = thread.ParentId is null || thread.ParentId == thread.Id ? null : threads.GetValueOrDefault(thread.ParentId);
                part.Drafts.AddRange(thread.Responses(parent, part.File.Path));
            }
        }

        return base.Merge(parts, cancellation);
    }

    protected override LogLineReader OpenReader(LogPart part) => new CodexLineReader(part);
}
