namespace Opi;

/// <summary>A list that equals another with the same items, so that a record that holds one is equal by value.</summary>
internal readonly struct ValueList<T>(IReadOnlyList<T> items) : IEquatable<ValueList<T>>
{
    public IReadOnlyList<T> Items => items ?? [];

    public bool Equals(ValueList<T> other) => Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode() => Items.Count == 0 ? 0 : HashCode.Combine(Items.Count, Items[0]);
}
