using System.Text.Json;

namespace Opi;

/// <summary>Gathers the messages that are read from a request.</summary>
/// <param name="provider">The name of the provider; empty when the shape does not say.</param>
/// <param name="model">The model that was asked, as <c>provider:model</c>; null when not known.</param>
/// <param name="timestampMs">The time of the messages.</param>
internal sealed class RequestReader(string provider, string? model, long timestampMs)
{
    private readonly List<Message> _messages = [];
    private readonly List<ToolCallContent> _open = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private Reply? _answer;

    /// <summary>The messages; nothing is read after that.</summary>
    public IReadOnlyList<Message> Messages
    {
        get
        {
            EndAnswer();
            return _messages;
        }
    }

    /// <summary>What has no place in a message, a line each.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. _leftOut.Select(
            left => $"Left out, because a message has no place for it: {left.Key}{(left.Value > 1 ? $" ({left.Value} times)" : "")}")];

    /// <summary>An answer, to which the caller adds its content.</summary>
    public Reply BeginAnswer()
    {
        EndAnswer();
        return GoOnAnswer();
    }

    /// <summary>The answer that was begun, or a new one.</summary>
    public Reply GoOnAnswer() => _answer ??= new Reply(provider);

    public bool HasMessages => _messages.Count > 0 || _answer is { HasContent: true };

    public bool HasCall(string? id) => id is not null && (_names.ContainsKey(id) || _answer?.HasCall(id) == true);

    public void AddUser(IReadOnlyList<IInputContent> content, bool isSystem = false)
    {
        EndAnswer();
        if (content.Count > 0 && content is not [TextContent { Text: AlternatingMessages.Opening }])
        {
            _messages.Add(isSystem ? new SystemMessage(content, timestampMs) : new UserMessage(content, timestampMs));
        }
    }

    /// <summary>Adds a result. Without an id it is of the first call without a result, of its name if it has one.</summary>
    public void AddResult(string? id, string? name, IReadOnlyList<IInputContent> content, bool isError, ProviderData? data = null)
    {
        EndAnswer();
        ToolCallContent? call = id is null ? _open.Find(open => name is null || open.Name == name) : _open.Find(open => open.Id == id);
        if (call is not null)
        {
            _open.Remove(call);
        }

        string callId = id ?? call?.Id ?? "";
        _messages.Add(
            new ToolResultMessage(callId, call?.Name ?? name ?? _names.GetValueOrDefault(callId, ""), content, timestampMs)
            {
                IsError = isError,
                ProviderData = data,
            });
    }

    public static IEnumerable<IInputContent> ReadText(string? text) => string.IsNullOrEmpty(text) ? [] : [new TextContent(text)];

    public IEnumerable<IInputContent> ReadImage(RequestImage image) =>
        image.ToContent() is { } content ? [content] : LeftOut($"image of type '{image.MediaType}'");

    public IEnumerable<IInputContent> LeftOut(string? what)
    {
        what ??= "content of unknown kind";
        _leftOut[what] = _leftOut.GetValueOrDefault(what) + 1;
        return [];
    }

    private void EndAnswer()
    {
        if (_answer is not { HasContent: true } answer)
        {
            _answer = null;
            return;
        }

        answer.Stop(null, [], [], []);
        AssistantMessage message = answer.ToMessage(model, timestampMs);
        message = message with
        {
            ResponseModel = null,
            Content = [.. message.Content.Select(block => block is ToolCallContent call ? call with { Arguments = Unwrap(call.Arguments) } : block)]
        };
        foreach (string kind in message.NotKept)
        {
            LeftOut(kind);
        }

        message = message with { NotKept = [] };
        _answer = null;
        _open.Clear();
        foreach (ToolCallContent call in message.ToolCalls)
        {
            _open.Add(call);
            _names[call.Id] = call.Name;
        }

        _messages.Add(message);
    }

    /// <summary>Arguments that were not a JSON object, as they were.</summary>
    private static string Unwrap(string arguments) =>
        arguments.Contains(ProviderShape.RawArguments, StringComparison.Ordinal)
        && ReplyJson.TryParse(arguments) is { ValueKind: JsonValueKind.Object } value
        && value.EnumerateObject().ToArray() is [{ Name: ProviderShape.RawArguments, Value.ValueKind: JsonValueKind.String } raw]
            ? raw.Value.GetString()!
            : arguments;
}
