namespace Opi.PowerShell.Tests;

public sealed class GetOpiSessionFilterTests : EngineTest
{
    public GetOpiSessionFilterTests() => Engine.Run("""
        $one = New-OpiSession $model -Path $folder -WorkingDirectory $folder/one
        $one | Add-OpiTurn -User q -Assistant a
        $one | Set-OpiSession -Name 'first try' -AddLabel bug
        $null = New-OpiSession $model -Path $folder -WorkingDirectory $folder/unused -Name 'not used' -Label spare
        Start-Sleep -Milliseconds 1100 # the times of turns are whole seconds
        $two = New-OpiSession openai:gpt-4o -Path $folder -WorkingDirectory $folder/two
        $two | Add-OpiTurn -User q -Assistant a
        $two | Set-OpiSession -AddLabel Draft, other
        """).WithoutErrors();

    [Theory]
    [InlineData("-Name 'FIRST*'", "one")]
    [InlineData("-Name 'none*'", "")]
    [InlineData("-Label bug", "one")]
    [InlineData("-Label draft, bug", "two one")]
    [InlineData("-Label spare -Name 'NOT used'", "unused")]
    [InlineData("-Latest 5 -Label spare", "")] // nobody used it
    [InlineData("-Latest -Name first*", "one")]
    [InlineData("-Latest -WorkingDirectory $folder/one", "one")]
    [InlineData("-Model openai:*", "two")]
    [InlineData("-WorkingDirectory $folder/two/", "two")]
    [InlineData("-Since 2020-01-01", "two unused one")]
    [InlineData("-Since 2999-01-01", "")]
    [InlineData("-Until 2020-01-01T00:00:00Z", "")]
    [InlineData("-Latest", "two")]
    [InlineData("-Latest 2", "two one")]
    [InlineData("-Latest 2 -Label bug", "one")]
    public void Filters(string filter, string expected)
    {
        string found = string.Join(' ', Engine.All<OpiSessionInfo>($"Get-OpiSession -Folder $folder {filter}").Select(info => Path.GetFileName(info.WorkingDirectory)));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_time_that_is_not_ISO_is_refused() =>
        Engine.Run("Get-OpiSession -Folder $folder -Since 03/04/2026").BindingError("Since");
}
