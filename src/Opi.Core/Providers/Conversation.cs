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

    /// <summary>The warning of a request that has nothing to ask.</summary>
    internal const string NoMessage = "There is no message to send, and providers refuse a request without one";

    private readonly RequestLimits _limits;
    private readonly RequestTarget _target;
    private readonly string _dataName;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<Step> _steps = [];
    private readonly List<string> _warnings = [];
    private int _failed;

    private Conversation(ProviderShape shape, RequestOptions options)
    {
        _target = new RequestTarget(shape, options.Model);
        _limits = shape.LimitsFor(_target.Provider);
        _dataName = shape.DataName;
        Options = options;
    }

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The name of who gets the request, for example openai or mistral.</summary>
    public string Provider => _target.Provider;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The one of the warnings that says that calls have no result; null when all have one.</summary>
    public string? UnansweredWarning { get; private set; }

    /// <summary>The one of the warnings that says that answers which failed are left out; null when there are none.</summary>
    public string? FailedWarning { get; private set; }

    public RequestOptions Options { get; }

    /// <summary>The model that gets the request, without its provider; empty when not known.</summary>
    public string Model => _target.Model;

    public string ToolName(string name) => Clean(name, "unknown", _limits.LongestName, _limits.TakesInName);

    /// <summary>Notes that halves of what a tool at the provider was asked and gave are sent as text.</summary>
    /// <param name="count">How many.</param>
    /// <param name="name">What the provider calls one.</param>
    public void WarnOfHalves(int count, string name)
    {
        if (count > 0)
        {
            _warnings.Add(count == 1
                ? $"1 {name} of a tool that ran at the provider lacks its other half and is sent as text"
                : $"{count} {name}s of tools that ran at the provider lack their other halves and are sent as text");
        }
    }

    public static Conversation Create(IReadOnlyList<AgentMessage> messages, ProviderShape shape, RequestOptions options)
    {
        var conversation = new Conversation(shape, options);
        bool strict = options.Strict;
        var results = new ResultsOfCalls(messages);
        int lastPrompt = messages.ToList().FindLastIndex(
            message => message is not (AssistantMessage or ToolResultMessage) && conversation.ReadPrompt(message, warn: false).Length > 0);
        for (int i = 0; i < messages.Count; i++)
        {
            switch (messages[i])
            {
                case AssistantMessage { StopReason: StopReason.Error or StopReason.Refusal } failed
                    when !options.IncludeErrors && !HasResult(failed, AnswersAt(i)):
                    conversation._failed++;
                    break;
                case AssistantMessage answer:
                    conversation.AddAnswer(answer, AnswersAt(i), strict, isRunning: i > lastPrompt);
                    break;
                case ToolResultMessage:
                    break;
                default:
                    if (conversation.ReadPrompt(messages[i], warn: true) is { Length: > 0 } content)
                    {
                        conversation.AddPrompt(content, messages[i] is SystemMessage);
                    }

                    break;
            }
        }

        conversation.Warn(results, strict);
        return conversation;

        Func<int, ToolResultMessage?> AnswersAt(int message) => block => results.Of(message, block);

        static bool HasResult(AssistantMessage answer, Func<int, ToolResultMessage?> resultOf) =>
            Enumerable.Range(0, answer.Content.Length).Any(block => resultOf(block) is not null);
    }

    /// <summary>What the system says is the user's, in tags, where the provider takes the system's words at the beginning only.</summary>
    private void AddPrompt(ImmutableArray<IInputContent> content, bool isSystem)
    {
        var prompt = new Prompt(content) { IsSystem = isSystem };
        _steps.Add(!isSystem || _limits.TakesSystem ? prompt : new Prompt([.. prompt.AsUser]));
    }

    private ImmutableArray<IInputContent> ReadPrompt(AgentMessage message, bool warn) => message switch
    {
        UserMessage user => ReadInput(user.Content, warn),
        SystemMessage system => ReadInput(system.Content, warn),
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
            else if (block is DocumentContent document && !_limits.TakesDocument(document))
            {
                read.Add(new TextContent(document.Text is { } words ? $"{document}\n{words}" : document.ToString()));
                if (warn && document.Text is null)
                {
                    _warnings.Add($"The document {document.Name ?? document.MediaType} is sent as its name only: the provider does not take it");
                }
            }
            else if (block is OpaqueContent opaque && Own(opaque.Data, isOwn: true) is null)
            {
                if (opaque.StandIn.Length > 0)
                {
                    read.Add(new TextContent(opaque.StandIn));
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
        bool isOwn = _target.Made(message);
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
                        ToolCallContent sent = call with
                        {
                            ProviderData = Own(call.ProviderData, isOwn),
                            Id = NewId(call.Id, isMakers: isOwn && (message.ResponseModel ?? message.ResponseId) is not null),
                            Name = ToolName(call.Name),
                        };
                        content.Add(sent);
                        answered.Add(result is null
                            ? new CallResult(sent, hasId, [new TextContent(NoResult)], IsError: true)
                            : new CallResult(sent, hasId, ReadInput(result.Content, warn: true), result.IsError)
                            {
                                ProviderData = Own(result.ProviderData, isOwn: true),
                            });
                    }
                    else
                    {
                        LeftOut(content);
                    }

                    break;
                case OpaqueContent opaque when Own(opaque.Data, isOwn) is null:
                    if (opaque.StandIn.Length > 0)
                    {
                        content.Add(new TextContent(opaque.StandIn));
                    }
                    else
                    {
                        LeftOut(content);
                    }

                    break;
                case ThinkingContent { Signature: not null, ProviderData: { } data } when isOwn && Own(data, isOwn) is null:
                    break; // signed in another protocol of the same provider
                case TextContent text:
                    ProviderData? beside = Own(text.ProviderData, isOwn);
                    if (beside is not null || !string.IsNullOrWhiteSpace(text.Text))
                    {
                        content.Add(text with { ProviderData = beside });
                    }
                    else
                    {
                        LeftOut(content);
                    }

                    break;
                default:
                    content.Add(block);
                    break;
            }
        }

        var answer = new Answer(message, content.DrainToImmutable(), answered.DrainToImmutable(), isRunning)
        {
            IsOwn = isOwn,
            IsSameModel = _target.SameModel(message),
        };
        if (!_limits.TakesThinking(answer))
        {
            answer = answer with { Content = [.. answer.Content.Where(block => block is not ThinkingContent)] };
        }

        if (answer.Content.Any(block => block is not ThinkingContent))
        {
            _steps.Add(answer);
        }
    }

    /// <summary>Takes back the thinking that led to a block that is left out.</summary>
    private void LeftOut(ImmutableArray<IAssistantContent>.Builder content)
    {
        while (_limits.ThinkingNeedsNext && content is [.., ThinkingContent])
        {
            content.RemoveAt(content.Count - 1);
        }
    }

    /// <summary>What may go back of a provider's data: all of it to the protocol that it is of, nothing to another.</summary>
    private ProviderData? Own(ProviderData? data, bool isOwn) => isOwn && data?.Shape == _dataName ? data : null;

    /// <summary>
    /// An id that the provider takes and no other call has: some models number their calls from the start in every answer. An id of the
    /// provider's own goes back as it is: some read the name and the number of the call in it.
    /// </summary>
    private string NewId(string id, bool isMakers)
    {
        if (isMakers && id.Length > 0 && _ids.Add(id))
        {
            return id;
        }

        if (_limits.MakeId is { } make)
        {
            int tries = 1;
            string made = make(id, tries);
            while (!_ids.Add(made))
            {
                made = make(id, ++tries);
            }

            return made;
        }

        string clean = Clean(id, "call", _limits.LongestId);
        string free = clean;
        for (int number = 2; !_ids.Add(free); number++)
        {
            string ending = $"-{number}";
            free = clean[..Math.Min(clean.Length, _limits.LongestId - ending.Length)] + ending;
        }

        return free;
    }

    private static string Clean(string text, string empty, int longest, Func<char, bool>? takes = null)
    {
        string clean = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || takes?.Invoke(c) == true ? c : '_'));
        return clean.Length == 0 ? empty : clean[..Math.Min(clean.Length, longest)];
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
            UnansweredWarning = $"{results.Unanswered.Count} tool call{(one ? " has" : "s have")} no result and {sent}: "
                + Names(results.Unanswered.Select(call => $"{call.Name} ({call.Id})"));
            _warnings.Add(UnansweredWarning);
        }

        if (results.Orphans.Count > 0)
        {
            _warnings.Add($"{results.Orphans.Count} tool "
                + $"result{(results.Orphans.Count == 1 ? " belongs to no open call and is" : "s belong to no open call and are")} left out: "
                + Names(results.Orphans.Select(result => $"{result.ToolName} ({result.ToolCallId})")));
        }

        if (_failed > 0)
        {
            FailedWarning = _failed == 1
                ? "1 answer that failed or was refused is left out"
                : $"{_failed} answers that failed or were refused are left out";
            _warnings.Add(FailedWarning);
        }

        if (_steps.Count == 0)
        {
            _warnings.Add(NoMessage);
        }
    }

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(10)) + (all.Length > 10 ? $" and {all.Length - 10} more" : "");
    }
}
