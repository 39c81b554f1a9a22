namespace Opi;

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
