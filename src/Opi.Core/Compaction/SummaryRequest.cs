namespace Opi;

/// <summary>What a summary is to be made of.</summary>
public sealed class SummaryRequest
{
    private readonly Lazy<string> _prompt;

    internal SummaryRequest() => _prompt = new Lazy<string>(() => SummaryPrompt.For(this));

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The session's model as <c>provider:model</c>; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>Why the context is compacted.</summary>
    public CompactionReason Reason { get; init; }

    /// <summary>
    /// The messages that leave the context, oldest first; an earlier summary is the first of them. They keep to
    /// <see cref="MaxInputTokens"/>: tools' results and long texts may be shortened, and the oldest left out.
    /// </summary>
    public required IReadOnlyList<AgentMessage> Messages { get; init; }

    /// <summary>How many messages were left out to keep to <see cref="MaxInputTokens"/>.</summary>
    public int MessagesLeftOut { get; init; }

    /// <summary>The summary of the compaction before; null when this is the first.</summary>
    public string? PreviousSummary { get; init; }

    /// <summary>The instructions for the summary; null for none. The prompt includes them.</summary>
    public string? Instructions { get; init; }

    /// <summary>How many tokens the summary should have at most.</summary>
    public long BudgetTokens { get; init; }

    /// <summary>How many tokens <see cref="Messages"/> may have, by estimate.</summary>
    public long MaxInputTokens { get; init; }

    /// <summary>1 at first; more when the model refused the input as too long, and got less of it.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// A prompt that is ready to be sent to a model: the task, the sections the summary should have, the previous summary, which is to be
    /// brought up to date, and the conversation as text.
    /// </summary>
    public string Prompt => _prompt.Value;
}
