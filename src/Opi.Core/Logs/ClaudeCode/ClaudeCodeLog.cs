namespace Opi;

/// <summary>
/// The logs of Claude Code: a line for each block of an answer, so that a response has several lines, of which the last has all its
/// tokens.
/// </summary>
internal sealed class ClaudeCodeLog : LineLog
{
    /// <summary>How far lines may be out of order without having been copied: subagents work side by side.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(5);

    public override UsageSource Source => UsageSource.ClaudeCode;

    public override LogMessages? Messages { get; } = new ClaudeMessages();

    public override IReadOnlyList<string> Variables => ["CLAUDE_CONFIG_DIR"];

    public override bool NamesSeveral => true;

    public override bool GrowsOnly => true;

    public override long PartSize => 32 << 20;

    /// <summary>
    /// <c>CLAUDE_CONFIG_DIR</c>, which may name several folders with commas between, else <c>~/.claude</c> and <c>~/.config/claude</c>.
    /// </summary>
    public override IEnumerable<string> Folders()
    {
        string[] folders = OpiFolders.Variable("CLAUDE_CONFIG_DIR") is { } named
            ? named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            :
            [
                Path.Combine(OpiFolders.Home, ".claude"),
                Path.Combine(OpiFolders.Variable("XDG_CONFIG_HOME") ?? Path.Combine(OpiFolders.Home, ".config"), "claude")
            ];
        return folders.Select(
            folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == "projects" ? folder : Path.Combine(folder, "projects"));
    }

    /// <summary>
    /// What a workflow notes of its steps, <c>workflows/NAME/journal.jsonl</c>: its usage is also in its subagents' own logs.
    /// </summary>
    public override bool IsByproduct(string path) =>
        Path.GetFileName(path.AsSpan()) is "journal.jsonl"
        && Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path.AsSpan()))) is "workflows";

    /// <summary>
    /// Claude Code's lines say whether they are of a subagent and of which kind of user; its answers have the message as the API gave it. Qwen
    /// Code's are made after them, with a message of Gemini's form and without those two.
    /// </summary>
    public override LogMatch Match(LogHead head)
    {
        if (head.Has("projectHash") || head.Has("usageMetadata") || head.Has("systemPayload") || head.Has("message.parts"))
        {
            return LogMatch.Foreign;
        }

        if (head.Has("isSidechain") || head.Has("userType") || head.Has("leafUuid")
            || (head.Has("snapshot") && head.Has("messageId")) || (head.Type == "assistant" && head.Has("message.usage")))
        {
            return LogMatch.Sure;
        }

        return !head.Has("payload")
            && (head.Has("parentUuid") || head.Has("requestId") || (head.Has("sessionId") && head.Type.Length > 0)
                || (head.Type is "assistant" or "user" && head.Has("message")) || (head.Type == "progress" && head.Has("data")))
            ? LogMatch.Likely
            : LogMatch.None;
    }

    /// <summary>
    /// The lines of one response have the same message id. Ids that a gateway made up may come again: then the request
    /// must be the same too or, where none is named or one line is a replay in a side conversation, what went into the model.
    /// </summary>
    public override IEnumerable<UsageDraft> Merge(IReadOnlyList<LogPart> parts, CancellationToken cancellation)
    {
        foreach (IGrouping<LogFile, LogPart> file in parts.GroupBy(part => part.File))
        {
            MarkCopies(file.Key, [.. file.SelectMany(part => part.Drafts).Cast<ClaudeDraft>()]);
        }

        var first = new Dictionary<string, ClaudeDraft>(StringComparer.Ordinal);
        foreach (LogPart part in InOrderOfTime(parts))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ClaudeDraft draft in part.Drafts.Cast<ClaudeDraft>())
            {
                if (!first.TryAdd(draft.MessageKey, draft))
                {
                    Add(first[draft.MessageKey], draft);
                }
            }
        }

        var regions = new BedrockRegions(PricingCatalog.Default);
        foreach (ClaudeDraft head in first.Values)
        {
            for (ClaudeDraft? draft = head; draft is not null; draft = draft.Next)
            {
                draft.Key = draft.MakeKey();
                regions.Note(draft);
                if (draft.IsBilled)
                {
                    yield return draft;
                }

                for (int i = 0; i < draft.Advisors.Count; i++)
                {
                    yield return draft.MakeAdvisor(i);
                }
            }
        }
    }

    /// <summary>A log is written in the order of time: what is followed by older lines was copied from another session when this one began.</summary>
    private static void MarkCopies(LogFile file, List<ClaudeDraft> drafts)
    {
        DateTimeOffset oldest = DateTimeOffset.MaxValue;
        foreach (ClaudeDraft draft in Enumerable.Reverse(drafts).Where(draft => draft.Began is not null))
        {
            bool copied = draft.Began - oldest > Disorder;
            draft.IsReplay |= copied;
            oldest = draft.Began < oldest ? draft.Began.Value : oldest;
            file.Began = copied && draft == drafts[0] ? oldest : file.Began;
        }
    }

    private static void Add(ClaudeDraft head, ClaudeDraft draft)
    {
        ClaudeDraft known = head;
        while (!known.IsSameResponse(draft))
        {
            if (known.Next is null)
            {
                known.Next = draft;
                return;
            }

            known = known.Next;
        }

        known.Absorb(draft);
    }

    protected override LogLineReader OpenReader(LogPart part) => new ClaudeLineReader(part);
}
