using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.CrashTests;

/// <summary>
/// Processes that run turns with a model and tools, and are killed at random moments. The next one goes on from the file: what was recorded is
/// there once, is not sent for again, and no tool whose result was recorded runs again.
/// </summary>
internal sealed class TurnPart : Part
{
    private const int SmallTurns = 30;
    private const int SmallKills = 4;
    private const int FullTurns = 100;
    private const int FullKills = 20;
    private const int MaxDelayMicroseconds = 3000;

    /// <summary>What a process prints of a turn, on the average; the last kill comes well before the end.</summary>
    private const int LinesOfTurn = 8;

    public override string Name => "turn";

    public override void Run(Tally tally, int seed, RoundSize size) => tally.TryIn("turns that are killed", folder =>
    {
        (int turns, int kills) = size == RoundSize.Small ? (SmallTurns, SmallKills) : (FullTurns, FullKills);
        var random = new Random(seed);
        var seen = new TurnAcks();
        for (int kill = 1; kill <= kills; kill++)
        {
            using ChildProcess process = Start(folder, turns, seed, kill);
            int lines = random.Next(1, Math.Max(2, turns * LinesOfTurn / kills));
            bool runs = process.WaitForLines(lines);
            Wait(random.Next(MaxDelayMicroseconds));
            process.Kill();
            Require.That(runs || process.Errors.Length == 0, "a process failed: " + process.Errors);
            seen.Take(process.Lines);
            tally.Faults++;
            Check(folder, seen);
        }

        using (ChildProcess last = Start(folder, turns, seed, kills + 1))
        {
            Require.That(last.Wait() == 0, "the last process failed: " + last.Errors);
            seen.Take(last.Lines);
        }

        SessionScan end = Check(folder, seen);
        tally.Acknowledged += end.Prompts;
        tally.Note("requests sent", seen.Sent);
        tally.Note("answers recorded", end.Answers);
        tally.Note("tools run", seen.Ran);
        tally.Note("results recorded", end.Results);
        Require.That(end.Prompts == turns, $"{end.Prompts} prompts are recorded, not {turns}");
        (int answers, long tokens) = TurnModel.Expected(turns);
        Require.That(end.Answers == answers && end.Tokens == tokens, $"{end.Answers} answers with {end.Tokens} tokens are recorded, not {answers} with {tokens}");
        Require.That(seen.Sent - seen.Failed <= answers + kills, $"{seen.Sent} requests were sent, {seen.Failed} of them failed, for {answers} answers and {kills} kills");
    });

    private static ChildProcess Start(string folder, int turns, int seed, int run) => ChildProcess.Start(
        TurnerCommand.Name, folder, "--turns", Text(turns), "--seed", Text(seed), "--run", Text(run));

    /// <summary>All that was acknowledged is in the file, and each once.</summary>
    private static SessionScan Check(string folder, TurnAcks seen)
    {
        if (WriteCommand.FileIn(folder) is not { } path)
        {
            Require.That(seen.Acknowledged.Count == 0, "the session is not there");
            return new SessionScan();
        }

        using SessionReader reader = SessionReader.Open(path);
        var scan = new SessionScan();
        foreach (IndexedEntry entry in reader.Entries)
        {
            if (reader.Read(entry) is MessageEntry { Message: var message })
            {
                scan.Add(message);
            }
        }

        string[] lost = [.. seen.Acknowledged.Where(known => !scan.Known.Contains(known))];
        Require.That(lost.Length == 0, $"{lost.Length} acknowledged steps are lost: {string.Join(", ", lost.Take(5))}");
        return scan;
    }

    private static void Wait(int microseconds)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What processes said that they had done, and that none of them did again.</summary>
internal sealed class TurnAcks
{
    public HashSet<string> Acknowledged { get; } = [];

    public int Sent { get; private set; }

    public int Failed { get; private set; }

    public int Ran { get; private set; }

    public void Take(IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            (char kind, string what) = (line[0], line[2..]);
            switch (kind)
            {
                case 'S':
                    Require.That(!Acknowledged.Contains("A " + what), $"the request {what} was sent again after its answer was recorded");
                    Sent++;
                    break;
                case 'F':
                    Failed++;
                    break;
                case 'R':
                    Require.That(!Acknowledged.Contains("T " + what), $"the tool of the call {what} ran again after its result was recorded");
                    Ran++;
                    break;
                default:
                    Require.That(Acknowledged.Add(line), $"{line} was recorded twice");
                    break;
            }
        }
    }
}

/// <summary>What a session has of the turns.</summary>
internal sealed class SessionScan
{
    public HashSet<string> Known { get; } = [];

    public int Prompts { get; private set; }

    public int Answers { get; private set; }

    public int Results { get; private set; }

    public long Tokens { get; private set; }

    public void Add(Message message)
    {
        switch (message)
        {
            case UserMessage user:
                Prompts++;
                Once("P " + user.Text);
                break;
            case AssistantMessage { StopReason: not StopReason.Error } answer:
                Answers++;
                Tokens += answer.Usage.TotalTokens;
                Once("A " + answer.ResponseId);
                break;
            case ToolResultMessage result:
                Results++;
                Once("T " + result.ToolCallId);
                break;
        }
    }

    private void Once(string what) => Require.That(Known.Add(what), $"{what} stands twice in the file");
}

/// <summary>
/// A model whose answers follow from the conversation alone: turn n has n modulo 3 rounds with calls, of one or two tools, and then a text.
/// Some of its replies are streams; some requests fail, or break off in a stream.
/// </summary>
internal sealed class TurnModel(Random random, Action<string> say) : ITurnSender, ITurnTools
{
    private const double Failing = 0.08;

    public IReadOnlyList<ToolDefinition> Definitions { get; } = [new("again", null, """{"type":"object"}"""), new("once", null, """{"type":"object"}""")];

    public InterruptedCall OnInterrupted(string name) => name == "again" ? InterruptedCall.Run : InterruptedCall.Report;

    public static (int Answers, long Tokens) Expected(int turns)
    {
        (int answers, long tokens) = (0, 0);
        for (int turn = 1; turn <= turns; turn++)
        {
            for (int round = 1; round <= (turn % 3) + 1; round++)
            {
                answers++;
                tokens += turn + round;
            }
        }

        return (answers, tokens);
    }

    public void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken)
    {
        int asked = request.Context.ToList().FindLastIndex(message => message is UserMessage);
        int turn = int.Parse(((UserMessage)request.Context[asked]).Text, CultureInfo.InvariantCulture);
        int round = 1 + request.Context.Skip(asked).Count(message => message is AssistantMessage { StopReason: not StopReason.Error });
        string id = string.Create(CultureInfo.InvariantCulture, $"{turn}.{round}");
        say("S " + id);
        double chance = random.NextDouble();
        if (chance < Failing / 2)
        {
            say("F " + id);
            throw new SendFailedException("too busy") { Status = 529 };
        }

        bool isLast = round > turn % 3;
        string content = isLast
            ? """{"type":"text","text":"done"}"""
            : string.Join(',', Enumerable.Range(1, 1 + (turn % 2)).Select(call =>
                $$$"""{"type":"tool_use","id":"{{{id}}}.{{{call}}}","name":"{{{(call % 2 == 0 ? "once" : "again")}}}","input":{}}"""));
        string stop = isLast ? "end_turn" : "tool_use";
        if (chance < 0.5)
        {
            received(new TurnPiece(Parse(
                $$$"""{"id":"{{{id}}}","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{{{content}}}],"stop_reason":"{{{stop}}}","usage":{"input_tokens":{{{turn}}},"output_tokens":{{{round}}}}}""")));
            return;
        }

        Event($$$"""{"type":"message_start","message":{"id":"{{{id}}}","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":{{{turn}}},"output_tokens":1} } }""");
        if (chance < 0.5 + (Failing / 2))
        {
            say("F " + id);
            throw new SendFailedException("the connection broke") { IsConnection = true };
        }

        int index = 0;
        foreach (JsonElement block in Parse($"[{content}]").EnumerateArray())
        {
            Event($$"""{"type":"content_block_start","index":{{index}},"content_block":{{block.GetRawText()}}}""");
            Event($$"""{"type":"content_block_stop","index":{{index++}}}""");
        }

        Event($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{stop}}}"},"usage":{"output_tokens":{{{round}}}}}""");
        Event("""{"type":"message_stop"}""");

        void Event(string json) => received(new TurnPiece(JsonSerializer.SerializeToElement("data: " + json)));
    }

    public void Run(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken)
    {
        foreach (ToolCallContent call in calls)
        {
            say("R " + call.Id);
            done(new ToolResultMessage(call.Id, call.Name, [new TextContent("result")], 0));
        }
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}

/// <summary>Runs turns in the session of a folder, from where the last process ended, and prints each step when it is done. It is there to be killed.</summary>
internal static class TurnerCommand
{
    public const string Name = "turner";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "turns", "seed", "run");
        var random = new Random(HashCode.Combine(options.Number("seed", 1), options.Number("run", 1)));
        Stream output = Console.OpenStandardOutput();
        var model = new TurnModel(random, Say);
        var how = new TurnOptions
        {
            Provider = Provider.Anthropic,
            Tools = model,
            MaxRounds = 9,
            Retry = new RetryRule { Count = 50, MaxDelay = TimeSpan.FromMilliseconds(1) },
            OnEvent = step =>
            {
                string? line = step switch
                {
                    { Kind: TurnEventKind.Answer, Message: AssistantMessage answer } => "A " + answer.ResponseId,
                    { Kind: TurnEventKind.ToolResult, Message: ToolResultMessage result } => "T " + result.ToolCallId,
                    _ => null,
                };
                if (line is not null)
                {
                    Say(line);
                }
            },
        };
        var opened = new SessionOptions
        {
            Model = "anthropic:claude-sonnet-4-5",
            WorkingDirectory = "/repo",
            Compaction = new OpiCompactionPolicy { NoCompaction = true },
            Durability = options.Number("seed", 1) % 2 == 0 ? Durability.Buffered : Durability.Flush,
        };
        using OpiSession session = WriteCommand.FileIn(options[0]) is { } path
            ? OpiSession.Resume(path, opened)
            : OpiSession.Create(options[0], opened);
        var state = TurnState.Of(session.ReadContext());
        int turn = session.Turns;
        if (state.Stage is TurnStage.Unsent or TurnStage.CallsOpen)
        {
            // Half of the processes say their prompt again, as a script does that begins anew.
            Take(random.Next(2) == 0 ? [] : [Prompt(turn)]);
        }

        while (turn < options.Number("turns", 100))
        {
            turn++;
            Take([Prompt(turn)]);
        }

        return 0;

        void Take(IReadOnlyList<Message> prompt) => new TurnLoop(session, model, how).Run(prompt, CancellationToken.None);

        void Say(string line) => output.Write(Encoding.ASCII.GetBytes(line + "\n")); // one system call: a line is seen whole or not at all
    }

    private static UserMessage Prompt(int turn) => new(turn.ToString(CultureInfo.InvariantCulture), 0);
}
