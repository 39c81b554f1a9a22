namespace Opi;

/// <summary>Compares keys of several values one by one.</summary>
internal sealed class ValueArrayComparer : IEqualityComparer<object?[]>
{
    public static ValueArrayComparer Instance { get; } = new();

    public bool Equals(object?[]? x, object?[]? y) => x is not null && y is not null && x.AsSpan().SequenceEqual(y);

    public int GetHashCode(object?[] obj) => obj.Aggregate(0, HashCode.Combine);
}
