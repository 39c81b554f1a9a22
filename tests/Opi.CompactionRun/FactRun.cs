using System.Globalization;
using Opi.Benchmarks;

namespace Opi.CompactionRun;

/// <summary>
/// A made-up run of an agent in which facts are planted, the same for the same seed. They stand where they stand in real runs: requests and some
/// decisions in prompts, at their beginning or far behind it; decisions and numbers in answers, in many phrasings, some of which no list of
/// words knows; numbers and errors in the output of tools, between lines of code; paths in the arguments of calls.
/// </summary>
public sealed class FactRun(int seed)
{
    private static readonly string[] Readers = ["read", "grep", "bash"];
    private static readonly string[] Writers = ["edit", "write"];
    private static readonly string[] Areas = ["billing", "search", "import", "auth", "report"];
    private static readonly string[] Parts = ["Handler", "Store", "Client", "Job", "Tests"];

    private static readonly string[] Wishes =
    [
        "Make the {0} export idempotent", "Find out why {0} times out at night", "Add a retry to {0}", "Remove the old {0} endpoint", "{0} needs a test",
        "The customer says that {0} shows the wrong total; mend it", "Write the release note of {0}",
    ];

    private static readonly string[] Decisions =
    [
        "Decision: {0} stays behind the feature flag until the migration is done.", "We decided to keep {0} because retries must not charge twice.",
        "I chose {0} over the queue, as it needs no broker.", "Let's go with {0} for the first release.", "We will use {0} instead of polling.",
        "From now on every job goes through {0}.", "Rather than a second table, {0} gets a column.", "The plan is to ship {0} first and measure.",
        "That leaves {0} as the way to do it.", "{0} it is, then: the team is fine with that.", "So {0} wins, mostly for its smaller footprint.",
    ];

    private static readonly string[] Measures =
    [
        "The p95 of the slow query is {0} ms now.", "It processed {0} rows before it stopped.", "{0} of the customers are affected.", "Memory peaks at {0} KB.",
        "The port of the test server is {0}.", "Costs would come to {0} USD a month.", "The batch now has {0} entries",
    ];

    private static readonly string[] OutputLines = ["total: {0}", "rows = {0}", "elapsed: {0} ms", "written {0} rows to disk", "{0} passing", "port {0} is in use"];

    private static readonly string[] Failures =
    [
        "error CS{0}: the name does not exist in the current context", "ENOENT: no such file, open 'cache/{0}.json'", "exit 1: assertion {0} failed",
        "HTTP 500 from upstream, request id {0}",
    ];

    private readonly TextSource _text = new(seed);
    private int _planted;
    private int _calls;

    /// <summary>The turns, one after the other.</summary>
    public IEnumerable<FactTurn> Turns(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return Turn();
        }
    }

    private FactTurn Turn()
    {
        var messages = new List<Message>();
        var facts = new List<Fact>();
        messages.Add(new UserMessage(Prompt(facts), 1_000));
        for (int step = _text.Size(1, 5); step > 0; step--)
        {
            var content = new List<IAssistantContent>();
            if (_text.Chance(50))
            {
                content.Add(new TextContent(Said(_text.Size(20, 300), decision: 8, number: 8, facts)));
            }

            var calls = new List<ToolCallContent>();
            for (int call = _text.Chance(30) ? 1 + _text.Next(3) : 1; call > 0; call--)
            {
                calls.Add(Call(facts));
            }

            messages.Add(Answer([.. content, .. calls], StopReason.ToolUse));
            messages.AddRange(calls.Select(call => Result(call, facts)));
        }

        messages.Add(Answer([new TextContent(Said(_text.Size(80, 1_500), decision: 35, number: 40, facts))], StopReason.Stop));
        return new FactTurn(messages, facts);
    }

    private string Prompt(List<Fact> facts)
    {
        string wish = Sentence(Wishes, FactKind.Request, Name(), facts);
        string around = _text.Prose(_text.Size(20, 600));
        string more = _text.Chance(10) ? " " + Sentence(Decisions, FactKind.Decision, Name(), facts) : "";
        more += _text.Chance(10) ? " " + Sentence(Measures, FactKind.Number, Number(), facts) : "";
        return _text.Chance(70) ? $"{wish}. {around}.{more}" : $"{around}. {wish}.{more}";
    }

    private string Said(int length, int decision, int number, List<Fact> facts)
    {
        var parts = new List<string> { _text.Prose(length / 2) + "." };
        if (_text.Chance(decision))
        {
            parts.Insert(_text.Next(2), Sentence(Decisions, FactKind.Decision, Name(), facts));
        }

        if (_text.Chance(number))
        {
            parts.Add(Sentence(Measures, FactKind.Number, Number(), facts));
        }

        parts.Add(_text.Prose(length / 2));
        return string.Join(_text.Chance(20) ? "\n\n" : " ", parts);
    }

    private ToolCallContent Call(List<Fact> facts)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"toolu_{++_calls:000000}");
        if (_text.Chance(25))
        {
            string path = $"src/{_text.Pick(Areas)}/{Name()}{_text.Pick(Parts)}.cs";
            facts.Add(new Fact(FactKind.Path, path));
            return new ToolCallContent(id, _text.Pick(Writers), $$"""{"path":"{{path}}","content":"{{new string('x', _text.Size(20, 300))}}"}""");
        }

        string tool = _text.Pick(Readers);
        return new ToolCallContent(id, tool, tool == "bash" ? """{"command":"dotnet test"}""" : $$"""{"path":"src/{{_text.Pick(Areas)}}/Program.cs"}""");
    }

    private ToolResultMessage Result(ToolCallContent call, List<Fact> facts)
    {
        if (_text.Chance(6) && Readers.Contains(call.Name))
        {
            string failure = Sentence(Failures, FactKind.Error, Number(), facts);
            return new ToolResultMessage(call.Id, call.Name, [new TextContent($"{failure}\n{_text.Prose(80)}")], 3_000) { IsError = true };
        }

        string output = _text.Code(_text.Size(30, 3_000));
        if (_text.Chance(8))
        {
            output += _text.Code(60) + Sentence(OutputLines, FactKind.Number, Number(), facts) + "\n" + (_text.Chance(50) ? _text.Code(60) : "");
        }

        return new ToolResultMessage(call.Id, call.Name, [new TextContent(output)], 3_000);
    }

    private string Sentence(string[] forms, FactKind kind, string probe, List<Fact> facts)
    {
        facts.Add(new Fact(kind, probe));
        return string.Format(CultureInfo.InvariantCulture, _text.Pick(forms), probe);
    }

    /// <summary>A name that stands nowhere else.</summary>
    private string Name() => string.Create(CultureInfo.InvariantCulture, $"Kx{++_planted:00000}q");

    /// <summary>A number that stands nowhere else: the other numbers of the run have three digits at most.</summary>
    private string Number() => string.Create(CultureInfo.InvariantCulture, $"{100_000 + ++_planted}");

    private static AssistantMessage Answer(IEnumerable<IAssistantContent> content, StopReason reason) =>
        new(content, "anthropic", "claude-sonnet-4-5", 2_000) { StopReason = reason };
}
