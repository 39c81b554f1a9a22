namespace Opi;

/// <summary>
/// What a page has to know of a session's messages before it writes the first one: the turns with their tokens and costs, and which result is
/// of which call.
/// </summary>
internal sealed class TranscriptPlan(ExportContent content)
{
    private const int PromptLength = 90;

    private readonly UsagePricer _pricer = new(PricingCatalog.Default);
    private readonly List<TranscriptTurn> _turns = [];
    private readonly Dictionary<int, TranscriptTurn> _begun = [];
    private readonly Dictionary<string, Queue<(int Message, int Call)>> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Message, int Call), int> _results = [];
    private readonly Dictionary<int, (int Message, int Call)> _calls = [];
    private readonly Dictionary<int, ReportAmount> _costs = [];
    private int _messages;
    private int _prompts;

    /// <summary>The turns, in the order of the page. The first one has number 0 where an answer comes before any prompt.</summary>
    public IReadOnlyList<TranscriptTurn> Turns => _turns;

    /// <summary>Whether any answer has its tokens. A session of another agent may have none.</summary>
    public bool HasUsage { get; private set; }

    /// <summary>Whether a summary replaces messages.</summary>
    public bool IsCompacted { get; private set; }

    /// <summary>The turn that begins with a message; null for none.</summary>
    /// <param name="message">The number of the message on the page, from 1.</param>
    public TranscriptTurn? TurnAt(int message) => _begun.GetValueOrDefault(message);

    /// <summary>The message that has the result of a call; null when there is none.</summary>
    /// <param name="message">The message of the call.</param>
    /// <param name="call">Its number in the message, from 1.</param>
    public int? ResultOf(int message, int call) => _results.TryGetValue((message, call), out int result) ? result : null;

    /// <summary>The call that a message has the result of; null when it is not on the page.</summary>
    public (int Message, int Call)? CallOf(int message) => _calls.TryGetValue(message, out (int, int) call) ? call : null;

    /// <summary>What an answer cost.</summary>
    /// <param name="message">The number of its message on the page.</param>
    public ReportAmount CostOf(int message) => _costs[message];

    /// <summary>Takes the next message.</summary>
    public void Add(AgentMessage message)
    {
        if (!content.Includes(message) || message is CustomMessage)
        {
            return;
        }

        _messages++;
        IsCompacted |= message is CompactionSummaryMessage or BranchSummaryMessage;
        if (message is UserMessage prompt)
        {
            _begun.Add(_messages, Begin(++_prompts, Excerpt(content.Text(prompt.Text))));
        }
        else if (message is AssistantMessage && _turns.Count == 0)
        {
            Begin(0, "");
        }

        if (_turns.Count == 0)
        {
            return;
        }

        TranscriptTurn turn = _turns[^1];
        turn.Note(message);
        switch (message)
        {
            case AssistantMessage answer:
                HasUsage |= answer.Usage.IsKnown;
                UsageCost cost = _pricer.CostOf(answer);
                turn.Add(answer, _costs[_messages] = new(cost.Known, cost.IsComplete && answer.Usage.IsKnown));
                NoteCalls(answer);
                break;
            case ToolResultMessage result when _open.TryGetValue(result.ToolCallId, out Queue<(int, int)>? calls) && calls.Count > 0:
                // A provider may use an id again; a second result of a call is of that call too.
                (int, int) call = calls.Count > 1 ? calls.Dequeue() : calls.Peek();
                _results.TryAdd(call, _messages);
                _calls.Add(_messages, call);
                break;
        }
    }

    private void NoteCalls(AssistantMessage answer)
    {
        int number = 0;
        foreach (ToolCallContent call in content.Blocks(answer).OfType<ToolCallContent>())
        {
            number++;
            if (!_open.TryGetValue(call.Id, out Queue<(int Message, int Call)>? calls))
            {
                _open.Add(call.Id, calls = new());
            }

            while (calls.TryPeek(out (int Message, int Call) earlier) && _results.ContainsKey(earlier))
            {
                calls.Dequeue(); // it has its result
            }

            calls.Enqueue((_messages, number));
        }
    }

    private TranscriptTurn Begin(int number, string prompt)
    {
        var turn = new TranscriptTurn(number, _messages, prompt);
        _turns.Add(turn);
        return turn;
    }

    private static string Excerpt(string text)
    {
        string line = string.Join(' ', text[..Math.Min(text.Length, PromptLength * 4)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= PromptLength)
        {
            return line;
        }

        int end = char.IsHighSurrogate(line[PromptLength - 1]) ? PromptLength - 1 : PromptLength;
        return line[..end] + "\u2026";
    }
}
