namespace Opi;

/// <summary>
/// Finds entries of a file that have the id and the second of an earlier one. Ids whose numbers rise, as nearly all do, cost next to
/// nothing.
/// </summary>
internal sealed class RepeatedEntries
{
    private readonly List<IndexedEntry> _entries = [];
    private Dictionary<(string Id, string Timestamp), IndexedEntry>? _known; // made when a number does not rise
    private UInt128 _highest;

    /// <summary>The first entry of the same id and second, of those that were given before; null when this one is the first.</summary>
    public IndexedEntry? Find(IndexedEntry entry)
    {
        UInt128 number = EntrySequence.NumberOf(entry.Id);
        if (_known is null && number > _highest)
        {
            _highest = number;
            _entries.Add(entry);
            return null;
        }

        _known ??= _entries.ToDictionary(known => (known.Id, known.Timestamp));
        return _known.TryAdd((entry.Id, entry.Timestamp), entry) ? null : _known[(entry.Id, entry.Timestamp)];
    }
}
