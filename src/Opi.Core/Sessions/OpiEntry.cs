namespace Opi;

/// <summary>An entry of a session, as a list shows it.</summary>
public sealed record OpiEntry
{
    private const int ShortText = 200;

    private OpiEntry(string sessionId, SessionEntry entry, bool onActiveBranch, bool pinned)
    {
        Pinned = pinned;
        SessionId = sessionId;
        Entry = entry;
        OnActiveBranch = onActiveBranch;
    }

    /// <summary>The session.</summary>
    public string SessionId { get; }

    /// <summary>The kind of entry.</summary>
    public EntryType Type => Entry.Type;

    /// <summary>The entry's id.</summary>
    public string Id => Entry.Id;

    /// <summary>The entry before it on its branch; null at the start.</summary>
    public string? ParentId => Entry.ParentId;

    /// <summary>When it was written; null when the file has no time.</summary>
    public DateTimeOffset? Timestamp => WireTime.Parse(Entry.Timestamp);

    /// <summary>Who speaks, for a message or a summary; else null.</summary>
    public string? Role => Message?.Role;

    /// <summary>The beginning of its text.</summary>
    public string Text
    {
        get
        {
            string text = FullText;
            int end = Math.Min(text.Length, ShortText);
            return end == text.Length ? text : text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "...";
        }
    }

    /// <summary>The message, or the summary of a compaction or of a branch; null for all else.</summary>
    public AgentMessage? Message => Entry switch
    {
        MessageEntry message => message.Message,
        CompactionEntry compaction => compaction.ToMessage(),
        BranchSummaryEntry branch => branch.ToMessage(),
        _ => null,
    };

    /// <summary>The entry itself.</summary>
    public SessionEntry Entry { get; }

    /// <summary>Whether it is part of the active conversation.</summary>
    public bool OnActiveBranch { get; }

    /// <summary>Whether compactions keep it word for word.</summary>
    public bool Pinned { get; }

    private string FullText => Entry switch
    {
        MessageEntry { Message: AssistantMessage { Text: "" } answer } =>
            string.Join(' ', answer.Content.Where(block => block is ToolCallContent or OpaqueContent)),
        LeafEntry leaf => leaf.EntryId,
        SessionInfoEntry info => info.Name,
        ModelChangeEntry model => model.Model,
        ThinkingLevelChangeEntry thinking => EntryWire.LevelName(thinking.Level),
        LabelEntry label => (label.Removed ? "-" : "+") + label.Label,
        CompactionFailureEntry failure => failure.Error,
        ToolResultsClearedEntry cleared => string.Join(", ", cleared.EntryIds),
        PinEntry pin => (pin.Removed ? "-" : "+") + string.Join(", ", pin.EntryIds),
        UnknownEntry unknown => unknown.TypeName,
        _ => Message?.Text ?? "",
    };

    /// <summary>Makes the record of an entry.</summary>
    public static OpiEntry Create(string sessionId, SessionEntry entry, bool onActiveBranch) =>
        Create(sessionId, entry, onActiveBranch, pinned: false);

    /// <summary>The same, with whether it is pinned.</summary>
    internal static OpiEntry Create(string sessionId, SessionEntry entry, bool onActiveBranch, bool pinned) =>
        new(sessionId, entry, onActiveBranch, pinned && onActiveBranch);
}
