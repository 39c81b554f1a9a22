namespace Opi;

/// <summary>
/// What the assembly Opi.Stores does: it opens SQLite databases and expands what is compressed with Zstandard. It and the libraries that it
/// needs are loaded apart, when the first such file is met.
/// </summary>
internal abstract class StoreAccess
{
    /// <summary>Opens a database for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">How.</param>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public abstract StoreDatabase OpenDatabase(string path, StoreMode mode);

    /// <summary>Expands a compressed file into another.</summary>
    /// <returns>Null when it was whole; else what was wrong where it ended.</returns>
    public abstract string? Expand(Stream compressed, Stream target, CancellationToken cancellation);

    /// <summary>Expands compressed bytes.</summary>
    /// <returns>Null when they are damaged, or are more than allowed.</returns>
    public abstract byte[]? Expand(ReadOnlySpan<byte> compressed, int longest);
}
