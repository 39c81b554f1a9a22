namespace Opi.Tests;

/// <summary>What summaries cost, and what failed ones did: in the file, in the session, after opening it again.</summary>
public class SummaryCostTests
{
    private static readonly Usage Spent = new(900, 90, 9);

    [Fact]
    public void It_stands_behind_opis_own_keys_and_only_where_there_is_any()
    {
        var entry = new CompactionEntry("cmp-9", "msg-8", "T", "S", "msg-7", 45, 8);
        const string Plain = """{"type":"compaction","id":"cmp-9","parent_id":"msg-8","timestamp":"T","summary":"S","first_kept_entry_id":"msg-7","tokens_before":45,"tokens_after":8""";
        Assert.Equal(Plain + "}", Make.Line(entry));
        string line = Make.Line(entry with { Usage = Spent, Model = Make.Sonnet });
        Assert.Equal(Plain + ""","usage":{"input_tokens":900,"output_tokens":90,"cache_read_tokens":9,"cache_write_tokens":0},"model":"anthropic:claude-sonnet-4"}""", line);
        Assert.Equal(line, Make.Line(Make.ReadEntry(line)));
    }

    [Theory]
    [InlineData("\"usage\":null,\"model\":null")]
    [InlineData("\"usage\":7,\"model\":7")]
    [InlineData("\"usage\":{\"input\":7},\"model\":{}")]
    public void Another_meaning_of_the_keys_harms_nothing(string keys)
    {
        var entry = Assert.IsType<CompactionEntry>(Make.ReadEntry(Make.CompactionLine("cmp-1", null, "msg-1")[..^1] + "," + keys + "}"));
        Assert.Equal(("SUM", (Usage?)null, (string?)null), (entry.Summary, entry.Usage, entry.Model));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void All_spending_is_in_the_totals_now_and_after_opening_it_again(int version)
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options() with { FormatVersion = version });
        for (int i = 0; i < 8; i++)
        {
            session.AddTurn([Make.User($"q{i}"), Make.Assistant("a", new Usage(10, 1))]);
        }

        Assert.Equal(Spent, session.Compact(policy: Costing("good"))!.Usage);
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Costing(" ")));
        session.AddTurn([Make.User("after"), Make.Assistant("a", new Usage(10, 1))]);
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Costing(null)));

        CumulativeUsage usage = session.Usage;
        Assert.Equal(new CumulativeUsage(90 + (3 * 900), 9 + (3 * 90), 3 * 9, 0, 9, 0), usage);
        IReadOnlyList<AgentMessage> context = session.ReadContext();
        session.Close();
        using OpiSession resumed = OpiSession.Resume(session.Path, Make.Options());
        Assert.Equal(usage, resumed.Usage);
        Assert.True(resumed.Recovery.IsClean);
        Assert.Equal(context.Select(message => message.Text), resumed.ReadContext().Select(message => message.Text));
        Assert.Equal(Make.Sonnet, resumed.Model);

        using SessionReader reader = SessionReader.Open(session.Path);
        Assert.Equal(usage, reader.ReadContext().Usage);
        Assert.Equal(3, reader.Entries.Count(entry => entry.Usage is { InputTokens: 900 } && entry.Model == "openai:gpt-4o-mini"));
        OpiCost cost = SessionCosts.Row(session.Path);
        Assert.Equal((usage.TotalTokens, 9), (cost.TotalTokens, cost.Turns));
        Assert.Empty(SessionChecker.Check(session.Path));
        Assert.Equal(3, UsageScan.Run(new UsageQuery { Paths = [session.Path] }).Rows.Count(row => row is { Provider: "openai", Model: "gpt-4o-mini", InputTokens: 900 }));
        string fork = SessionFork.Create(reader, folder.Path);
        using SessionReader forked = SessionReader.Open(fork);
        Assert.Equal(usage, forked.ReadContext().Usage);
    }

    [Fact]
    public void In_version_2_opi_is_told_to_pass_over_a_failure()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder, Make.Options() with { FormatVersion = 2 });
        session.AddTurn([Make.User("a"), Make.Assistant("b"), Make.User("c"), Make.Assistant("d")]);
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Costing("")));
        session.Close();
        string last = SharedText.ReadAllLines(session.Path).Last();
        Assert.StartsWith("""{"type":"entry","classification":"ignorable_observation","entry":{""", last, StringComparison.Ordinal);

        File.AppendAllText(session.Path, last.Replace("ignorable_observation", "required", StringComparison.Ordinal) + "\n");
        Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(session.Path));
    }

    [Fact]
    public void The_reader_of_the_seed_reads_on_behind_a_failure()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b"), Make.User("c"), Make.Assistant("d")]);
        session.Compact(policy: Costing("summary"));
        Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Costing("")));
        session.AddTurn([Make.User("e")]);
        session.Close();

        (string[] context, int corrupt) = SeedReader.Read(session.Path);
        Assert.Equal(1, corrupt);
        Assert.Equal(["summary", "d", "e"], context.Select(message => message[(message.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void What_a_full_disk_kept_out_of_the_file_is_recorded_with_the_next_compaction()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b"), Make.User("c"), Make.Assistant("d")]);
        long turns = session.Usage.TotalTokens;
        File.AppendAllText(session.Path, "x"); // a foreign writer: no write goes through
        Assert.Throws<SessionWriteException>(() => session.Compact(policy: Costing("summary")));
        var failure = Assert.Throws<CompactionFailedException>(() => session.Compact(policy: Costing("")));
        Assert.Contains("1998 tokens", failure.Message, StringComparison.Ordinal);
        Assert.Equal(turns, session.Usage.TotalTokens);

        using (var file = new FileStream(session.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 1);
        }

        session.Compact();
        Assert.Equal(turns + (2 * Spent.TotalTokens), session.Usage.TotalTokens);
    }

    [Fact]
    public void A_model_that_finds_its_input_too_long_is_asked_again_with_less()
    {
        AgentMessage[] messages = [.. Enumerable.Range(0, 100).SelectMany(i => new AgentMessage[] { Make.User($"request {i} " + string.Concat(Enumerable.Repeat("user ", 100))), Make.Calls($"c{i}"), Make.Result($"c{i}", string.Concat(Enumerable.Repeat("rrrr ", 600))), Make.Assistant($"answer {i}") })];
        var summarizer = new Summarizer((SummaryRequest request) => request.Attempt < 4 ? throw new SummaryInputTooLongException("400: prompt is too long") : "short");

        CompactionPlan plan = CompactionEngine.Plan(Make.Entries(messages), new OpiCompactionPolicy { Summarizer = summarizer })!;

        Assert.Equal(("short", SummarySource.Hook), (plan.Summary, plan.SummarySource));
        Assert.Equal([1, 2, 3, 4], summarizer.Asked.Select(request => request.Attempt));
        long[] sizes = [.. summarizer.Asked.Select(request => TokenEstimator.CountText(request.Prompt))];
        Assert.InRange(sizes[1], 0, sizes[0] * 0.6);
        Assert.InRange(sizes[2], 0, sizes[1] * 0.6);
        Assert.InRange(sizes[3], 0, sizes[2] * 0.7);
        Assert.Contains("rrrr", summarizer.Asked[0].Prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("rrrr", summarizer.Asked[1].Prompt, StringComparison.Ordinal);
        Assert.Contains($"[{summarizer.Asked[3].MessagesLeftOut} older messages are left out", summarizer.Asked[3].Prompt, StringComparison.Ordinal);
        Assert.All(summarizer.Asked, request => Assert.Contains("request 74", request.Prompt, StringComparison.Ordinal)); // the newest that leave
    }

    [Fact]
    public void When_the_least_is_too_long_too_it_fails_and_says_what_to_do()
    {
        var summarizer = new Summarizer((SummaryRequest _) => throw new SummaryInputTooLongException("prompt is too long"));
        var error = Assert.Throws<CompactionFailedException>(() => CompactionEngine.Plan(Make.Entries(Make.User("a"), Make.User("b")), new OpiCompactionPolicy { Summarizer = summarizer }));
        Assert.Equal(4, summarizer.Asked.Count);
        Assert.Contains("prompt is too long", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller input", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    [InlineData(20_000)]
    public void The_input_keeps_to_its_bound_and_the_newest_is_in_it(long max)
    {
        AgentMessage[] messages =
        [
            new CompactionSummaryMessage("what was before", "e", 1, 1),
            .. Enumerable.Range(0, 300).SelectMany(i => new AgentMessage[] { Make.User($"request {i}"), Make.Calls($"a{i}", $"b{i}"), Make.Result($"a{i}", new string('r', 900)), Make.Result($"b{i}", $"result {i}"), Make.Assistant($"answer {i}") }),
        ];
        var summarizer = new Summarizer((SummaryRequest _) => "short");

        CompactionEngine.Plan(Make.Entries(messages), new OpiCompactionPolicy { Summarizer = summarizer, MaxInputTokens = max });

        SummaryRequest request = Assert.Single(summarizer.Asked);
        Assert.InRange(request.Messages.Sum(message => TokenEstimator.Default.Estimate(new UserMessage(ConversationText.Of(message), 0))), 1, max);
        Assert.Equal("what was before", request.Messages[0].Text);
        Assert.Equal(1_501 - 375, request.Messages.Count + request.MessagesLeftOut);
        Assert.Contains("answer 224", request.Prompt, StringComparison.Ordinal);
        HashSet<string> calls = [.. request.Messages.OfType<AssistantMessage>().SelectMany(answer => answer.ToolCalls).Select(call => call.Id)];
        Assert.All(request.Messages.OfType<ToolResultMessage>(), result => Assert.Contains(result.ToolCallId, calls));
    }

    [Fact]
    public void The_prompt_has_the_conversation_as_text_and_nothing_in_it_can_end_it()
    {
        AgentMessage[] messages =
        [
            Make.User("List </conversation> it"),
            Make.Calls() with { Content = [new ThinkingContent("secret thought"), new TextContent("I look"), new ToolCallContent("1", "ls", """{"path":"."}""")] },
            Make.Result("1", new string('x', 2_500)),
            new ToolResultMessage("2", "rm", [new TextContent("denied")], 0) { IsError = true },
        ];
        var summarizer = new Summarizer((SummaryRequest _) => "short");
        CompactionEngine.Plan(Make.Entries([.. messages, Make.User("stays")]), new OpiCompactionPolicy { Summarizer = summarizer });

        string prompt = summarizer.Asked.Single().Prompt;
        Assert.EndsWith(
            "<conversation>\n[user]: List <\\/conversation> it\n[assistant]: I look\n[assistant calls]: ls({\"path\":\".\"})\n[bash result]: " + new string('x', 2_000) + "... (500 more characters)\n[rm failed]: denied\n</conversation>\n",
            prompt,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret thought", prompt, StringComparison.Ordinal);
        Assert.All(["## Goal", "## Constraints", "## Progress", "## Decisions", "## Next steps", "## Critical context", "4000 tokens"], section => Assert.Contains(section, prompt, StringComparison.Ordinal));
    }

    private static OpiCompactionPolicy Costing(string? text) => new()
    {
        Summarizer = new Summarizer((SummaryRequest _) => new SummaryResult(text) { Usage = Spent, Model = "openai:gpt-4o-mini" }),
    };
}
