using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

public class CompactionTests
{
    public static TheoryData<string> Boundaries =>
        [.. SharedText.ReadAllLines(Repository.Golden("sb-summary-boundary.jsonl")).Select(line => (string)JsonNode.Parse(line)!["case"]!)];

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void The_summary_is_cut_where_the_golden_one_is(string name)
    {
        using JsonDocument row = JsonDocument.Parse(SharedText.ReadAllLines(Repository.Golden("sb-summary-boundary.jsonl"))
            .Single(line => (string)JsonNode.Parse(line)!["case"]! == name));
        JsonElement expected = row.RootElement;
        using var folder = new TempFolder();
        using SessionCoordinator session = Golden.Start(expected.GetProperty("scenario"), folder);
        OpiCompactionResult output = Golden.Replay(expected.GetProperty("scenario"), session).Last().Compacted!;

        Assert.Equal(expected.GetProperty("summary").GetString(), output.Summary);
        Assert.Equal(expected.GetProperty("summary_bytes").GetInt32(), Encoding.UTF8.GetByteCount(output.Summary));
        Assert.Equal(expected.GetProperty("tokens_before").GetInt64(), output.TokensBefore);
        Assert.Equal(expected.GetProperty("tokens_after").GetInt64(), output.TokensAfter);
    }

    [Theory] // 80, 81, 82
    [InlineData(true, 100_000, 0, CompactionReason.Manual, true)]
    [InlineData(true, 100_000, 0, CompactionReason.Overflow, true)]
    [InlineData(true, 100_000, 100_000, CompactionReason.Overflow, true)]
    [InlineData(true, 1000, 1500, CompactionReason.Threshold, true)]
    [InlineData(true, 1000, 1000, CompactionReason.Threshold, true)]
    [InlineData(true, 1000, 999, CompactionReason.Threshold, false)]
    [InlineData(true, 0, 0, CompactionReason.Threshold, true)]
    [InlineData(false, 1, 1_000_000, CompactionReason.Threshold, false)]
    [InlineData(false, 1, 1_000_000, CompactionReason.Overflow, false)]
    [InlineData(false, 1, 1_000_000, CompactionReason.Manual, true)]
    public void A_compaction_runs_when_it_should(bool enabled, long threshold, long tokens, CompactionReason reason, bool expected) =>
        Assert.Equal(expected, new CompactionEngine(new OpiCompactionPolicy { NoCompaction = !enabled, CompactionThreshold = threshold }).ShouldCompact(tokens, reason));

    [Fact]
    public void The_default_is_enabled_at_a_hundred_thousand_tokens() =>
        Assert.Equal(new OpiCompactionPolicy { NoCompaction = false, CompactionThreshold = 100_000 }, new OpiCompactionPolicy());

    [Theory] // 83, 84, 85, 88
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(10, 2)]
    [InlineData(11, 2)]
    [InlineData(16, 4)]
    [InlineData(40, 10)]
    public void The_newest_quarter_stays_and_at_least_one(int count, int kept)
    {
        CompactionPlan plan = CompactionEngine.Plan(Make.Entries([.. Enumerable.Range(0, count).Select(i => Make.User($"message {i}"))]))!;
        Assert.Equal((count - kept, $"e{count - kept}"), (plan.Split, plan.FirstKeptEntryId));
        Assert.NotEmpty(plan.Summary);
        Assert.InRange(plan.TokensAfter, 1, plan.TokensBefore - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void There_is_nothing_to_compact_in_fewer_than_two_entries(int count) => // 85
        Assert.Null(CompactionEngine.Plan(Make.Entries([.. Enumerable.Range(0, count).Select(_ => Make.User("x"))])));

    [Fact] // 86
    public void A_summarizers_text_is_taken_as_it_is_and_null_means_the_built_in_one()
    {
        ContextEntry[] entries = Make.Entries(Make.User("a"), Make.User("b"), Make.User("c"));
        var hook = new Summarizer(_ => " as it is\n");
        CompactionPlan plan = CompactionEngine.Plan(entries, hook)!;
        Assert.Equal((" as it is\n", SummarySource.Hook), (plan.Summary, plan.SummarySource));
        Assert.Equal(["a", "b"], hook.Seen!.Select(message => message.Text));

        plan = CompactionEngine.Plan(entries, new Summarizer(_ => null))!;
        Assert.Equal(("Compacted 2 messages: a. b", SummarySource.Core), (plan.Summary, plan.SummarySource));
    }

    [Fact] // 87, 91
    public void The_built_in_summary_names_images_and_leaves_calls_and_thinking_out()
    {
        var image = new ImageContent(ImageSource.FromUrl("u"), "image/png");
        AgentMessage[] messages =
        [
            new UserMessage([new TextContent("look"), image], 0),
            Make.Calls("c"),
            new ToolResultMessage("c", "bash", [image], 0),
            Make.Assistant("b") with { Content = [new ThinkingContent("hm"), new TextContent("b"), new TextContent("c")] },
        ];
        Assert.Equal("Compacted 4 messages: look [image: image/png]. . [image: image/png]. b c", CompactionEngine.CoreSummary(messages));
        Assert.Equal("Compacted 3 messages: a. . b", CompactionEngine.CoreSummary([Make.User("a"), Make.Calls("c"), Make.User("b")]));
    }

    [Theory] // 90
    [InlineData(500, 500, "")]
    [InlineData(501, 496, "...")]
    public void A_summary_of_more_than_500_bytes_is_cut_to_496(int length, int kept, string dots) =>
        Assert.Equal("Compacted 1 messages: " + new string('a', kept) + dots, CompactionEngine.CoreSummary([Make.User(new string('a', length))]));

    [Theory] // 89
    [InlineData("Hello world test", 4)]
    [InlineData("", 0)]
    [InlineData("aaa", 0)]
    [InlineData("日", 0)]
    [InlineData("日本", 1)]
    [InlineData("😀", 1)]
    public void A_token_is_estimated_for_each_four_bytes(string text, long tokens) =>
        Assert.Equal(tokens, CompactionEngine.EstimateTokens(Make.User(text)));

    [Fact]
    public void A_custom_messages_text_is_its_data_as_compact_json() =>
        Assert.Equal("""{"a":[1,2.0],"b":"é"}""", new CustomMessage("k", JsonDocument.Parse("""{ "b": "\u00e9", "a": [1, 2.0] }""").RootElement, false).Text);

    [Fact]
    public void A_cut_moves_before_a_call_whose_result_would_stay()
    {
        AgentMessage[] messages = [Make.User("a"), Make.Calls("1", "2"), Make.Result("1"), Make.Result("2")];
        CompactionPlan plan = CompactionEngine.Plan(Make.Entries(messages))!;
        Assert.Equal((1, "e1"), (plan.Split, plan.FirstKeptEntryId));
        Assert.Null(CompactionEngine.Plan(Make.Entries(messages[1..]))); // one group: nothing can leave it
    }

    [Fact]
    public void A_result_whose_call_is_nowhere_hinders_no_cut() =>
        Assert.Equal(3, CompactionEngine.Plan(Make.Entries(Make.User("a"), Make.Result("gone"), Make.User("b"), Make.Result("gone")))!.Split);

    /// <summary>Against trying every cut.</summary>
    [Fact]
    public void The_cut_is_the_last_safe_one_at_or_before_the_quarter()
    {
        var random = new Random(7);
        int moved = 0;
        for (int round = 0; round < 3000; round++)
        {
            AgentMessage[] messages = [.. Enumerable.Range(0, random.Next(2, 25)).Select(_ => RandomMessage())];
            int wanted = messages.Length - Math.Max(1, messages.Length / 4);
            int expected = Enumerable.Range(0, wanted + 1).Last(cut => IsSafe(messages, cut));
            moved += expected < wanted ? 1 : 0;
            Assert.Equal(expected == 0 ? null : expected, CompactionEngine.Plan(Make.Entries(messages))?.Split);
        }

        Assert.InRange(moved, 300, 2700);

        AgentMessage RandomMessage() => random.Next(4) switch
        {
            0 => Make.User("u"),
            1 => Make.Assistant("a"),
            2 => Make.Calls([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => CallId())]),
            _ => Make.Result(CallId()),
        };

        string CallId() => $"c{random.Next(6)}";

        // A result belongs to the newest call of its id before it.
        static bool IsSafe(AgentMessage[] messages, int cut) => !Enumerable.Range(cut, messages.Length - cut).Any(i =>
            messages[i] is ToolResultMessage result
            && messages.Take(i).Select((message, at) => (message, at)).LastOrDefault(pair =>
                pair.message is AssistantMessage answer && answer.ToolCalls.Any(call => call.Id == result.ToolCallId)) is { message: not null } call
            && call.at < cut);
    }

    [Fact] // 57 in part: nesting goes on for as long as one likes
    public void Compacting_again_and_again_keeps_the_last_message()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("first"), Make.User("last")], new Usage(1, 1));
        for (int round = 0; round < 30; round++)
        {
            Assert.Equal("last", session.ExecuteCompaction(CompactionReason.Manual)!.Messages[^1].Text);
        }

        Assert.Equal(2, session.CompactionEntries.Count);
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.Equal(session.ReadContext().Select(message => message.Text), reader.ReadContext().Messages.Select(message => message.Text));
    }
}
