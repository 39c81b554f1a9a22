namespace Opi;

/// <summary>A message holds something that the file format cannot. Nothing was written.</summary>
internal sealed class InvalidEntryException : OpiException
{
    internal InvalidEntryException(string path, string reason, Exception inner)
        : base($"Nothing was added to the session '{path}': a message holds what its file cannot: {reason.TrimEnd('.')}.", path, inner)
    {
    }

    public override string ErrorId => "InvalidMessage";

    /// <summary>Which entry of the batch it is, from 0; null where that is not known.</summary>
    internal int? Entry { get; init; }
}
