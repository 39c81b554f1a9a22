namespace Opi;

/// <summary>Who speaks in a message entry.</summary>
public enum EntryRole : byte
{
    /// <summary>Not a message.</summary>
    None,

    /// <summary>The user.</summary>
    User,

    /// <summary>A model.</summary>
    Assistant,

    /// <summary>A tool.</summary>
    ToolResult,
}

/// <summary>What one pass over a line finds out, without building anything.</summary>
internal ref struct EntryFacts
{
    public EntryType Type;
    public EntryRole Role;
    public JsonString Id;
    public JsonString ParentId;
    public bool HasParent;
    public JsonString Timestamp;
    public JsonString Provider;
    public JsonString Model;
    public Usage? Usage;

    /// <summary>The entry that a leaf or a compaction names.</summary>
    public JsonString Target;
}
