using System.Collections.Immutable;

namespace Opi;

/// <summary>
/// A context made ready for a provider, before it takes the provider's shape. A call and its results are one step, wherever the results
/// stood; a call without a result gets one, or is left out; a result without a call is left out; nothing is empty.
/// </summary>
internal sealed class Conversation
{
    /// <summary>The result of a call that has none.</summary>
    public const string NoResult = "No result: the tool call was interrupted before it gave one.";

    private const string CompactionPreamble = "Summary of the conversation so far, in place of its earlier messages:";
    private const string BranchPreamble = "Summary of another branch of this conversation, which was left:";

    private readonly RequestLimits _limits;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<Step> _steps = [];
    private readonly List<string> _warnings = [];

    private Conversation(RequestLimits limits) => _limits = limits;

    public IReadOnlyList<Step> Steps => _steps;

    public IReadOnlyList<string> Warnings => _warnings;

    public static Conversation Create(IReadOnlyList<AgentMessage> messages, RequestLimits limits, bool strict)
    {
        var conversation = new Conversation(limits);
        var results = new ResultsOfCalls(messages);
        int lastPrompt = messages.ToList().FindLastIndex(
            message => message is not (AssistantMessage or ToolResultMessage) && conversation.ReadPrompt(message, warn: false).Length > 0);
        for (int i = 0; i < messages.Count; i++)
        {
            switch (messages[i])
            {
                case AssistantMessage answer:
                    conversation.AddAnswer(answer, AnswersAt(i), strict, isRunning: i > lastPrompt);
                    break;
                case ToolResultMessage:
                    break;
                default:
                    if (conversation.ReadPrompt(messages[i], warn: true) is { Length: > 0 } content)
                    {
                        conversation._steps.Add(new Prompt(content));
                    }

                    break;
            }
        }

        conversation.TrimEnd();
        conversation.Warn(results, strict);
        return conversation;

        Func<int, ToolResultMessage?> AnswersAt(int message) => block => results.Of(message, block);
    }

    private ImmutableArray<IInputContent> ReadPrompt(AgentMessage message, bool warn) => message switch
    {
        UserMessage user => ReadInput(user.Content, warn),
        CompactionSummaryMessage summary => Summary(CompactionPreamble, summary.Summary),
        BranchSummaryMessage summary => Summary(BranchPreamble, summary.Summary),
        CustomMessage { IncludeInLlmContext: true } custom => [new TextContent(custom.Text)],
        _ => [],
    };

    private static ImmutableArray<IInputContent> Summary(string preamble, string summary) =>
        string.IsNullOrWhiteSpace(summary) ? [] : [new TextContent($"{preamble}\n\n{summary}")];

    /// <summary>Text and images without blank text; an image that the provider cannot take becomes text that says so.</summary>
    private ImmutableArray<IInputContent> ReadInput(ImmutableArray<IInputContent> content, bool warn)
    {
        var read = ImmutableArray.CreateBuilder<IInputContent>(content.Length);
        foreach (IInputContent block in content)
        {
            if (block is ImageContent image && RequestImage.Of(image) is var asked && !_limits.TakesImage(asked))
            {
                string what = $"{image.MediaType}{(asked.Url is { } url ? $" at {url}" : "")}";
                read.Add(new TextContent($"[image: {what}]"));
                if (warn)
                {
                    _warnings.Add($"The image {what} is sent as its name only: the provider takes {_limits.Images}");
                }
            }
            else if (block is not TextContent { Text: var text } || !string.IsNullOrWhiteSpace(text))
            {
                read.Add(block);
            }
        }

        return read.DrainToImmutable();
    }

    private void AddAnswer(AssistantMessage message, Func<int, ToolResultMessage?> resultOf, bool strict, bool isRunning)
    {
        var content = ImmutableArray.CreateBuilder<IAssistantContent>(message.Content.Length);
        var answered = ImmutableArray.CreateBuilder<CallResult>();
        int calls = 0;
        for (int i = 0; i < message.Content.Length; i++)
        {
            IAssistantContent block = message.Content[i];
            switch (block)
            {
                case ToolCallContent call:
                    bool hasId = call.Id != Reply.CallId(++calls);
                    ToolResultMessage? result = resultOf(i);
                    if (result is not null || !strict)
                    {
                        ToolCallContent sent = call with { Id = NewId(call.Id), Name = Clean(call.Name, "unknown", _limits.LongestName) };
                        content.Add(sent);
                        answered.Add(result is null
                            ? new CallResult(sent, hasId, [new TextContent(NoResult)], IsError: true)
                            : new CallResult(sent, hasId, ReadInput(result.Content, warn: true), result.IsError));
                    }

                    break;
                case TextContent { Text: var text } when string.IsNullOrWhiteSpace(text):
                    break;
                default:
                    content.Add(block);
                    break;
            }
        }

        var answer = new Answer(message, content.DrainToImmutable(), answered.DrainToImmutable(), isRunning);
        if (!_limits.TakesThinking(answer))
        {
            answer = answer with { Content = [.. answer.Content.Where(block => block is not ThinkingContent)] };
        }

        if (answer.Content.Any(block => block is not ThinkingContent))
        {
            _steps.Add(answer);
        }
    }

    /// <summary>The id as the provider takes it, and no other call has: some models count their calls anew in every answer.</summary>
    private string NewId(string id)
    {
        string clean = Clean(id, "call", _limits.LongestId);
        string free = clean;
        for (int number = 2; !_ids.Add(free); number++)
        {
            string ending = $"-{number}";
            free = clean[..Math.Min(clean.Length, _limits.LongestId - ending.Length)] + ending;
        }

        return free;
    }

    private static string Clean(string text, string empty, int longest)
    {
        string clean = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        return clean.Length == 0 ? empty : clean[..Math.Min(clean.Length, longest)];
    }

    private void TrimEnd()
    {
        if (_limits.TrimsEnd && _steps is [.., Answer { Results.Length: 0, Content: [.. var before, TextContent last] } answer])
        {
            _steps[^1] = answer with { Content = [.. before, new TextContent(last.Text.TrimEnd())] };
        }
    }

    private void Warn(ResultsOfCalls results, bool strict)
    {
        if (results.Unanswered.Count > 0)
        {
            bool one = results.Unanswered.Count == 1;
            string sent = (strict, one) switch
            {
                (true, true) => "is left out",
                (true, _) => "are left out",
                (_, true) => "gets one that says so",
                _ => "get one that says so"
            };
            _warnings.Add($"{results.Unanswered.Count} tool call{(one ? " has" : "s have")} no result and {sent}: "
                + Names(results.Unanswered.Select(call => $"{call.Name} ({call.Id})")));
        }

        if (results.Orphans.Count > 0)
        {
            _warnings.Add($"{results.Orphans.Count} tool "
                + $"result{(results.Orphans.Count == 1 ? " belongs to no open call and is" : "s belong to no open call and are")} left out: "
                + Names(results.Orphans.Select(result => $"{result.ToolName} ({result.ToolCallId})")));
        }

        if (_steps.Count == 0)
        {
            _warnings.Add("There is no message to send, and providers refuse a request without one; -Prompt adds one");
        }
    }

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(10)) + (all.Length > 10 ? $" and {all.Length - 10} more" : "");
    }
}
