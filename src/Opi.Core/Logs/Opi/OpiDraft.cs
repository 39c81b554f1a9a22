namespace Opi;

/// <summary>A response of an Opi session, with the entry that it was read from.</summary>
internal sealed class OpiDraft : UsageDraft
{
    /// <summary>The entry.</summary>
    public required IndexedEntry Entry { get; init; }
}
