namespace Opi;

/// <summary>
/// Makes the summary of a compaction. It is called outside every lock of the session, which others may read and write meanwhile; it must not
/// change that session itself.
/// </summary>
public interface ISummarizer
{
    /// <summary>Summarises messages that leave the context.</summary>
    /// <param name="request">The messages, and what else the summary is made of.</param>
    /// <param name="cancellationToken">Is cancelled when the compaction is to stop.</param>
    /// <returns>The summary; null for the built-in one, or a failure where an open session asks.</returns>
    /// <exception cref="SummaryInputTooLongException">The input is too long for the model: it is asked again with less.</exception>
    Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken);
}
