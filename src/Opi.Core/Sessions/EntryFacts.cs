namespace Opi;

/// <summary>What one pass over a line finds out, without building anything.</summary>
internal ref struct EntryFacts
{
    public EntryType Type;
    public JsonString Id;
    public JsonString ParentId;
    public bool HasParent;
    public JsonString Timestamp;

    /// <summary>What a message says of itself; of a compaction, the model and usage of its summary.</summary>
    public MessageFacts Message;

    /// <summary>The entry that a leaf or a compaction names.</summary>
    public JsonString Target;

    /// <summary>The entries that a clearing or a pin names; null for all else.</summary>
    public List<string>? Targets;

    /// <summary>Whether a label or a pin is taken away.</summary>
    public bool Removes;
}
