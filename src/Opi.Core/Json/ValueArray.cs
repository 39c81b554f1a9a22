using System.Collections.Immutable;

namespace Opi;

/// <summary>An array that equals another with the same items, so that a record that holds one is equal by value.</summary>
internal readonly struct ValueArray<T>(ImmutableArray<T> items) : IEquatable<ValueArray<T>>
{
    public ImmutableArray<T> Items => items;

    public static implicit operator ValueArray<T>(ImmutableArray<T> items) => new(items);

    public bool Equals(ValueArray<T> other) =>
        Items.IsDefault || other.Items.IsDefault ? Items.IsDefault == other.Items.IsDefault : Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode() => Items.IsDefaultOrEmpty ? 0 : HashCode.Combine(Items.Length, Items[0]);
}
