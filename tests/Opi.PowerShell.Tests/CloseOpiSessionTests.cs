namespace Opi.PowerShell.Tests;

public sealed class CloseOpiSessionTests : EngineTest
{
    [Theory]
    [InlineData("$s | Close-OpiSession")]
    [InlineData("Close-OpiSession $s")]
    [InlineData("Close-OpiSession $s.Id")]
    [InlineData("Close-OpiSession $s.Path")]
    [InlineData("$s.Id | Close-OpiSession -Folder $folder")]
    [InlineData("[pscustomobject]@{ SessionId = $s.Id } | Close-OpiSession")]
    [InlineData("Get-OpiSession -Folder $folder | Close-OpiSession")]
    [InlineData("Get-OpiSession -Open | Where-Object Id -eq $s.Id | Close-OpiSession")]
    [InlineData("$s.Dispose()")]
    public void A_closed_session_can_be_opened_by_the_next(string script)
    {
        OpiSession session = NewSession();

        Assert.Empty(Engine.Run(script).WithoutErrors().Output);

        Assert.Equal(OpiSessionState.Closed, session.State);
        Engine.One<OpiSession>("Resume-OpiSession $s.Path");
    }

    [Fact]
    public void Closing_twice_is_not_an_error_and_says_so_when_asked()
    {
        NewSession();

        RunResult result = Engine.Run("$s | Close-OpiSession; $s | Close-OpiSession -Verbose").WithoutErrors();

        Assert.Contains("is not open", Assert.Single(result.Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_of_a_session_stays_readable_after_it_is_closed()
    {
        OpiSession session = NewSession(turns: 2);

        Engine.Run("$s | Close-OpiSession").WithoutErrors();

        Assert.Equal((2, 4, 200), (session.Turns, session.EntryCount, session.Usage.InputTokens));
        Assert.Equal(4, Engine.All<AgentMessage>("$s | Get-OpiContext").Count);
        Assert.Equal(4, Engine.All<OpiEntry>("$s | Get-OpiEntry").Count);
    }

    [Fact]
    public void An_unknown_session_is_an_error_and_the_next_is_closed()
    {
        OpiSession session = NewSession();

        RunResult result = Engine.Run("'no-such', $s.Id | Close-OpiSession -Folder $folder");

        Assert.Equal("no-such", result.Error("SessionNotFound,Opi.PowerShell.Commands.CloseOpiSessionCommand").TargetObject);
        Assert.Equal(OpiSessionState.Closed, session.State);
    }

    [Fact]
    public void A_session_that_is_not_open_here_is_left_alone()
    {
        string id = StoredSession();
        IReadOnlyList<string> before = Snapshot();

        Engine.Run($"Close-OpiSession {id} -Folder $folder").WithoutErrors();

        Assert.Equal(before, Snapshot());
    }
}
