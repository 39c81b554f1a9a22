namespace Opi;

/// <summary>
/// A file of the user's prices is there and could not be read, so that no price is known: what it has would go before all others.
/// </summary>
internal sealed class PriceFileNotReadableException : OpiException
{
    internal PriceFileNotReadableException(string path, Exception inner)
        : base($"The price file '{path}' could not be read: {inner.Message.TrimEnd('.')}. No cost is known until it can.", path, inner)
    {
    }

    public override string ErrorId => "PriceFileNotReadable";
}
