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

    /// <summary>
    /// The model of an answer, of a compaction's summary or of a change of model, as <c>provider:model</c>; null for all else, and when not known.
    /// </summary>
    public string? ModelSpec => Entry switch
    {
        MessageEntry { Message: AssistantMessage answer } => answer.ModelSpec,
        CompactionEntry compaction => compaction.Model,
        CompactionFailureEntry failure => failure.Model,
        ModelChangeEntry change => change.Model,
        _ => null,
    };

    /// <summary>The tokens of an answer, or those that a compaction spent on its summary; null for all else, and when not reported.</summary>
    public Usage? Usage => Entry switch
    {
        MessageEntry { Message: AssistantMessage answer } => answer.Usage.IsKnown ? answer.Usage : null,
        CompactionEntry compaction => compaction.Usage,
        CompactionFailureEntry failure => failure.Usage,
        _ => null,
    };

    /// <summary>
    /// The entries that it points to: the tip for a leaf, the results that were cleared, the messages that were pinned or unpinned; else empty.
    /// </summary>
    public IReadOnlyList<string> EntryIds => Entry switch
    {
        LeafEntry leaf => new TextList<string>([leaf.EntryId]),
        ToolResultsClearedEntry cleared => cleared.EntryIds,
        PinEntry pin => pin.EntryIds,
        _ => new TextList<string>([]),
    };

    /// <summary>Why an answer or a compaction failed; null for all else.</summary>
    public string? ErrorMessage => Entry switch
    {
        MessageEntry { Message: AssistantMessage answer } => answer.ErrorMessage,
        CompactionFailureEntry failure => failure.Error,
        _ => null,
    };

    /// <summary>The JSON of an extension's state, or of an entry of a type that this version does not know; null for all else.</summary>
    public string? Json => Entry switch
    {
        ExtensionStateEntry state => SerdeJson.ToText(state.State),
        UnknownEntry unknown => SerdeJson.ToText(unknown.Content),
        _ => null,
    };

    /// <summary>Whether it is part of the active conversation.</summary>
    public bool OnActiveBranch { get; }

    /// <summary>Whether compactions keep it word for word.</summary>
    public bool Pinned { get; }

    /// <summary>The entry as the file has it.</summary>
    internal SessionEntry Entry { get; }

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

    internal static OpiEntry Create(string sessionId, SessionEntry entry, bool onActiveBranch, bool pinned = false) =>
        new(sessionId, entry, onActiveBranch, pinned && onActiveBranch);
}
