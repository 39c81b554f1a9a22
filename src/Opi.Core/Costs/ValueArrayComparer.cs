namespace Opi;

/// <summary>Compares keys of several values one by one.</summary>
internal sealed class ValueArrayComparer : IEqualityComparer<object?[]>
{
    /// <summary>The comparer.</summary>
    public static ValueArrayComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(object?[]? x, object?[]? y) => x is not null && y is not null && x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode(object?[] obj) => obj.Aggregate(0, HashCode.Combine);
}
