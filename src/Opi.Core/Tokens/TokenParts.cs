namespace Opi;

/// <summary>The tokens of a context by what they are spent on.</summary>
/// <param name="User">What the user said.</param>
/// <param name="Assistant">What the model answered, in text.</param>
/// <param name="Thinking">What it thought.</param>
/// <param name="ToolCalls">Tool calls: name and arguments.</param>
/// <param name="ToolResults">The results of tools, as text.</param>
/// <param name="Images">Images of users and tools.</param>
/// <param name="Summary">Summaries of messages that left the context.</param>
internal readonly record struct TokenParts(
    long User = 0, long Assistant = 0, long Thinking = 0, long ToolCalls = 0, long ToolResults = 0, long Images = 0, long Summary = 0)
{
    public long Total => User + Assistant + Thinking + ToolCalls + ToolResults + Images + Summary;

    /// <summary>The parts of both, each with its like.</summary>
    public static TokenParts operator +(TokenParts left, TokenParts right) => new(
        left.User + right.User,
        left.Assistant + right.Assistant,
        left.Thinking + right.Thinking,
        left.ToolCalls + right.ToolCalls,
        left.ToolResults + right.ToolResults,
        left.Images + right.Images,
        left.Summary + right.Summary);
}
