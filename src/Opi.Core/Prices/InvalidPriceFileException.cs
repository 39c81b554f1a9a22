namespace Opi;

/// <summary>A file of prices is not as it must be. Nothing of it counts, and what counted before stays.</summary>
internal sealed class InvalidPriceFileException : OpiException
{
    internal InvalidPriceFileException(string path, string? entry, string reason, Exception? inner = null)
        : base(
            $"'{path}' is not a price file that this Opi reads: {(entry is null ? "" : $"{entry}: ")}{reason}. Nothing of it counts.",
            path,
            inner) => Entry = entry;

    public override string ErrorId => "InvalidPriceFile";

    /// <summary>The entry that is wrong; null when it is the file as a whole.</summary>
    public string? Entry { get; }
}
