namespace Opi;

/// <summary>
/// Which result belongs to which call. A result answers the newest call before it that has its id and no result yet, because some models
/// number their calls from the start in every answer.
/// </summary>
internal sealed class ResultsOfCalls
{
    private readonly Dictionary<(int Message, int Block), ToolResultMessage> _results = [];
    private readonly List<Place> _open = [];
    private readonly List<ToolResultMessage> _orphans = [];

    /// <summary>Finds them in a context.</summary>
    public ResultsOfCalls(IReadOnlyList<AgentMessage> messages)
    {
        for (int i = 0; i < messages.Count; i++)
        {
            switch (messages[i])
            {
                case AssistantMessage answer:
                    _open.AddRange(answer.Content.Select((block, place) => (block, place)).Where(at => at.block is ToolCallContent)
                        .Select(at => new Place(i, at.place, (ToolCallContent)at.block)));
                    break;
                case ToolResultMessage result:
                    Answer(result);
                    break;
            }
        }
    }

    /// <summary>The calls without a result, in their order.</summary>
    public IReadOnlyList<ToolCallContent> Unanswered => [.. _open.Select(place => place.Call)];

    /// <summary>The results without a call, or with one that has a result, in their order.</summary>
    public IReadOnlyList<ToolResultMessage> Orphans => _orphans;

    /// <summary>The result of the call in a block of a message; null when it has none.</summary>
    public ToolResultMessage? Of(int message, int block) => _results.GetValueOrDefault((message, block));

    private void Answer(ToolResultMessage result)
    {
        int newest = _open.FindLast(IsOf)?.Message ?? -1;
        if (_open.Find(place => place.Message == newest && IsOf(place)) is { } call)
        {
            _results.Add((call.Message, call.Block), result);
            _open.Remove(call);
        }
        else
        {
            _orphans.Add(result);
        }

        // Gemini and Ollama give no ids: a result may name its tool alone.
        bool IsOf(Place place) => place.Call.Id == result.ToolCallId || (result.ToolCallId.Length == 0 && place.Call.Name == result.ToolName);
    }

    private sealed record Place(int Message, int Block, ToolCallContent Call);
}
