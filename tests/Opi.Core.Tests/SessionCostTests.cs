namespace Opi.Tests;

public class SessionCostTests
{
    private static readonly Usage Million = new(1_000_000, 500_000, 200_000, 100_000);
    private static readonly Usage WithoutWrites = Million with { CacheWriteTokens = 0 }; // what OpenAI reports

    private int _number; // of the last entry

    [Fact]
    public void A_session_has_one_row_with_each_answer_at_its_own_price()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out CostGroups groups, User(), Answer(Million), Answer(WithoutWrites, "gpt-4o", "openai"), User(), Answer(new Usage(1, 0)));
        Assert.Equal(("s", "anthropic:claude-3-7-sonnet, openai:gpt-4o", 2), (row.SessionId, row.Model, row.Turns));
        Assert.Equal((2_000_001L, 1_000_000L, 400_000L, 100_000L, 3_500_001L), (row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens, row.TotalTokens));
        Assert.Equal((5.500003m, 12.5m, 0.31m, 0.375m), (row.InputCost, row.OutputCost, row.CacheReadCost, row.CacheWriteCost));
        Assert.Equal(row.InputCost + row.OutputCost + row.CacheReadCost + row.CacheWriteCost, row.TotalCost);
        Assert.Equal((true, 0, "USD"), (row.Priced, row.UnknownUsageTurns, row.Currency));
        Assert.Empty(groups.UnpricedModels);
    }

    [Fact]
    public void Every_turn_has_a_row_and_they_add_up_to_the_sessions()
    {
        using var folder = new TempFolder();
        string path = Write(folder, Answer(new Usage(7, 0)), User(), Answer(Million), Answer(new Usage(3, 3)), User(), User(), Answer(new Usage(1, 1), "gpt-4o", "openai"));
        OpiTurnCost[] turns = [.. SessionCosts.Rows(path, CostGrouping.Turn).Cast<OpiTurnCost>()];
        Assert.Equal([(0, 0), (1, 1), (2, 1), (3, 1)], turns.Select(turn => (turn.Turn, turn.Turns)));
        Assert.Equal([7L, 1_800_006L, 0L, 2L], turns.Select(turn => turn.TotalTokens));
        Assert.Equal(["anthropic:claude-3-7-sonnet", "anthropic:claude-3-7-sonnet", null, "openai:gpt-4o"], turns.Select(turn => turn.Model));
        Assert.Equal((0m, 0L), (turns[2].TotalCost, turns[2].Responses)); // a prompt alone costs nothing, and that is known
        Assert.Equal(DateTimeOffset.Parse("2026-05-22T12:00:00Z", null), turns[2].Timestamp);
        Assert.Null(turns[0].Timestamp);
        OpiCost whole = SessionCosts.Row(path);
        Assert.Equal(whole.TotalCost, turns.Sum(turn => turn.TotalCost));
        Assert.Equal(whole.TotalTokens, turns.Sum(turn => turn.TotalTokens));
        Assert.Equal((3, 3), (whole.Turns, turns.Sum(turn => turn.Turns)));
    }

    [Fact]
    public void Every_model_has_a_row_over_the_sessions()
    {
        using var folder = new TempFolder();
        Write(folder, User(), Answer(Million), Answer(Million), Answer(WithoutWrites, "gpt-4o", "openai"), User(), Answer(Million));
        folder.Write(Make.File(User(), Answer(Million), Answer(Million, "llama", "local")).Replace("\"id\":\"s\"", "\"id\":\"other\"", StringComparison.Ordinal), "other.jsonl");
        CostGroups groups = SessionCosts.Of(new UsageQuery { Paths = [folder.Path] }, CostGrouping.Model);
        OpiCost[] rows = [.. groups.ToRows().Select(row => row.Cost)];
        Assert.Equal(
            [("anthropic:claude-3-7-sonnet", null, 3, true), ("local:llama", "other", 1, false), ("openai:gpt-4o", "s", 1, true)],
            rows.Select(row => (row.Model, row.SessionId, row.Turns, row.Priced)));
        Assert.Equal([4 * 10.935m, null, 7.75m], rows.Select(row => row.TotalCost));
        Assert.Equal(["local:llama"], groups.UnpricedModels.Keys);
    }

    [Fact]
    public void A_model_without_a_price_makes_the_cost_unknown_and_never_0()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out CostGroups groups, User(), Answer(Million, "", ""), Answer(Million, "llama", "local"), Answer(Million));
        Assert.False(row.Priced);
        Assert.Equal([null, null, null, null, null], new[] { row.InputCost, row.OutputCost, row.CacheReadCost, row.CacheWriteCost, row.TotalCost });
        Assert.Equal(3 * Million.TotalTokens, row.TotalTokens);
        Assert.Equal([("", 1), ("local:llama", 1)], groups.UnpricedModels.Select(model => (model.Key, model.Value)));
    }

    [Fact] // departure 14
    public void An_answer_without_a_model_has_the_one_active_at_its_place()
    {
        using var folder = new TempFolder();
        string change = Make.Line(new ModelChangeEntry("change", null, "t", "openai:gpt-4o"));
        string path = Write(folder, User(), Answer(Million, "", ""), Answer(Million), Answer(Million, "", ""), change, Answer(WithoutWrites, "", ""), Summary("acme:small"), Answer(WithoutWrites, "", ""));
        Assert.Equal(
            ["none", "anthropic:claude-3-7-sonnet", "anthropic:claude-3-7-sonnet", "openai:gpt-4o", "openai:gpt-4o", "acme:small"],
            ModelsOf(new UsageQuery { Paths = [path] }));

        // What the file does not tell, the process that opened the session with a model may know.
        Assert.Equal("acme:given", ModelsOf(new UsageQuery { Paths = [path], SessionModels = new Dictionary<string, string> { ["s"] = "acme:given", ["t"] = "acme:other" } })[0]);

        static string[] ModelsOf(UsageQuery query) =>
            [.. UsageScan.Run(query).Rows.OrderBy(row => row.Model == "small").ThenBy(row => Number(row.Key!)).Select(row => ModelName.Join(row.Provider ?? "", row.Model ?? "") ?? "none")];

        static int Number(string key) => int.Parse(key.Split(':')[2].TrimStart('a', 'c'), null);
    }

    [Fact] // 127
    public void A_turn_of_unknown_usage_is_counted_once_and_the_rest_is_priced()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out _, User(), Answer(Usage.Unknown), Answer(Usage.Unknown), Answer(Million), User(), Answer(Million), User(), Answer(Usage.Unknown));
        Assert.Equal((2, null, 2 * 10.935m, 3L, true), (row.UnknownUsageTurns, row.TotalCost, row.KnownCost, row.UnpricedResponses, row.Priced));
    }

    [Fact]
    public void Nothing_but_unknown_usage_has_no_cost_and_a_reported_zero_has_one()
    {
        using var folder = new TempFolder();
        OpiCost unknown = Report(folder, out _, User(), Answer(Usage.Unknown));
        Assert.Equal((null, 1, true, 0L), (unknown.TotalCost, unknown.UnknownUsageTurns, unknown.Priced, unknown.TotalTokens));
        OpiCost zero = Report(folder, out _, User(), Answer(new Usage(0, 0)));
        Assert.Equal((0m, 0), (zero.TotalCost, zero.UnknownUsageTurns));
        OpiCost empty = Report(folder, out _);
        Assert.Equal((0m, 0, null, true), (empty.TotalCost, empty.Turns, empty.Model, empty.Priced));
    }

    [Fact]
    public void Branches_that_were_left_were_paid_for()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out _, Make.UserLine("m1"), Make.AnswerLine("m2", "m1", Million), Make.AnswerLine("m3", "m1", Million), Make.LeafLine("l", "m3"));
        Assert.Equal(2 * 18.12m, row.TotalCost);
    }

    [Fact] // 129
    public void The_file_never_holds_a_cost()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b", Million)]);
        Assert.DoesNotContain("cost", SharedText.ReadAllText(session.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_stands_twice_is_one_response_and_another_of_the_same_id_is_one_more()
    {
        using var folder = new TempFolder();
        string line = Make.AnswerLine("m2", "m1", Million);
        string path = Write(folder, Make.UserLine("m1"), line, line, Make.AnswerLine("m2", "m1", Million, "another"));
        Assert.Equal((2L, 2 * 18.12m), (SessionCosts.Row(path).Responses, SessionCosts.Row(path).TotalCost));
        Assert.Equal(2, UsageScan.Run(new UsageQuery { Sources = [UsageSource.Opi, UsageSource.Ledger], Paths = [path] }).Rows.Count);
    }

    private string User() => Make.Line(new MessageEntry($"u{++_number}", null, "2026-05-22T12:00:00Z", Make.User("hi")));

    private string Answer(Usage usage, string model = "claude-3-7-sonnet", string provider = "anthropic") =>
        Make.Line(new MessageEntry($"a{++_number}", null, "t", Make.Assistant("ok", usage, model, provider)));

    private string Summary(string model) =>
        Make.Line(new CompactionEntry($"c{++_number}", null, "t", "SUM", "a1", 10, 5) { Usage = Million, Model = model });

    private static string Write(TempFolder folder, params string[] lines) => folder.Write(Make.File(lines));

    private static OpiCost Report(TempFolder folder, out CostGroups groups, params string[] lines)
    {
        groups = SessionCosts.Of(new UsageQuery { Paths = [Write(folder, lines)] }, CostGrouping.Session);
        return Assert.Single(groups.ToRows()).Cost;
    }
}
