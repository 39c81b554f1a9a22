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

    [Theory]
    [InlineData("msg-1, msg-4")]
    [InlineData("'msg-1,msg-4'")]
    [InlineData("($s | Get-OpiEntry -EntryId msg-1, msg-4)")]
    [InlineData("($s | Get-OpiContext | Where-Object EntryId -in msg-1, msg-4)")]
    public void What_is_pinned_stays_and_is_shown(string pin)
    {
        NewSession(turns: 4);
        Engine.Run($"$s | Set-OpiSession -Pin {pin}; $null = $s | Invoke-OpiCompaction -Strategy Core").WithoutErrors();

        Assert.Equal(["msg-1", "msg-4"], Engine.All<string>("$s.PinnedEntryIds"));
        Assert.Equal(["msg-1", "msg-4"], Engine.All<string>("$s | Get-OpiEntry | Where-Object Pinned | ForEach-Object Id"));
        Assert.Equal(["msg-1", "msg-4"], Engine.All<string>("Get-OpiEntry $s.Path -Type Message | Where-Object Pinned | ForEach-Object Id"));
        Assert.Equal(["msg-1", "msg-4"], Engine.All<string>("$s | Get-OpiContext | Where-Object Pinned | ForEach-Object EntryId"));
        Assert.Equal(["question 1", "answer 2", "question 4", "answer 4"], Engine.All<Message>("$s | Get-OpiContext | Select-Object -Skip 1").Select(message => message.Text));
        Assert.Contains("(pinned) question 1", Engine.One<string>("$s | Get-OpiContext | Format-Table | Out-String -Width 80"), StringComparison.Ordinal);
        Assert.Contains("(pinned) answer 2", Engine.One<string>("$s | Get-OpiEntry | Format-Table | Out-String -Width 80"), StringComparison.Ordinal);

        Engine.Run("$s | Set-OpiSession -Unpin msg-1, msg-2").WithoutErrors();
        Assert.Equal(["msg-4"], Engine.All<string>("$s.PinnedEntryIds"));
    }

    [Theory]
    [InlineData("-Pin msg-77", "EntryNotFound")]
    [InlineData("-Pin cmp-9", "EntryNotFound")]
    [InlineData("-Unpin msg-77", "EntryNotFound")]
    [InlineData("-Pin ''", "ParameterArgumentValidationError")]
    [InlineData("-Pin 3", "ParameterArgumentTransformationError")]
    public void What_cannot_be_pinned_is_an_error_and_changes_nothing(string parameters, string id)
    {
        NewSession(turns: 4);
        Engine.Run("$null = $s | Invoke-OpiCompaction").WithoutErrors();
        IReadOnlyList<string> before = Snapshot();

        RunResult result = Engine.Run($"$s | Set-OpiSession {parameters} -Name other");

        Assert.Equal(id, result.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(before, Snapshot());
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
    public void Later_turns_have_a_new_model()
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
