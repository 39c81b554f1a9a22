using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Opi;

/// <summary>How often each name came up, in the order of the names.</summary>
internal sealed class NameCounts : IReadOnlyDictionary<string, int>
{
    // Not a SortedDictionary: the framework has no compiled code of one with numbers, and a new process would compile it first.
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

    /// <summary>Counts a name, once more or several times.</summary>
    public void Add(string name, int times = 1)
    {
        if (!_counts.TryGetValue(name, out int count))
        {
            _sorted = null;
        }

        _counts[name] = count + times;
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
