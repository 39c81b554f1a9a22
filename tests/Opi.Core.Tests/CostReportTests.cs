namespace Opi.Tests;

public class CostReportTests
{
    private static readonly Usage Million = new(1_000_000, 500_000, 200_000, 100_000);
    private static readonly Usage WithoutWrites = Million with { CacheWriteTokens = 0 }; // what OpenAI reports

    [Fact]
    public void A_session_has_one_row_with_each_answer_at_its_own_price()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out CostReport report, User(), Answer(Million), Answer(WithoutWrites, "gpt-4o", "openai"), User(), Answer(new Usage(1, 0)));
        Assert.Equal(("s", "anthropic:claude-sonnet-4, openai:gpt-4o", 2), (row.SessionId, row.Model, row.Turns));
        Assert.Equal((2_000_001L, 1_000_000L, 400_000L, 100_000L, 3_500_001L), (row.InputTokens, row.OutputTokens, row.CacheReadTokens, row.CacheWriteTokens, row.TotalTokens));
        Assert.Equal((5.500003m, 12.5m, 0.31m, 0.375m), (row.InputCost, row.OutputCost, row.CacheReadCost, row.CacheWriteCost));
        Assert.Equal(row.InputCost + row.OutputCost + row.CacheReadCost + row.CacheWriteCost, row.TotalCost);
        Assert.Equal((true, 0, "USD"), (row.Priced, row.UnknownUsageTurns, row.Currency));
        Assert.Empty(report.UnpricedModels);
    }

    [Fact]
    public void Every_turn_has_a_row_and_they_add_up_to_the_sessions()
    {
        using var folder = new TempFolder();
        SessionReader session = Session(folder, Answer(new Usage(7, 0)), User(), Answer(Million), Answer(new Usage(3, 3)), User(), User(), Answer(new Usage(1, 1), "gpt-4o", "openai"));
        using (session)
        {
            var report = new CostReport(PricingCatalog.Default);
            OpiTurnCost[] turns = [.. report.TurnRows(session)];
            Assert.Equal([(0, 0), (1, 1), (2, 1), (3, 1)], turns.Select(turn => (turn.Turn, turn.Turns)));
            Assert.Equal([7L, 1_800_006L, 0L, 2L], turns.Select(turn => turn.TotalTokens));
            Assert.Equal(["anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4", null, "openai:gpt-4o"], turns.Select(turn => turn.Model));
            Assert.Equal(0m, turns[2].TotalCost); // a prompt alone costs nothing, and that is known
            Assert.Equal(DateTimeOffset.Parse("2026-05-22T12:00:00Z", null), turns[1].Timestamp);
            Assert.Null(turns[0].Timestamp);
            OpiCost whole = report.SessionRow(session);
            Assert.Equal(whole.TotalCost, turns.Sum(turn => turn.TotalCost));
            Assert.Equal(whole.TotalTokens, turns.Sum(turn => turn.TotalTokens));
            Assert.Equal(whole.Turns, turns.Sum(turn => turn.Turns));
        }
    }

    [Fact]
    public void Every_model_has_a_row_over_the_sessions()
    {
        using var folder = new TempFolder();
        var report = new CostReport(PricingCatalog.Default);
        using (SessionReader one = Session(folder, User(), Answer(Million), Answer(Million), Answer(WithoutWrites, "gpt-4o", "openai"), User(), Answer(Million)))
        {
            report.AddToModels(one);
        }

        string other = folder.Write(Make.File(User(), Answer(Million), Answer(Million, "llama", "local")).Replace("\"id\":\"s\"", "\"id\":\"other\"", StringComparison.Ordinal), "other.jsonl");
        using (SessionReader two = SessionReader.Open(other))
        {
            report.AddToModels(two);
        }

        OpiCost[] rows = [.. report.ModelRows()];
        Assert.Equal(
            [("anthropic:claude-sonnet-4", null, 3, true), ("local:llama", "other", 1, false), ("openai:gpt-4o", "s", 1, true)],
            rows.Select(row => (row.Model, row.SessionId, row.Turns, row.Priced)));
        Assert.Equal([4 * 10.935m, null, 7.75m], rows.Select(row => row.TotalCost));
        Assert.Equal(["local:llama"], report.UnpricedModels);
    }

    [Fact]
    public void A_model_without_a_price_makes_the_cost_unknown_and_never_0()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out CostReport report, User(), Answer(Million), Answer(Million, "llama", "local"), Answer(Million, "", ""));
        Assert.False(row.Priced);
        Assert.Equal([null, null, null, null, null], new[] { row.InputCost, row.OutputCost, row.CacheReadCost, row.CacheWriteCost, row.TotalCost });
        Assert.Equal(3 * Million.TotalTokens, row.TotalTokens);
        Assert.Equal(["", "local:llama"], report.UnpricedModels);
    }

    [Fact]
    public void An_answer_without_a_model_takes_the_sessions() // departure 14
    {
        using var folder = new TempFolder();
        using SessionReader session = Session(folder, User(), Answer(Million, "", ""));
        var report = new CostReport(PricingCatalog.Default);
        OpiCost row = report.SessionRow(session, Make.Sonnet);
        Assert.Equal((Make.Sonnet, 10.935m), (row.Model, row.TotalCost));
        report.AddToModels(session, Make.Sonnet);
        Assert.Equal(Make.Sonnet, Assert.Single(report.ModelRows()).Model);
        Assert.Empty(report.UnpricedModels);
    }

    [Fact] // 127
    public void A_turn_of_unknown_usage_is_counted_once_and_the_rest_is_priced()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out _, User(), Answer(Usage.Unknown), Answer(Usage.Unknown), Answer(Million), User(), Answer(Million), User(), Answer(Usage.Unknown));
        Assert.Equal((2, 2 * 10.935m, true), (row.UnknownUsageTurns, row.TotalCost, row.Priced));
    }

    [Fact]
    public void Nothing_but_unknown_usage_has_no_cost_and_a_reported_zero_has_one()
    {
        using var folder = new TempFolder();
        OpiCost unknown = Report(folder, out _, User(), Answer(Usage.Unknown));
        Assert.Equal((null, 1, true, 0L), (unknown.TotalCost, unknown.UnknownUsageTurns, unknown.Priced, unknown.TotalTokens));
        OpiCost zero = Report(folder, out _, User(), Answer(new Usage(0, 0) { Reported = true }));
        Assert.Equal((0m, 0), (zero.TotalCost, zero.UnknownUsageTurns));
        OpiCost empty = Report(folder, out _);
        Assert.Equal((0m, 0, null, true), (empty.TotalCost, empty.Turns, empty.Model, empty.Priced));
    }

    [Fact]
    public void Branches_that_were_left_were_paid_for()
    {
        using var folder = new TempFolder();
        OpiCost row = Report(folder, out _, Make.UserLine("m1"), Make.AnswerLine("m2", "m1", Million), Make.AnswerLine("m3", "m1", Million), Make.LeafLine("l", "m3"));
        Assert.Equal(2 * 10.935m, row.TotalCost);
    }

    [Fact] // 129
    public void The_file_never_holds_a_cost()
    {
        using var folder = new TempFolder();
        using OpiSession session = Make.Session(folder);
        session.AddTurn([Make.User("a"), Make.Assistant("b", Million)]);
        Assert.DoesNotContain("cost", File.ReadAllText(session.Path), StringComparison.Ordinal);
    }

    private static string User() => Make.Line(new MessageEntry("u", null, "2026-05-22T12:00:00Z", Make.User("hi")));

    private static string Answer(Usage usage, string model = "claude-sonnet-4", string provider = "anthropic") =>
        Make.Line(new MessageEntry("a", null, "t", Make.Assistant("ok", usage, model, provider)));

    private static SessionReader Session(TempFolder folder, params string[] lines) => SessionReader.Open(folder.Write(Make.File(lines)));

    private static OpiCost Report(TempFolder folder, out CostReport report, params string[] lines)
    {
        using SessionReader session = Session(folder, lines);
        report = new CostReport(PricingCatalog.Default);
        return report.SessionRow(session);
    }
}
