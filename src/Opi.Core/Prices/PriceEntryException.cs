namespace Opi;

/// <summary>An entry of a price file is not as it must be. <see cref="InvalidPriceFileException"/> says of which file.</summary>
internal sealed class PriceEntryException(string entry, string reason, Exception? inner = null) : Exception(reason, inner)
{
    public string Entry { get; } = entry;
}
