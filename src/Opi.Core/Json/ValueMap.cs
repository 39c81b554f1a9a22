namespace Opi;

/// <summary>A dictionary of texts that equals another with the same pairs, so that a record that holds one is equal by value.</summary>
/// <param name="items">The pairs.</param>
internal readonly struct ValueMap(IReadOnlyDictionary<string, string> items) : IEquatable<ValueMap>
{
    public IReadOnlyDictionary<string, string> Items => items;

    public bool Equals(ValueMap other) =>
        Items.Count == other.Items.Count
        && Items.All(pair => other.Items.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    public override bool Equals(object? obj) => obj is ValueMap other && Equals(other);

    public override int GetHashCode() => Items.Count;
}
