using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>Numbers and files are the same where people write 1.234,5.</summary>
public sealed class CultureTests : EngineTest
{
    private const string German = "[cultureinfo]::CurrentCulture = 'de-DE'; ";

    [Fact]
    public void A_turn_costs_the_same()
    {
        NewSession();

        var turn = Engine.One<OpiTurn>(German + "$s | Add-OpiTurn -User q -Assistant a -InputTokens '1200' -OutputTokens 300");

        Assert.Equal((1200, 0.0081m), (turn.InputTokens, turn.Cost));
    }

    [Theory]
    [InlineData("1.200")]
    [InlineData("1200,5")]
    [InlineData("1200.5")]
    public void A_number_that_is_read_differently_elsewhere_is_refused(string number)
    {
        NewSession();
        Engine.Set("number", number);

        Engine.Run(German + "[pscustomobject]@{ User = 'q'; Assistant = 'a'; InputTokens = $number } | Add-OpiTurn $s").BindingError("InputTokens");
    }

    [Fact]
    public void The_file_is_the_same()
    {
        NewSession();
        Engine.Run(German + "$null = Add-OpiTurn $s -Message (New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 't'; Arguments = @{ x = 1.5 } } -InputTokens 1200)").WithoutErrors();

        string line = SharedText.ReadAllLines(Engine.One<string>("$s.Path")).Last();

        Assert.Contains("""{\"x\":1.5}""", line, StringComparison.Ordinal);
        Assert.Contains("\"input_tokens\":1200", line, StringComparison.Ordinal);
        Assert.Matches(@"""timestamp"":""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ""", line);
    }

    [Theory]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    public void Times_are_of_the_Gregorian_calendar_with_Latin_digits(string culture)
    {
        var session = Engine.One<OpiSession>($"[cultureinfo]::CurrentCulture = '{culture}'; New-OpiSession -Path $folder");

        Assert.InRange(session.CreatedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void Errors_and_warnings_have_plain_numbers()
    {
        WriteFile("torn", """{"type":"session","version":1,"id":"torn","timestamp":"2026-01-01T00:00:00Z","cwd":"/","parent_session":null}""" + "\n" + new string('{', 1500));

        Assert.Contains("1500 bytes", Assert.Single(Engine.Run(German + "Get-OpiEntry torn -Folder $folder").WithoutErrors().Warnings), StringComparison.Ordinal);
    }
}
