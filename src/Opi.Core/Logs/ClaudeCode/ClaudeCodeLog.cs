namespace Opi;

/// <summary>
/// The logs of Claude Code: a line for each block of an answer, so that a response has several lines, of which the last has all its
/// tokens.
/// </summary>
internal sealed class ClaudeCodeLog : LineLog
{
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

    public override UsageMerge OpenMerge(UsageQuery query) => new ClaudeMerge();

    protected override LogLineReader OpenReader(LogPart part) => new ClaudeLineReader(part);
}
