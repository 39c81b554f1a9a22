using System.Text.Json;

namespace Opi.Tests;

/// <summary>A clock whose waits end at once and move it on, so that a test sees how long was waited.</summary>
internal sealed class InstantTime : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero).Ticks;

    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override long GetTimestamp() => _ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        _ticks += dueTime.Ticks;
        return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

/// <summary>A sender whose steps are given. Each gets the request and gives pieces, or throws.</summary>
internal sealed class FakeSender(params Func<TurnRequest, IEnumerable<TurnPiece>>[] steps) : ITurnSender
{
    public List<TurnRequest> Requests { get; } = [];

    public void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        Assert.True(Requests.Count <= steps.Length, $"request {Requests.Count} was not expected");
        foreach (TurnPiece piece in steps[Requests.Count - 1](request))
        {
            received(piece);
        }
    }
}

/// <summary>Tools that are functions of their arguments.</summary>
internal sealed class FakeTools(Func<ToolCallContent, string?> run) : ITurnTools
{
    public List<string> Ran { get; } = [];

    public InterruptedCall Interrupted { get; init; }

    public IReadOnlyList<ToolDefinition> Definitions { get; } =
        [new("weather", "The weather of a city.", """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")];

    public InterruptedCall OnInterrupted(string name) => Interrupted;

    public void Run(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken)
    {
        foreach (ToolCallContent call in calls)
        {
            Ran.Add(call.Id);
            if (run(call) is { } text)
            {
                done(new ToolResultMessage(call.Id, call.Name, [new TextContent(text)], 0));
            }
        }
    }
}

/// <summary>Replies of Anthropic as senders give them.</summary>
internal static class TurnReplies
{
    public static TurnPiece Text(string text, string stop = "end_turn", int input = 100, int output = 10) => Message(
        $$$"""{"type":"text","text":{{{JsonSerializer.Serialize(text)}}}}""", stop, input, output);

    public static TurnPiece Calls(params string[] ids) => Message(
        string.Join(',', ids.Select(id => $$$"""{"type":"tool_use","id":"{{{id}}}","name":"weather","input":{"city":"Oslo"}}""")), "tool_use", 100, 10);

    private static TurnPiece Message(string content, string stop, int input, int output) => Of(
        """{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4","content":["""
            + content
            + $$$"""],"stop_reason":"{{{stop}}}","usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}}}}""");

    public static TurnPiece Of(string json) => new(JsonSerializer.Deserialize<JsonElement>(json));

    public static TurnPiece Line(string line) => new(JsonSerializer.SerializeToElement(line));

    public static SendFailedException Failed(int status, string? body = null, TimeSpan? retryAfter = null) => new($"the server said {status}")
    {
        Status = status,
        RetryAfter = retryAfter,
        Body = body is null ? null : JsonSerializer.Deserialize<JsonElement>(body),
    };

    public static Func<TurnRequest, IEnumerable<TurnPiece>> Gives(params TurnPiece[] pieces) => _ => pieces;

    public static Func<TurnRequest, IEnumerable<TurnPiece>> Throws(Exception error, params TurnPiece[] before)
    {
        return _ => Pieces();

        IEnumerable<TurnPiece> Pieces()
        {
            foreach (TurnPiece piece in before)
            {
                yield return piece;
            }

            throw error;
        }
    }
}

/// <summary>A session and the turns that run on it.</summary>
internal sealed class TurnHarness : IDisposable
{
    private readonly TempFolder _folder = new();

    public TurnHarness(SessionOptions? options = null) => Session = Make.Session(_folder, options);

    public OpiSession Session { get; private set; }

    public InstantTime Time { get; } = new();

    public List<OpiTurnEvent> Events { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Texts { get; } = [];

    public TurnOptions Options(Provider provider = Provider.Anthropic) => new()
    {
        Provider = provider,
        TimeProvider = Time,
        Retry = new RetryRule { Random = () => 0 },
        OnEvent = Events.Add,
        OnWarning = Warnings.Add,
        OnText = Texts.Add,
    };

    public OpiTurn Run(FakeSender sender, string? prompt = "hi", TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        new TurnLoop(Session, sender, options ?? Options()).Run(prompt is null ? [] : [new UserMessage(prompt, 0)], cancellationToken);

    /// <summary>What is on the disk now: who said what.</summary>
    public IReadOnlyList<string> OnDisk()
    {
        using SessionReader reader = SessionReader.Open(Session.Path);
        return [.. reader.Entries.Select(reader.Read).Where(entry => entry is not ModelChangeEntry).Select(Describe)];
    }

    /// <summary>The file's lines but for its header.</summary>
    public string[] Lines() => [.. SharedText.ReadAllText(Session.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    /// <summary>Another process takes over: the file as it was after so many messages. The entry before them names the model.</summary>
    public TurnHarness After(int entries)
    {
        var next = new TurnHarness();
        string path = next.Session.Path;
        next.Session.Dispose();
        string header = File.ReadLines(path).First();
        File.WriteAllLines(path, [header, .. Lines().Take(1 + entries)]);
        next.Session = OpiSession.Resume(path, Make.Options());
        return next;
    }

    public void Dispose()
    {
        Session.Dispose();
        _folder.Dispose();
    }

    private static string Describe(SessionEntry entry) => entry is not MessageEntry { Message: var message } ? entry.GetType().Name : message switch
    {
        AssistantMessage { StopReason: StopReason.Error } failed => $"failed: {failed.Text}",
        AssistantMessage answer => $"assistant: {string.Join(' ', answer.Content.Select(block => block is ToolCallContent call ? $"call {call.Id}" : ((TextContent)block).Text))}",
        ToolResultMessage result => $"{(result.IsError ? "error" : "result")} {result.ToolCallId}: {result.Text}",
        Message other => $"{other.Role}: {other.Text}",
    };
}
