using Opi.Benchmarks;

namespace Opi.CompactionRun;

/// <summary>A turn of a made-up agent: a request, steps with tool calls side by side and their results, an answer.</summary>
/// <param name="Messages">Its messages, in order.</param>
/// <param name="Marks">What it says that should not be forgotten: requests, files changed, errors.</param>
public sealed record AgentTurn(IReadOnlyList<Message> Messages, IReadOnlyList<string> Marks);

/// <summary>
/// A made-up run of an agent, the same for the same seed. It has what makes compaction hard: calls side by side whose results come in any
/// order, results that come only behind a further message of the user, calls that were interrupted, ids that are used again, giant
/// results, and turns of many steps.
/// </summary>
public sealed class AgentRun(int seed)
{
    private const int LongTurnTokens = 7_000; // no further step begins beyond
    private const int GiantCharacters = 85_000;

    private static readonly string[] Readers = ["read", "grep", "bash"];
    private static readonly string[] Writers = ["edit", "write"];

    private readonly TextSource _text = new(seed);
    private int _requests;
    private int _errors;
    private int _calls;

    /// <summary>The turns, one after the other.</summary>
    public IEnumerable<AgentTurn> Turns(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return Turn();
        }
    }

    private AgentTurn Turn()
    {
        var messages = new List<Message>();
        var marks = new List<string>();
        long tokens = Add(messages, Request(marks, _text.Size(40, 900)));
        bool numbersAnew = _text.Chance(5);
        for (int step = _text.Size(1, 9); step > 0 && tokens < LongTurnTokens; step--)
        {
            int calls = _text.Chance(40) ? 1 + _text.Next(4) : 1;
            var content = new List<IAssistantContent>();
            if (_text.Chance(30))
            {
                content.Add(new ThinkingContent(_text.Prose(_text.Size(40, 400))));
            }

            if (_text.Chance(50))
            {
                content.Add(new TextContent(_text.Prose(_text.Size(20, 300))));
            }

            var open = new List<(ToolCallContent Call, string File)>();
            for (int call = 1; call <= calls; call++)
            {
                string file = $"src/f{_text.Next(4000):0000}.cs";
                string tool = _text.Chance(25) ? _text.Pick(Writers) : _text.Pick(Readers);
                open.Add((new ToolCallContent(numbersAnew ? $"call-{call}" : $"toolu_{++_calls:000000}", tool, Arguments(tool, file)), file));
            }

            content.AddRange(open.Select(call => call.Call));
            tokens += Add(messages, Answer(content, StopReason.ToolUse));
            bool interrupted = _text.Chance(1);
            bool late = open.Count > 1 && _text.Chance(3);
            while (open.Count > (interrupted ? 1 : 0))
            {
                if (late && open.Count == 1)
                {
                    tokens += Add(messages, Request(marks, 60)); // the user says something while a tool runs
                    late = false;
                }

                int next = _text.Next(open.Count);
                tokens += Add(messages, Result(open[next].Call, open[next].File, marks, tokens));
                open.RemoveAt(next);
            }

            if (interrupted)
            {
                return new AgentTurn(messages, marks);
            }
        }

        Add(messages, Answer([new TextContent(_text.Prose(_text.Size(40, 1_500)))], StopReason.Stop));
        return new AgentTurn(messages, marks);
    }

    private static long Add(List<Message> messages, Message message)
    {
        messages.Add(message);
        return message.Text.Length / 3; // roughly, and so that the run does not change when the estimate of tokens is made better
    }

    private UserMessage Request(List<string> marks, int length)
    {
        string mark = $"R{++_requests:00000}";
        marks.Add(mark);
        return new UserMessage($"{mark}: {_text.Prose(length)}", 1_000);
    }

    private ToolResultMessage Result(ToolCallContent call, string file, List<string> marks, long tokens)
    {
        if (_text.Chance(6))
        {
            string mark = $"E{++_errors:00000}";
            marks.Add(mark);
            return new ToolResultMessage(call.Id, call.Name, [new TextContent($"error {mark}: {_text.Prose(60)}")], 3_000) { IsError = true };
        }

        if (Writers.Contains(call.Name))
        {
            marks.Add(file);
        }

        int length = tokens < 2_000 && _text.Next(300) == 0 ? GiantCharacters : _text.Size(30, 4_000);
        return new ToolResultMessage(call.Id, call.Name, [new TextContent(_text.Code(length))], 3_000);
    }

    private string Arguments(string tool, string file) => tool switch
    {
        "bash" => $$"""{"command":"dotnet test --filter {{_text.Next(1000)}}"}""",
        "grep" => $$"""{"pattern":"f{{_text.Next(1000)}}","path":"src"}""",
        "write" => $$"""{"file_path":"{{file}}","content":"{{new string('x', _text.Size(20, 400))}}"}""",
        _ => $$"""{"path":"{{file}}"}""",
    };

    private static AssistantMessage Answer(IEnumerable<IAssistantContent> content, StopReason reason) =>
        new(content, "anthropic", "claude-sonnet-4-5", 2_000) { StopReason = reason };
}
