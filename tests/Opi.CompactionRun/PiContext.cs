using System.Text;

namespace Opi.CompactionRun;

/// <summary>
/// The rule of pi 1.5: from the newest message back until 20,000 tokens (characters / 4) are reached, then later to the next message that is of
/// the user or the model. The summary is a model's, made of all that leaves with results cut to 2,000 characters, and of the summary
/// before; behind it the files that read, write and edit were called for.
/// </summary>
/// <param name="limit">The tokens above which a context is compacted.</param>
/// <param name="keepRecentTokens">How much stays; pi's own default is 20,000.</param>
/// <param name="summarize">The model: it makes a summary of a text within a budget. Null for the summary of <see cref="StandInModel"/>.</param>
internal sealed class PiContext(long limit, long keepRecentTokens = 20_000, Func<string, long, string>? summarize = null) : ICompactedContext
{
    private const int ResultCharacters = 2_000;
    private const long SummaryTokens = OpiCompactionPolicy.DefaultBudgetTokens;

    private List<AgentMessage> _messages = [];
    private long _tokens;
    private readonly SortedSet<string> _read = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private string? _notes;

    public IReadOnlyList<AgentMessage> Messages => _messages;

    public bool Add(IReadOnlyList<Message> turn)
    {
        _messages = [.. _messages, .. turn];
        _tokens += turn.Sum(TokenEstimator.Default.Estimate);
        if (_tokens <= limit)
        {
            return false;
        }

        int first = _messages[0] is CompactionSummaryMessage ? 1 : 0;
        int cut = Cut(first);
        if (cut <= first)
        {
            return false;
        }

        IReadOnlyList<AgentMessage> leaving = _messages[first..cut];
        var input = new StringBuilder(_notes);
        foreach (AgentMessage message in leaving)
        {
            Serialize(input, message);
        }

        _notes = (summarize ?? StandInModel.Summarize)(input.ToString(), SummaryTokens);
        string files = $"\n<read-files>\n{string.Join('\n', _read.Except(_changed))}\n</read-files>\n<modified-files>\n{string.Join('\n', _changed)}\n</modified-files>";
        _messages = [new CompactionSummaryMessage(_notes + files, "", 0, 0), .. _messages[cut..]];
        _tokens = _messages.Sum(TokenEstimator.Default.Estimate);
        return true;
    }

    private int Cut(int first)
    {
        long tokens = 0;
        int at = _messages.Count - 1;
        while (at > first && (tokens += Estimate(_messages[at])) < keepRecentTokens)
        {
            at--;
        }

        int later = _messages.FindIndex(at, IsCut);
        return later >= 0 ? later : _messages.FindLastIndex(IsCut);
    }

    private static bool IsCut(AgentMessage message) => message is UserMessage or AssistantMessage;

    private static long Estimate(AgentMessage message) => message switch
    {
        AssistantMessage answer => Tokens(answer.Content.Sum(block => block switch
        {
            TextContent text => text.Text.Length,
            ThinkingContent thinking => thinking.Thinking.Length,
            ToolCallContent call => call.Name.Length + call.Arguments.Length,
            _ => 0,
        })),
        _ => Tokens(message.Text.Length),
    };

    private static long Tokens(int characters) => (characters + 3) / 4;

    private void Serialize(StringBuilder input, AgentMessage message)
    {
        switch (message)
        {
            case UserMessage:
                input.Append("[User]: ").Append(message.Text).Append('\n');
                break;
            case AssistantMessage answer:
                input.Append("[Assistant]: ").Append(answer.Text).Append('\n');
                foreach (ToolCallContent call in answer.ToolCalls)
                {
                    input.Append(call.Name).Append('(').Append(call.Arguments).Append(")\n");
                    Note(call);
                }

                break;
            default:
                input.Append("[Tool result]: ").Append(message.Text.AsSpan(0, Math.Min(message.Text.Length, ResultCharacters))).Append('\n');
                break;
        }
    }

    private void Note(ToolCallContent call)
    {
        const string Before = "\"path\":\""; // a string named path, and no other name
        int at = call.Arguments.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        if (at >= Before.Length && call.Name is "read" or "write" or "edit")
        {
            (call.Name == "read" ? _read : _changed).Add(call.Arguments[at..call.Arguments.IndexOf('"', at)]);
        }
    }
}
