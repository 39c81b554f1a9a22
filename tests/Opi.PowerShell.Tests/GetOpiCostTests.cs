using System.Reflection;

namespace Opi.PowerShell.Tests;

public sealed class GetOpiCostTests : EngineTest
{
    [Fact]
    public void Each_session_of_the_folder_is_a_row()
    {
        string first = StoredSession(turns: 2);
        string second = StoredSession(turns: 1);

        IReadOnlyList<OpiCost> rows = Engine.All<OpiCost>("Get-OpiCost -Folder $folder");

        Assert.Equal([(second, 1), (first, 2)], rows.OrderBy(row => row.Turns).Select(row => (row.SessionId!, row.Turns)));
    }

    [Theory]
    [InlineData("Get-OpiCost $s")]
    [InlineData("$s | Get-OpiCost")]
    [InlineData("Get-OpiCost -Id $s.Id -Folder $folder")]
    [InlineData("Get-OpiCost -Path $s.Path")]
    [InlineData("$s.Path | Get-OpiCost")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id } | Get-OpiCost")]
    [InlineData("Get-OpiSession $s.Id -Folder $folder | Get-OpiCost")]
    public void A_session_costs_the_sum_of_its_answers(string script)
    {
        OpiSession session = NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1200 -OutputTokens 300 -CacheReadTokens 20 -CacheWriteTokens 3").WithoutErrors();

        RunResult result = Engine.Run(script).WithoutErrors();

        var cost = Assert.IsType<OpiCost>(Assert.Single(result.Output));
        Assert.Equal((session.Id, Sonnet, 1, "USD", true, 0), (cost.SessionId, cost.Model, cost.Turns, cost.Currency, cost.Priced, cost.UnknownUsageTurns));
        Assert.Equal((1200, 300, 20, 3, 1523), (cost.InputTokens, cost.OutputTokens, cost.CacheReadTokens, cost.CacheWriteTokens, cost.TotalTokens));
        Assert.Equal((0.0036m, 0.0045m, 0.000006m, 0.00001125m, 0.00811725m), (cost.InputCost, cost.OutputCost, cost.CacheReadCost, cost.CacheWriteCost, cost.TotalCost));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void By_Turn_each_turn_is_a_row()
    {
        OpiSession session = NewSession(turns: 3);

        IReadOnlyList<OpiTurnCost> rows = Engine.All<OpiTurnCost>("$s | Get-OpiCost -By Turn");

        Assert.Equal([1, 2, 3], rows.Select(row => row.Turn));
        Assert.All(rows, row => Assert.Equal((session.Id, 1, 100, 0.00045m), (row.SessionId, row.Turns, row.InputTokens, row.TotalCost)));
        Assert.All(rows, row => Assert.NotNull(row.Timestamp));
    }

    [Fact]
    public void By_Model_the_answers_of_all_sessions_are_added_up_each_at_its_own_price()
    {
        string one = NewSession(turns: 1).Id;
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -Model openai:gpt-4o -InputTokens 1000000").WithoutErrors();
        NewSession(turns: 2);

        IReadOnlyList<OpiCost> rows = Engine.All<OpiCost>("Get-OpiCost -Folder $folder -By Model");

        Assert.Equal([(Sonnet, 3, 0.00135m), ("openai:gpt-4o", 1, 2.5m)], rows.Select(row => (row.Model!, row.Turns, row.TotalCost!.Value)));
        Assert.Equal([null, one], rows.Select(row => row.SessionId));
    }

    [Fact]
    public void Of_the_source_opi_a_fork_counts_what_it_shares_once()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 10; $null = $s | Copy-OpiSession -Folder $folder").WithoutErrors();

        Assert.Equal(10, Engine.One<OpiCost>("Get-OpiCost -Source Opi -LogPath $folder -By Model").InputTokens);
        Engine.Run("Get-OpiCost -Session \"$folder/none.jsonl\" -By Day").Error("SessionNotFound,Opi.PowerShell.Commands.GetOpiCostCommand");
    }

    [Theory]
    [InlineData("Session")]
    [InlineData("Turn")]
    [InlineData("Model")]
    public void A_model_without_price_has_no_cost_and_is_reported_once(string by)
    {
        NewSession();
        Engine.Run("1..3 | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10 }").WithoutErrors();
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10").WithoutErrors();

        RunResult result = Engine.Run($"Get-OpiCost -Folder $folder -By {by}").WithoutErrors();

        string warning = Assert.Single(result.Warnings);
        Assert.Contains("'acme:giant-1'", warning, StringComparison.Ordinal);
        Assert.Contains("Get-OpiPricing", warning, StringComparison.Ordinal);
        Assert.NotEmpty(result.Output);
        Assert.All(result.Output.Cast<OpiCost>(), row =>
        {
            Assert.False(row.Priced);
            Assert.True(row.InputTokens >= 10);
            Assert.Equal((null, null, null, null, null), (row.InputCost, row.OutputCost, row.CacheReadCost, row.CacheWriteCost, row.TotalCost));
        });
    }

    [Fact]
    public void Models_without_price_are_named_in_one_warning_with_the_number_of_their_responses()
    {
        NewSession();
        Engine.Run("'acme:a', 'acme:b', 'acme:a' | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -Model $_ -InputTokens 10 }").WithoutErrors();

        string warning = Assert.Single(Engine.Run("$s | Get-OpiCost").WithoutErrors().Warnings);
        Assert.Contains("3 responses have no price", warning, StringComparison.Ordinal);
        Assert.Contains("'acme:a', 'acme:b'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cost_with_a_part_that_has_no_price_is_unknown_and_not_the_rest()
    {
        NewSession(turns: 1);
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10").WithoutErrors();

        RunResult result = Engine.Run("$s | Get-OpiCost; $s | Get-OpiCost -By Turn").WithoutErrors();

        Assert.Equal([null, 0.00045m, null], result.Output.Cast<OpiCost>().Select(row => row.TotalCost));
    }

    [Fact]
    public void Answers_without_any_model_are_kept_apart_from_those_without_price()
    {
        Engine.Run("$s = New-OpiSession -Path $folder; $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 10").WithoutErrors();

        RunResult result = Engine.Run("$s | Get-OpiCost").WithoutErrors();

        Assert.Null(Assert.IsType<OpiCost>(Assert.Single(result.Output)).TotalCost);
        Assert.Contains("no model", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_whose_tokens_nobody_reported_is_counted_and_not_taken_for_free()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a").WithoutErrors();

        var unknown = Engine.One<OpiCost>("$s | Get-OpiCost");
        Assert.Equal((null, 1, true), (unknown.TotalCost, unknown.UnknownUsageTurns, unknown.Priced));

        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1000").WithoutErrors();
        var partly = Engine.One<OpiCost>("$s | Get-OpiCost");
        Assert.Equal((null, 0.003m, 1, 1, 2), (partly.TotalCost, partly.KnownCost, partly.UnpricedResponses, partly.UnknownUsageTurns, partly.Turns));
    }

    [Fact]
    public void A_session_without_answers_cost_nothing()
    {
        NewSession();

        var cost = Engine.One<OpiCost>("$s | Get-OpiCost");

        Assert.Equal((0m, 0, true, null), (cost.TotalCost, cost.Turns, cost.Priced, cost.Model));
    }

    [Fact]
    public void Branches_that_were_left_count_because_they_were_paid_for()
    {
        string path = CopyGolden("s08-leaf-older-then-turn", "branched");

        var cost = Engine.One<OpiCost>("Get-OpiCost branched -Folder $folder");

        using var reader = SessionReader.Open(path);
        Assert.Equal(reader.Entries.Sum(entry => entry.Usage?.InputTokens ?? 0), cost.InputTokens);
        Assert.True(cost.InputTokens > reader.Tree.ActiveBranch.Sum(entry => entry.Usage?.InputTokens ?? 0));
    }

    [Fact]
    public void A_compaction_leaves_the_cost()
    {
        NewSession(turns: 4);
        OpiCost before = Engine.One<OpiCost>("$s | Get-OpiCost");

        Engine.Run("$null = $s | Invoke-OpiCompaction").WithoutErrors();

        Assert.Equal(before, Engine.One<OpiCost>("$s | Get-OpiCost"));
    }

    [Fact]
    public void A_file_that_is_not_a_session_is_named_in_a_warning_and_the_others_are_counted()
    {
        string id = StoredSession();
        WriteFile("notes", "not a session\n");

        RunResult result = Engine.Run("Get-OpiCost -Folder $folder").WithoutErrors();

        Assert.Equal(id, Assert.IsType<OpiCost>(Assert.Single(result.Output)).SessionId);
        Assert.Contains("notes.jsonl", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@() | Get-OpiCost -Folder $folder")]
    [InlineData("Get-OpiSession 'zzz*' -Folder $folder | Get-OpiCost -Folder $folder")]
    public void Nothing_costs_nothing(string script)
    {
        StoredSession();

        Assert.Empty(Engine.Run(script).Output);
    }

    [Fact]
    public void Huge_counts_do_not_wrap()
    {
        NewSession();
        Engine.Run("1..2 | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens ([long]::MaxValue) }").WithoutErrors();

        var cost = Engine.One<OpiCost>("$s | Get-OpiCost");

        Assert.Equal(long.MaxValue, cost.InputTokens);
        Assert.Equal(2 * (long.MaxValue * 6m / 1_000_000m), cost.TotalCost);
    }

    [Fact]
    public void Rows_are_flat_so_that_they_can_be_exported()
    {
        Type[] flat = [typeof(string), typeof(int), typeof(long), typeof(decimal), typeof(decimal?), typeof(bool), typeof(DateTimeOffset?), typeof(CostSource)];

        Assert.All(typeof(OpiTurnCost).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.Contains(property.PropertyType, flat));
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        CopyGolden("e02-torn-tail-no-newline", "torn");
        IReadOnlyList<string> before = Snapshot();

        Engine.Run("Get-OpiCost -Folder $folder").WithoutErrors();

        Assert.Equal(before, Snapshot());
    }
}
