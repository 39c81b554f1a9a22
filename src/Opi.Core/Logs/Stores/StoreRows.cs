namespace Opi;

/// <summary>The rows of a query, one after the other. What is read of a row is gone with the next.</summary>
internal abstract class StoreRows : IDisposable
{
    /// <summary>Goes on to the next row.</summary>
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public abstract bool Next();

    /// <summary>The bytes of a text, in UTF-8, or of a blob; empty for NULL.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);

    /// <summary>A text; null for NULL and for an empty one.</summary>
    public abstract string? Text(int column);

    /// <summary>A whole number; null for NULL and other values.</summary>
    public abstract long? Integer(int column);

    /// <summary>A number; null for NULL and other values.</summary>
    public abstract double? Number(int column);

    /// <inheritdoc/>
    public abstract void Dispose();
}
