namespace Opi;

/// <summary>A summariser's model refused the input as longer than its window. It is asked again with less.</summary>
public sealed class SummaryInputTooLongException : OpiException
{
    /// <summary>Says what the model said.</summary>
    public SummaryInputTooLongException(string reason, Exception? inner = null)
        : base(reason, "summarizer", inner)
    {
    }

    /// <inheritdoc/>
    public override string ErrorId => "ContextOverflow";
}
