using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Opi;

/// <summary>How often each name came up, in the order of the names.</summary>
internal sealed class NameCounts : IReadOnlyDictionary<string, int>
{
    // Not a SortedDictionary: its code for numbers is not in the framework as compiled ahead, and most reports have few names or none.
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private string[]? _sorted;

    /// <inheritdoc/>
    public int Count => _counts.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => Sorted();

    /// <inheritdoc/>
    public IEnumerable<int> Values => Sorted().Select(name => _counts[name]);

    /// <inheritdoc/>
    public int this[string key] => _counts[key];

    /// <summary>Counts a name once more.</summary>
    public void Add(string name)
    {
        _counts.TryGetValue(name, out int count);
        _counts[name] = count + 1;
        _sorted = count == 0 ? null : _sorted;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _counts.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out int value) => _counts.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, int>> GetEnumerator()
    {
        foreach (string name in Sorted())
        {
            yield return KeyValuePair.Create(name, _counts[name]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string[] Sorted()
    {
        if (_sorted is null)
        {
            _sorted = [.. _counts.Keys];
            Array.Sort(_sorted, StringComparer.Ordinal);
        }

        return _sorted;
    }
}
