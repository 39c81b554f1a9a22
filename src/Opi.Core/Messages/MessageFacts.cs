namespace Opi;

/// <summary>What one pass over a message finds out, without building it.</summary>
internal ref struct MessageFacts
{
    public EntryRole Role;
    public JsonString Provider;
    public JsonString Model;
    public Usage? Usage;
    public long TimestampMs;
}
