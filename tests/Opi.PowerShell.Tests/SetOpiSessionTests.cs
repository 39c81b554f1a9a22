namespace Opi.PowerShell.Tests;

public sealed class SetOpiSessionTests : EngineTest
{
    [Fact]
    public void Sets_name_model_thinking_level_and_labels_and_a_list_shows_them()
    {
        OpiSession session = NewSession(1);
        OpiSessionInfo info = Engine.One<OpiSessionInfo>("$s | Set-OpiSession -Name 'my work' -Model openai:gpt-4o -ThinkingLevel XHigh -AddLabel bug, draft -PassThru");
        Assert.Equal(("my work", "openai:gpt-4o", ThinkingLevel.XHigh), (info.Name, info.Model, info.ThinkingLevel));
        Assert.Equal(["bug", "draft"], info.Labels);
        Assert.Equal(("my work", "openai:gpt-4o"), (session.Name, session.Model));
        Engine.Run("$s | Set-OpiSession -RemoveLabel bug -Name ''").WithoutErrors();
        Assert.Equal("", session.Name);
        Assert.Equal(["draft"], session.Labels);
    }

    [Fact]
    public void Opens_a_stored_session_for_the_call_and_closes_it()
    {
        string id = StoredSession();
        Engine.Run($"Set-OpiSession {id} -Folder $folder -Name n").WithoutErrors();
        Assert.Empty(Engine.All<OpiSession>("Get-OpiSession -Open | Where-Object Path -Like \"$folder*\""));
        Assert.Equal("n", Engine.One<OpiSession>($"($s = Resume-OpiSession {id} -Folder $folder)").Name);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        NewSession(1);
        IReadOnlyList<string> before = Snapshot();
        Engine.Run("$s | Set-OpiSession -Name n -WhatIf").WithoutErrors();
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_new_model_is_that_of_later_turns()
    {
        NewSession();
        Engine.Run("$s | Set-OpiSession -Model openai:gpt-4o").WithoutErrors();
        Engine.Run("$s | Add-OpiTurn -User q -Assistant a -InputTokens 1000000 -OutputTokens 0").WithoutErrors();
        OpiCost cost = Engine.One<OpiCost>("Get-OpiCost $s");
        Assert.Equal(("openai:gpt-4o", 2.5m), (cost.Model, cost.TotalCost));
    }

    [Fact]
    public void A_closed_session_is_refused()
    {
        NewSession();
        Engine.Run("$s | Close-OpiSession; $s | Set-OpiSession -Name n").Error("SessionClosed,Opi.PowerShell.Commands.SetOpiSessionCommand");
    }
}
