using Opi.Tests;
using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>A guard opens only where what was spent is known to be within the budget. Everything else ends the script.</summary>
public sealed class AssertOpiBudgetTests : EngineTest
{
    private const string Over = "OverBudget,Opi.PowerShell.Commands.AssertOpiBudgetCommand";
    private const string Unknown = "BudgetUnknown,Opi.PowerShell.Commands.AssertOpiBudgetCommand";

    [Theory]
    [InlineData("0.9", false)] // 10 turns of 100 and 10 tokens at $3 and $15 a million: $0.0045
    [InlineData("0.0045", false)] // all of it may be spent
    [InlineData("0.0044", true)]
    [InlineData("0", true)]
    public void It_is_silent_within_the_budget_and_ends_the_script_beyond_it(string budget, bool isOver)
    {
        NewSession(turns: 10);
        foreach (string period in new[] { "Hour", "Day", "Week", "Month", "Block" })
        {
            RunResult result = Engine.Run($"Assert-OpiBudget {budget} {period} -Folder $folder; 'goes on'");

            Assert.Equal(isOver, result.Terminated);
            Assert.Equal(isOver ? [] : ["goes on"], result.Output);
            Assert.Empty(result.Warnings);
            if (isOver)
            {
                ErrorRecord error = result.Error(Over);
                var exception = Assert.IsType<BudgetException>(error.Exception);
                Assert.Equal((decimal.Parse(budget, CultureInfo.InvariantCulture), 0.0045m, true), (exception.Budget, exception.KnownCost, exception.IsOver));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-ErrorAction Continue")]
    [InlineData("-ErrorAction SilentlyContinue")]
    [InlineData("-ErrorAction Ignore")]
    public void It_ends_the_script_and_not_its_statement_only(string parameters)
    {
        NewSession(turns: 1);

        RunResult result = Engine.Run($"function Spend {{ Assert-OpiBudget 0 Day -Folder $folder {parameters}; 'spent' }}; Spend; 'spent too'");

        Assert.True(result.Terminated);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void It_can_be_caught_by_its_id_and_by_its_type()
    {
        NewSession(turns: 1);

        Assert.Equal([Over, "typed"], Engine.Run(
            "try { Assert-OpiBudget 0 Day -Folder $folder } catch { $_.FullyQualifiedErrorId }; try { Assert-OpiBudget 0 Day -Folder $folder } catch [Opi.BudgetException] { 'typed' }")
            .WithoutErrors().Output);
    }

    [Fact]
    public void What_is_not_known_ends_the_script_and_is_named_with_what_to_do()
    {
        NewSession(turns: 1);
        Engine.Run("1..3 | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -Model \"acme:it's-$_\" -InputTokens 10 }").WithoutErrors();

        RunResult result = Engine.Run("Assert-OpiBudget 5 Day -Folder $folder; 'spent'");

        ErrorRecord error = result.Error(Unknown);
        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings); // the error says it
        Assert.Contains("at least $0.00045", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 responses have no price: 'acme:it''s-1', 'acme:it''s-2', 'acme:it''s-3'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Set-OpiPricing 'acme:it''s-1' -InputPrice", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Exception.Message);
    }

    [Fact]
    public void What_is_known_may_be_enough_to_be_over()
    {
        NewSession(turns: 1);
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10").WithoutErrors();

        Engine.Run("Assert-OpiBudget 0.0001 Day -Folder $folder").Error(Over);
        Engine.Run("Assert-OpiBudget 0.0001 Day -Folder $folder -AllowUnknown").Error(Over);
        RunResult allowed = Engine.Run("Assert-OpiBudget 5 Day -Folder $folder -AllowUnknown; 'goes on'").WithoutErrors();
        Assert.Equal(["goes on"], allowed.Output);
        Assert.Contains("'acme:giant-1'", Assert.Single(allowed.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_usage_that_nobody_reported_is_not_taken_for_nothing()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User q -Assistant a").WithoutErrors();

        Assert.Contains("The tokens of 1 response were not reported.", Engine.Run("Assert-OpiBudget 5 Day -Folder $folder").Error(Unknown).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_period_that_is_now_counts()
    {
        string log = Path.Combine(Folder, "old.jsonl");
        File.WriteAllText(log, Line("1", DateTimeOffset.UtcNow.AddDays(-40), 100_000_000) + Line("2", DateTimeOffset.UtcNow.AddDays(-41), 1, "acme-1"));
        Engine.Set("log", log);

        Assert.Equal(["goes on"], Engine.Run("Assert-OpiBudget 1 Month -Source ClaudeCode -LogPath $log; 'goes on'").WithoutErrors().Output);

        File.AppendAllText(log, Line("3", DateTimeOffset.UtcNow, 1_000_000));
        Engine.Run("Assert-OpiBudget 1 Month -Source ClaudeCode -LogPath $log").Error(Over);
        Assert.Equal(["goes on"], Engine.Run("Assert-OpiBudget 1 Month -Source ClaudeCode -LogPath $log -Project /other*; 'goes on'").WithoutErrors().Output);
    }

    [Theory]
    [InlineData("-Folder \"$folder/none\"", "PathNotFound")]
    [InlineData("-Folder env:/x", "NotAFilePath")]
    [InlineData("-Folder nodrive:/x", "DriveNotFound")]
    [InlineData("-Source ClaudeCode -LogPath \"$folder/none.jsonl\"", "PathNotFound")]
    [InlineData("-Source ClaudeCode -LogPath \"$folder/none*\"", "PathNotFound")]
    public void What_was_named_and_is_not_there_ends_the_script(string parameters, string id)
    {
        RunResult result = Engine.Run($"Assert-OpiBudget 5 Day {parameters} -AllowUnknown -WarningAction Ignore; 'spent'");

        result.Error($"{id},Opi.PowerShell.Commands.AssertOpiBudgetCommand");
        Assert.True(result.Terminated);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_session_that_may_not_be_read_ends_the_script()
    {
        string readable = PathOf(StoredSession()), unreadable = PathOf(StoredSession());
        using (new UnreadableFile(unreadable)) // as if it were another account's
        {
            string message = Engine.Run("Assert-OpiBudget 5 Day -Folder $folder; 'spent'").Error(Unknown).Exception.Message;
            Assert.Contains(unreadable, message, StringComparison.Ordinal);
            Assert.Contains("1 file or folder could not be read", message, StringComparison.Ordinal);

            RunResult allowed = Engine.Run("Assert-OpiBudget 5 Day -Folder $folder -AllowUnknown; 'goes on'").WithoutErrors();
            Assert.Equal(["goes on"], allowed.Output);
            Assert.Contains(unreadable, Assert.Single(allowed.Warnings), StringComparison.Ordinal);
        }

        Assert.Equal(["goes on"], Engine.Run("Assert-OpiBudget 5 Day -Folder $folder; 'goes on'").WithoutErrors().Output);
        Assert.True(File.Exists(readable));
    }

    [Fact]
    public void It_says_the_same_as_the_row_of_the_current_period()
    {
        NewSession(turns: 3);
        foreach ((string budget, string text) in new[] { ("0.001", "True"), ("1", "False") })
        {
            Assert.Equal([text], Engine.Run($"\"$((Get-OpiCost -Folder $folder -Budget {budget} -Period Day -Current).OverBudget)\"").WithoutErrors().Output);
            Assert.Equal(text == "True", Engine.Run($"Assert-OpiBudget {budget} Day -Folder $folder").Terminated);
        }
    }

    private static string Line(string id, DateTimeOffset time, long input, string model = "claude-3-7-sonnet") =>
        $$"""{"type":"assistant","sessionId":"s","timestamp":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}","cwd":"/p","requestId":"r{{id}}","message":{"id":"m{{id}}","role":"assistant","model":"{{model}}","usage":{"input_tokens":{{input}},"output_tokens":0} } }""" + "\n";
}
