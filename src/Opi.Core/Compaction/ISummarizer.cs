namespace Opi;

/// <summary>Makes the summary of a compaction.</summary>
public interface ISummarizer
{
    /// <summary>Summarises messages that leave the context.</summary>
    /// <param name="request">The messages, and what else the summary is made of.</param>
    /// <returns>The summary; null for the built-in one.</returns>
    /// <exception cref="SummaryInputTooLongException">The input is too long for the model: it is asked again with less.</exception>
    SummaryResult? Summarize(SummaryRequest request);
}
