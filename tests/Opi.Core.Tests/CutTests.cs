namespace Opi.Tests;

public class CutTests
{
    private static readonly KeepRecent Budget = KeepRecent.Tokens(20_000);

    /// <summary>pi's rule leaves one entry here: its cut moves to the place behind the result.</summary>
    [Theory]
    [InlineData(90_000)]
    [InlineData(900_000)]
    public void A_giant_result_before_the_last_answer_does_not_empty_what_stays(int characters)
    {
        AgentMessage[] messages = [.. Turns(10, 4_000), Make.User("read it"), Make.Calls("c"), Make.Result("c", new string('x', characters)), Make.Assistant("done")];

        CompactionPlan plan = Plan(messages, Budget)!;

        Assert.Equal(["c", "c", null], plan.KeptMessages.TakeLast(3).Select(message => message switch { AssistantMessage { ToolCalls: var calls } when calls.Any() => "c", ToolResultMessage result => result.ToolCallId, _ => null }));
        Assert.InRange(plan.KeptMessages.Count, 3, 4);
    }

    [Fact]
    public void What_stays_comes_near_to_the_tokens_and_begins_with_a_turn_where_one_is_near()
    {
        // Turns of 2,000 tokens: the tenth from the end begins where exactly 20,000 stay; a thousand more or less is nearer elsewhere.
        AgentMessage[] messages = Turns(30, 4_000);
        foreach (long tokens in new[] { 19_100L, 20_000L, 20_900L })
        {
            CompactionPlan plan = Plan(messages, KeepRecent.Tokens(tokens))!;
            Assert.IsType<UserMessage>(plan.KeptMessages[0]);
            Assert.Equal(20_000, plan.TokensAfter);
        }
    }

    [Fact]
    public void A_turn_that_is_too_long_is_cut_between_tool_groups()
    {
        AgentMessage[] messages = [Make.User("do all of it"), .. Enumerable.Range(0, 200).SelectMany(i => new AgentMessage[] { Make.Calls($"a{i}", $"b{i}"), Make.Result($"b{i}", new string('x', 400)), Make.Result($"a{i}", new string('x', 400)) })];

        CompactionPlan plan = Plan(messages, KeepRecent.Tokens(2_000))!;

        Assert.Equal((2_000L, "a190"), (plan.TokensAfter, Assert.IsType<AssistantMessage>(plan.KeptMessages[0]).ToolCalls.First().Id));
    }

    [Fact]
    public void Results_that_come_late_hold_their_call()
    {
        AgentMessage[] messages = [.. Turns(10, 400), Make.User("start"), Make.Calls("slow"), Make.Assistant("meanwhile"), Make.User("and?"), Make.Result("slow"), Make.Assistant("there")];

        foreach (KeepRecent keep in new[] { KeepRecent.Turns(1), KeepRecent.Tokens(1), KeepRecent.Tokens(2) })
        {
            Assert.Contains(Plan(messages, keep)!.KeptMessages, message => message is AssistantMessage answer && answer.ToolCalls.Any());
        }
    }

    [Theory]
    [InlineData(1, "question 9")]
    [InlineData(3, "question 7")]
    [InlineData(9, "question 1")]
    [InlineData(10, null)]
    [InlineData(11, null)]
    public void So_many_turns_stay_and_no_fewer_ever(int turns, string? first)
    {
        AgentMessage[] messages = [.. Enumerable.Range(0, 10).SelectMany(i => new AgentMessage[] { Make.User($"question {i}"), Make.Assistant("a"), Make.Calls($"c{i}"), Make.Result($"c{i}"), Make.Assistant("b") })];
        Assert.Equal(first, Plan(messages, KeepRecent.Turns(turns))?.KeptMessages[0].Text);
    }

    [Fact]
    public void Two_messages_of_the_user_in_a_row_begin_one_turn()
    {
        AgentMessage[] messages = [Make.User("a"), Make.Assistant("b"), Make.User("c"), Make.User("d"), Make.Assistant("e")];
        Assert.Equal("c", Plan(messages, KeepRecent.Turns(1))!.KeptMessages[0].Text);
    }

    [Fact]
    public void What_keeps_to_the_tokens_already_is_left_alone()
    {
        Assert.Null(Plan(Turns(10, 4_000), KeepRecent.Tokens(20_000)));
        Assert.Null(Plan([Summary(), .. Turns(10, 4_000)], KeepRecent.Tokens(20_000)));
        Assert.NotNull(Plan(Turns(11, 4_000), KeepRecent.Tokens(20_000)));
    }

    [Fact]
    public void A_summary_alone_is_not_summarised_again()
    {
        AgentMessage[] messages = [Summary(), Make.User(new string('x', 4_000)), Make.Assistant(new string('y', 4_000))];
        Assert.Null(Plan(messages, KeepRecent.Tokens(100)));
        Assert.Null(Plan(messages, KeepRecent.Turns(1)));
    }

    [Theory]
    [InlineData(9_000)]
    [InlineData(5_000)]
    [InlineData(1_200)]
    public void What_stays_and_the_summary_keep_to_the_window(long window)
    {
        AgentMessage[] messages = [.. Turns(40, 4_000), Make.User("go"), Make.Calls("c"), Make.Result("c", new string('x', 400)), Make.Assistant("done")];
        foreach (KeepRecent keep in new[] { KeepRecent.Quarter, KeepRecent.Tokens(20_000), KeepRecent.Turns(20) })
        {
            CompactionPlan plan = Plan(messages, keep, request => request with { RoomTokens = window, Policy = request.Policy with { BudgetTokens = 500 } })!;
            Assert.Null(plan.OversizedEntryId);
            Assert.InRange(plan.TokensAfter, 1, window - 500);
        }
    }

    [Fact]
    public void A_window_that_the_last_group_does_not_fit_is_reported_and_the_group_stays_whole()
    {
        AgentMessage[] messages = [.. Turns(4, 4_000), Make.User("go"), Make.Calls("c"), Make.Result("c", new string('x', 40_000))];

        CompactionPlan plan = Plan(messages, KeepRecent.Quarter, request => request with { RoomTokens = 8_000 })!;

        Assert.Equal("e10", plan.OversizedEntryId);
        Assert.Equal(["assistant", "tool_result"], plan.KeptMessages.Select(message => message.Role));
    }

    [Fact]
    public void An_overflow_leaves_at_most_half_of_what_was_refused_each_time()
    {
        AgentMessage[] messages = Turns(64, 4_000);
        long size = messages.Sum(CompactionEngine.EstimateTokens);
        while (messages.Length > 2)
        {
            CompactionPlan plan = Plan(messages, KeepRecent.Tokens(1_000_000), request => request with { Reason = CompactionReason.Overflow, Policy = request.Policy with { BudgetTokens = 100 } })!;
            Assert.True(plan.OversizedEntryId is null || plan.KeptMessages.Count == 1);
            Assert.InRange(plan.TokensAfter, 1, Math.Max(1_000, size / 2));
            messages = [.. plan.KeptMessages];
            size = plan.TokensAfter;
        }
    }

    /// <summary>For every rule: no result without its call, no call without a result that it had, nothing lost and nothing empty.</summary>
    [Fact]
    public void No_rule_ever_parts_a_call_from_its_results()
    {
        var random = new Random(11);
        int cut = 0;
        for (int round = 0; round < 2_000; round++)
        {
            AgentMessage[] messages = RandomRun(random);
            KeepRecent keep = random.Next(3) switch { 0 => KeepRecent.Quarter, 1 => KeepRecent.Tokens(random.Next(1, 400)), _ => KeepRecent.Turns(random.Next(1, 6)) };
            long? window = random.Next(2) == 0 ? null : random.Next(1, 300);
            if (Plan(messages, keep, request => request with { RoomTokens = window, Policy = request.Policy with { BudgetTokens = 1 } }) is not { } plan)
            {
                continue;
            }

            cut++;
            HashSet<string> calls = [.. plan.KeptMessages.OfType<AssistantMessage>().SelectMany(answer => answer.ToolCalls).Select(call => call.Id)];
            HashSet<string> results = [.. plan.KeptMessages.OfType<ToolResultMessage>().Select(result => result.ToolCallId)];
            Assert.Subset(calls, results);
            Assert.Superset(messages.OfType<ToolResultMessage>().Select(result => result.ToolCallId).Where(calls.Contains).ToHashSet(), results);
            Assert.Equal(messages[plan.Split..], plan.KeptMessages);
            Assert.NotEmpty(plan.KeptMessages);
        }

        Assert.InRange(cut, 1_000, 2_000);
    }

    [Fact]
    public void Metadata_before_a_turn_does_not_move_the_cut()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        for (int i = 0; i < 6; i++)
        {
            session.Update(new SessionUpdate { Model = $"anthropic:model-{i}" });
            session.AddTurn([Make.User($"question {i}"), Make.Assistant("answer")]);
        }

        OpiCompactionResult result = session.Compact(policy: new OpiCompactionPolicy { KeepRecent = KeepRecent.Turns(2) })!;

        Assert.Equal(("question 4", 8, 4), (result.Messages[1].Text, result.EntriesCompacted, result.EntriesKept));
    }

    private static AgentMessage[] RandomRun(Random random)
    {
        var messages = new List<AgentMessage>();
        int call = 0;
        while (messages.Count < 30)
        {
            messages.Add(Make.User(Text()));
            var open = new List<string>();
            for (int step = random.Next(1, 6); step > 0; step--)
            {
                string[] ids = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => $"c{call++}")];
                messages.Add(ids.Length == 0 ? Make.Assistant(Text()) : Make.Calls(ids));
                open.AddRange(ids);
                while (open.Count > 0 && random.Next(4) > 0)
                {
                    int at = random.Next(open.Count);
                    messages.Add(Make.Result(open[at], Text()));
                    open.RemoveAt(at);
                }
            }
        }

        return [.. messages];

        string Text() => new('x', random.Next(0, 100));
    }

    /// <summary>Turns of a question and an answer of so many characters each.</summary>
    private static AgentMessage[] Turns(int count, int characters) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => new AgentMessage[] { Make.User(new string('u', characters)), Make.Assistant(new string('a', characters)) })];

    private static CompactionSummaryMessage Summary() => new(new string('s', 4_000), "e0", 1, 1);

    private static CompactionPlan? Plan(AgentMessage[] messages, KeepRecent keep, Func<CompactionRequest, CompactionRequest>? change = null)
    {
        var request = new CompactionRequest("s", CompactionReason.Manual, new OpiCompactionPolicy { KeepRecent = keep }) { Estimator = SeedTokenEstimator.Instance };
        return CompactionPlanner.Prepare(change?.Invoke(request) ?? request, Make.Entries(messages)) is { } prepared
            ? prepared.With("a summary", SummarySource.Core, new SummaryRun(prepared.Request))
            : null;
    }
}
