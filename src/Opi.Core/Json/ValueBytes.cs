namespace Opi;

/// <summary>Bytes that equal others of the same values, so that a record that holds them is equal by value.</summary>
/// <param name="data">The bytes.</param>
internal readonly struct ValueBytes(ReadOnlyMemory<byte> data) : IEquatable<ValueBytes>
{
    public ReadOnlyMemory<byte> Data => data;

    public static implicit operator ValueBytes(ReadOnlyMemory<byte> data) => new(data);

    public bool Equals(ValueBytes other) => Data.Span.SequenceEqual(other.Data.Span);

    public override bool Equals(object? obj) => obj is ValueBytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }
}
