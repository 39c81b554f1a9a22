namespace Opi;

/// <summary>A response of an Opi session, with the entry that it was read from.</summary>
internal sealed class OpiDraft : UsageDraft
{
    /// <summary>The entry.</summary>
    public required IndexedEntry Entry { get; init; }

    /// <summary>The line, where a line before it has another response of the same id and second; else 0.</summary>
    public long Line { get; set; }
}
