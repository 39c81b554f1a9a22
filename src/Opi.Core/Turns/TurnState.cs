namespace Opi;

/// <summary>What a conversation needs next, by its messages: however a turn ended, it continues from here.</summary>
/// <param name="Stage">What it needs next.</param>
/// <param name="Answer">The last answer that counts; null before the first.</param>
/// <param name="OpenCalls">The calls of that answer which have no result.</param>
internal sealed record TurnState(TurnStage Stage, AssistantMessage? Answer, IReadOnlyList<ToolCallContent> OpenCalls)
{
    private readonly ValueList<ToolCallContent> _openCalls = new(OpenCalls);

    /// <summary>The calls of that answer which have no result.</summary>
    public IReadOnlyList<ToolCallContent> OpenCalls { get => _openCalls.Items; init => _openCalls = new(value); }

    /// <summary>Reads it from a context.</summary>
    public static TurnState Of(IReadOnlyList<AgentMessage> messages)
    {
        int last = messages.Count - 1;
        while (last >= 0 && messages[last] is SystemMessage or AssistantMessage { StopReason: StopReason.Error })
        {
            last--; // what the system says asks nothing, and an answer that failed answers nothing
        }

        int at = last;
        while (at >= 0 && messages[at] is not (AssistantMessage or UserMessage))
        {
            at--;
        }

        var answer = at >= 0 ? messages[at] as AssistantMessage : null;
        ToolCallContent[] open = answer is null ? [] : OpenCallsOf(answer, at, new ResultsOfCalls(messages));
        TurnStage stage = last < 0 ? TurnStage.Empty
            : open.Length > 0 && messages[last] is AssistantMessage or ToolResultMessage ? TurnStage.CallsOpen
            : messages[last] switch
            {
                AssistantMessage { StopReason: StopReason.PauseTurn or StopReason.Compaction } => TurnStage.Unsent,
                AssistantMessage => TurnStage.Done,
                UserMessage or ToolResultMessage or CustomMessage { IncludeInLlmContext: true } => TurnStage.Unsent,
                _ => TurnStage.Empty,
            };
        return new TurnState(stage == TurnStage.CallsOpen && open.Length == 0 ? TurnStage.Unsent : stage, answer, open);
    }

    /// <summary>Whether the messages' last prompt, which has no final answer yet, is this one: it is not to be asked a second time.</summary>
    public bool IsOpenWith(IReadOnlyList<Message> prompt, IReadOnlyList<AgentMessage> messages)
    {
        if (Stage is TurnStage.Empty or TurnStage.Done || prompt.Count == 0)
        {
            return false;
        }

        int at = messages.Count - 1;
        while (at >= 0 && messages[at] is not UserMessage)
        {
            at--;
        }

        int first = at - prompt.Count + 1;
        return at >= 0 && first >= 0 && Enumerable.Range(0, prompt.Count).All(i => messages[first + i] is Message known
            && prompt[i] with { TimestampMs = known.TimestampMs } == known);
    }

    private static ToolCallContent[] OpenCallsOf(AssistantMessage answer, int at, ResultsOfCalls results) =>
    [
        .. answer.Content.Select((block, place) => (block, place))
            .Where(item => item.block is ToolCallContent && results.Of(at, item.place) is null)
            .Select(item => (ToolCallContent)item.block),
    ];
}
