namespace Opi.PowerShell.Tests;

public sealed class MeasureOpiContextTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.MeasureOpiContextCommand";

    [Theory]
    [InlineData("$s | Measure-OpiContext")]
    [InlineData("Measure-OpiContext $s")]
    [InlineData("Measure-OpiContext -Id $s.Id")]
    [InlineData("$s.Path | Measure-OpiContext")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id } | Measure-OpiContext")]
    [InlineData("Get-OpiSession -Folder $folder | Measure-OpiContext")]
    public void An_open_session_is_measured_with_its_own_settings(string script)
    {
        OpiSession session = NewSession(turns: 2, "-ContextWindow 120 -ReserveTokens 9");

        var measure = Engine.One<OpiContextMeasure>(script);

        Assert.Equal((session.Id, 110, ContextSource.Reported), (measure.SessionId, measure.Tokens, measure.Source));
        Assert.Equal((120, 9, 111, 220), (measure.ContextWindow, measure.ReserveTokens, measure.Threshold, measure.BilledTokens));
        Assert.False(measure.CompactionDue);
    }

    [Fact]
    public void A_stored_session_is_measured_without_being_opened_for_writing()
    {
        string id = StoredSession(turns: 2);
        using (SessionCoordinator.OpenExisting(PathOf(id), new OpiCompactionPolicy()))
        {
            IReadOnlyList<string> before = Snapshot();
            var measure = Engine.One<OpiContextMeasure>($"Measure-OpiContext {id} -Folder $folder -ContextWindow 100 -ReserveTokens 10");
            Assert.Equal((110, 110.0, true), (measure.Tokens, measure.Percent, measure.CompactionDue));
            Assert.Null(measure.BilledTokens);
            Assert.Equal(before, Snapshot());
        }
    }

    [Fact]
    public void A_prompt_and_a_system_text_count()
    {
        NewSession();
        Engine.Run("$s | Add-OpiTurn -User 'What is there?'").WithoutErrors();
        var measure = Engine.One<OpiContextMeasure>("$s | Measure-OpiContext -System 'You are terse.' -Prompt 'And now?' -TokenCounter { 100 }");
        Assert.Equal(3 * (100 + TokenEstimator.MessageOverhead), measure.Tokens);
        Assert.Equal((104, 208), (measure.SystemTokens, measure.UserTokens));
    }

    [Theory]
    [InlineData("{ param($text) $text.Length }", 14)]
    [InlineData("{ $_.Length }", 14)]
    [InlineData("{ 2.2 }", 3)]
    public void A_token_counter_gets_the_text(string counter, long tokens)
    {
        NewSession();
        Engine.Run("$s | Add-OpiTurn -User 'What is there?'").WithoutErrors();
        Assert.Equal(tokens + TokenEstimator.MessageOverhead, Engine.One<OpiContextMeasure>($"$s | Measure-OpiContext -TokenCounter {counter}").Tokens);
    }

    [Theory]
    [InlineData("{ }", "it gave nothing for a text of 14 characters")]
    [InlineData("{ 'seven' }", "it gave the text 'seven'")]
    [InlineData("{ -1 }", "it gave -1 (Int32)")]
    [InlineData("{ 1; 2 }", "it gave 2 values")]
    [InlineData("{ $null }", "it gave null")]
    [InlineData("{ [double]::NaN }", "it gave NaN (Double)")]
    [InlineData("{ throw 'no tokenizer' }", "The token counter failed: no tokenizer.")]
    public void A_token_counter_that_gives_no_count_is_an_error(string counter, string message)
    {
        NewSession();
        Engine.Run("$s | Add-OpiTurn -User 'What is there?'").WithoutErrors();
        RunResult result = Engine.Run($"$s | Measure-OpiContext -TokenCounter {counter}");
        Assert.Empty(result.Output);
        Assert.Equal("TokenCounterFailed" + Command, Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Contains(message, result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Measure-OpiContext nothing -Folder $folder", "SessionNotFound")]
    [InlineData("$s | Measure-OpiContext -ContextWindow 100 -ReserveTokens 100", "ReserveTooLarge")]
    public void Errors_have_their_ids(string script, string id)
    {
        NewSession();
        Assert.Equal(id + Command, Assert.Single(Engine.Run(script).Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_closed_session_is_an_error_and_the_next_goes_on()
    {
        NewSession(turns: 1);
        RunResult result = Engine.Run("$c = $s; $c | Close-OpiSession; $s = New-OpiSession $model -Path $folder; $c, $s | Measure-OpiContext");
        Assert.Equal("SessionClosed" + Command, Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Single(result.Output);
    }

    [Theory]
    [InlineData("New-OpiSession nobody:nothing -Path $folder -ContextWindow Auto", "ContextWindowUnknown,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ContextWindow auto", "ContextWindowUnknown,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ContextWindow 5000 -ReserveTokens 5000", "ReserveTooLarge,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ContextWindow 5000 -CompactionThreshold 5000", "TwoTriggers,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ReserveTokens 5000", "ReserveWithoutWindow,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ContextWindow 0", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("New-OpiSession -Path $folder -ContextWindow 200k", "ParameterArgumentTransformationError,Opi.PowerShell.Commands.NewOpiSessionCommand")]
    [InlineData("Resume-OpiSession nothing -Folder $folder -ReserveTokens 5000", "ReserveWithoutWindow,Opi.PowerShell.Commands.ResumeOpiSessionCommand")]
    public void A_window_that_makes_no_sense_creates_nothing(string script, string id)
    {
        RunResult result = Engine.Run(script);
        Assert.Equal(id, Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void The_window_decides_when_a_turn_makes_a_compaction_due()
    {
        OpiSession session = NewSession("-ContextWindow 1000");
        Assert.Equal((1000, 250, 750), (session.ContextWindow, session.ReserveTokens, session.CompactionThreshold));
        Assert.Null(Engine.One<OpiTurn>("$s | Add-OpiTurn -User a -Assistant b -InputTokens 700 -OutputTokens 50").CompactionReason);
        Assert.Null(Engine.One<OpiTurn>("$s | Add-OpiTurn -User a -Assistant b -InputTokens 740 -OutputTokens 10").CompactionReason);
        Assert.Equal(CompactionReason.Threshold, Engine.One<OpiTurn>("$s | Add-OpiTurn -User a -Assistant b -InputTokens 741 -OutputTokens 10").CompactionReason);
        Assert.True(session.CompactionDue);

        Engine.Run("$s | Close-OpiSession; $s = Resume-OpiSession $s.Id -Folder $folder -ContextWindow 1000 -AutoCompact").WithoutErrors();
        Assert.True(Engine.One<bool>("$s.CompactionDue"));
        Assert.Equal(751, Engine.One<long>("$s.ContextTokens"));
        Assert.Equal(CompactionReason.Threshold, Engine.One<OpiTurn>("$s | Add-OpiTurn -User a -Assistant b -InputTokens 800 -OutputTokens 10").Compaction?.Reason);
        Assert.False(Engine.One<bool>("$s.CompactionDue"));
    }

    [Fact]
    public void An_overflow_is_caught_by_its_id_and_tells_the_limit()
    {
        NewSession();
        const string Reply = """'{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}'""";
        foreach (string call in (string[])[$"{Reply} | ConvertTo-OpiMessage -ErrorAction Stop", $"$s | Add-OpiTurn -User a -Response {Reply} -ErrorAction Stop"])
        {
            Assert.Equal(
                ["True", "200000", "208310"],
                Engine.All<string>($"try {{ {call} }} catch {{ \"$($_.FullyQualifiedErrorId -like 'ContextOverflow,*')\"; \"$($_.Exception.LimitTokens)\"; \"$($_.Exception.RequestedTokens)\" }}"));
            Assert.Equal("caught", Engine.One<string>($"try {{ {call} }} catch [Opi.ContextOverflowException] {{ 'caught' }} catch {{ 'other' }}"));
            Assert.Equal("caught", Engine.One<string>($"try {{ {call} }} catch [Opi.ProviderErrorException] {{ 'caught' }}"));
        }
    }

    [Fact]
    public void The_view_is_a_list()
    {
        NewSession("-ContextWindow 200000");
        Engine.Run("$s | Add-OpiTurn -User 'What is there?' -Assistant 'Nothing.' -InputTokens 1200 -OutputTokens 34").WithoutErrors();
        string shown = Engine.Show("$s | Measure-OpiContext");
        foreach (string part in (string[])["Tokens          : 1,234", "Source          : Reported", "ContextWindow   : 200,000", "Percent         : 0.6", "CompactionDue   : False", "holds 183616"])
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("ThinkingTokens", shown, StringComparison.Ordinal);
        Assert.Contains("1.234", Engine.Show("$s | Measure-OpiContext", "de-DE"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_the_window_of_the_model() =>
        Assert.Equal("Auto", Assert.Single(Engine.Complete("New-OpiSession -ContextWindow A")).CompletionText);
}
