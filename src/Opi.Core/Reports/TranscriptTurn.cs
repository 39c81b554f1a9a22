namespace Opi;

/// <summary>A turn of a session as a page shows it: a prompt and all that came of it.</summary>
/// <param name="number">Its number, from 1; 0 for what came before the first prompt.</param>
/// <param name="message">The number of its first message on the page.</param>
/// <param name="prompt">The beginning of the prompt.</param>
internal sealed class TranscriptTurn(int number, int message, string prompt)
{
    private TimeSpan? _took;

    /// <summary>Its number, from 1; 0 for what came before the first prompt.</summary>
    public int Number { get; } = number;

    /// <summary>The number of its first message on the page.</summary>
    public int Message { get; } = message;

    /// <summary>The beginning of the prompt.</summary>
    public string Prompt { get; } = prompt;

    /// <summary>When its first message was made; null when not known.</summary>
    public DateTimeOffset? Begun { get; private set; }

    /// <summary>When its last message was made; null when not known.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>How long it took, or all the turns of a sum together; null when not known.</summary>
    public TimeSpan? Took => _took ?? (Ended >= Begun ? Ended - Begun : null);

    /// <summary>How many tools were called.</summary>
    public int Calls { get; private set; }

    /// <summary>How many answers it has.</summary>
    public int Answers { get; private set; }

    /// <summary>The tokens of its answers.</summary>
    public Usage Usage { get; private set; } = Usage.Unknown;

    /// <summary>What they cost, as far as it is known.</summary>
    public ReportAmount Cost { get; private set; } = ReportAmount.None;

    /// <summary>Notes when one of its messages was made.</summary>
    public void Note(AgentMessage message)
    {
        if (message is Message { TimestampMs: > 0 and var time })
        {
            DateTimeOffset? at = WireTime.FromUnixMilliseconds(time);
            Begun ??= at;
            Ended = at ?? Ended;
        }
    }

    /// <summary>Adds another turn: this one is a sum of turns.</summary>
    public void Add(TranscriptTurn turn)
    {
        Answers += turn.Answers;
        Calls += turn.Calls;
        Usage += turn.Usage;
        Cost += turn.Cost;
        _took = (_took ?? TimeSpan.Zero) + (turn.Took ?? TimeSpan.Zero);
    }

    /// <summary>Adds an answer.</summary>
    public void Add(AssistantMessage answer, ReportAmount cost)
    {
        Answers++;
        Calls += answer.Content.Count(block => block is ToolCallContent);
        Usage += answer.Usage;
        Cost += cost;
    }
}
