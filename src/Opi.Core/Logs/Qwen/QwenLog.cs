namespace Opi;

/// <summary>
/// The chats of Qwen Code. They have a record for each request, also for requests of subagents and of work in the background; the answer
/// after it repeats the numbers. Old versions have the answers only.
/// </summary>
internal sealed class QwenLog : LineLog
{
    public override UsageSource Source => UsageSource.Qwen;

    public override LogMessages? Messages { get; } = new QwenMessages();

    public override IReadOnlyList<string> Variables => ["QWEN_RUNTIME_DIR", "QWEN_HOME"];

    public override bool GrowsOnly => true;

    /// <summary><c>QWEN_RUNTIME_DIR</c>, else <c>QWEN_HOME</c>, else <c>~/.qwen</c>.</summary>
    public override IEnumerable<string> Folders() =>
        [Path.Combine(
            OpiFolders.Variable("QWEN_RUNTIME_DIR") ?? OpiFolders.Variable("QWEN_HOME") ?? Path.Combine(OpiFolders.Home, ".qwen"), "projects")];

    public override bool IsOwnLog(string path) => IsLog(path) && (LogPath.IsIn(path, "chats") || LogPath.IsIn(path, "subagents"));

    /// <summary>The agent's own sums, which repeat the requests of the chats.</summary>
    public override bool IsByproduct(string path) =>
        Path.GetFileName(path.AsSpan()) is var name
        && (name is "usage_record.jsonl" || (name.StartsWith("token-usage-") && Path.GetFileName(Path.GetDirectoryName(path.AsSpan())) is "usage"));

    public override LogMatch Match(LogHead head) =>
        !head.Has("uuid") ? LogMatch.None
        : head.Has("usageMetadata") || head.Has("systemPayload") || head.Has("message.parts") ? LogMatch.Sure
        : LogMatch.None;

    /// <summary>An answer is the response of a record where both are of one session and have the same numbers, each once.</summary>
    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        var taken = new Dictionary<string, UsageDraft>(StringComparer.Ordinal);
        var recorded = new Dictionary<(string?, UsageCounts), int>();
        QwenDraft[] drafts = [.. InOrderOfTime(parts).SelectMany(part => part.Drafts).Cast<QwenDraft>()];
        foreach (QwenDraft draft in drafts.Where(draft => draft.IsEvent))
        {
            cancellation.ThrowIfCancellationRequested();
            if (taken.TryAdd(draft.Key!, draft))
            {
                recorded[draft.Same] = recorded.GetValueOrDefault(draft.Same) + 1;
            }
        }

        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (QwenDraft draft in drafts.Where(draft => !draft.IsEvent && answers.Add(draft.Key!)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (recorded.GetValueOrDefault(draft.Same) is > 0 and var left)
            {
                recorded[draft.Same] = left - 1;
            }
            else
            {
                taken.TryAdd(draft.Key!, draft);
            }
        }

        return taken.Values;
    }

    protected override LogLineReader OpenReader(LogPart part) => new QwenReader(part);
}
