using System.Runtime.InteropServices;

namespace Opi;

/// <summary>An id, as bytes in an array that has many.</summary>
/// <param name="bytes">The array.</param>
/// <param name="start">Where it begins.</param>
/// <param name="length">How long it is.</param>
internal readonly struct ClaudeId(byte[] bytes, int start, int length) : IEquatable<ClaudeId>
{
    private readonly byte[] _bytes = bytes;
    private readonly int _start = start;
    private readonly int _length = length;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _length);

    /// <inheritdoc/>
    public bool Equals(ClaudeId other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClaudeId other && Equals(other);

    /// <summary>The framework's hash of texts, which is safe against made collisions: ids are foreign text.</summary>
    public override int GetHashCode() => string.GetHashCode(MemoryMarshal.Cast<byte, char>(Bytes)) ^ (_length % 2 == 0 ? 0 : Bytes[^1]);
}
