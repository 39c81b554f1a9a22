namespace Opi.PowerShell.Tests;

/// <summary>Get-OpiBranch, Switch-OpiBranch and Copy-OpiSession.</summary>
public sealed class OpiBranchTests : EngineTest
{
    [Fact]
    public void Switches_to_an_entry_and_goes_on_from_there()
    {
        NewSession(2);
        OpiBranch now = Engine.One<OpiBranch>("$s | Switch-OpiBranch -EntryId msg-2 -Summary 'the second question led nowhere' -PassThru");
        Assert.True(now.Active);
        Engine.Run("$s | Add-OpiTurn -User b -Assistant B").WithoutErrors();
        Assert.Equal(
            ["question 1", "answer 1", "the second question led nowhere", "b", "B"],
            Engine.All<AgentMessage>("$s | Get-OpiContext").Select(message => message.Text));
        Assert.Equal(["msg-2", "msg-4", "msg-8"], Engine.All<OpiBranch>("$s | Get-OpiBranch").Select(branch => branch.EntryId));
    }

    [Fact]
    public void A_branch_from_the_pipeline_is_switched_to()
    {
        NewSession(2);
        Engine.Run("$s | Switch-OpiBranch -EntryId msg-2; $s | Add-OpiTurn -User b").WithoutErrors();
        OpiBranch back = Engine.One<OpiBranch>("$s | Get-OpiBranch | Where-Object EntryId -eq msg-4 | Switch-OpiBranch -PassThru");
        Assert.Equal("msg-4", back.EntryId);
        Assert.Equal(4, Engine.All<AgentMessage>("Get-OpiContext $s").Count);
    }

    [Fact]
    public void An_unknown_entry_is_an_error_that_names_those_near_it()
    {
        NewSession(2);
        foreach (string command in new[] { "$s | Switch-OpiBranch -EntryId msg-9", "Copy-OpiSession $s msg-9" })
        {
            string name = command.Contains("Switch", StringComparison.Ordinal) ? "SwitchOpiBranchCommand" : "CopyOpiSessionCommand";
            var error = Engine.Run(command).Error("EntryNotFound,Opi.PowerShell.Commands." + name);
            Assert.Equal("msg-9", error.TargetObject);
            Assert.Contains("msg-4, msg-3", error.Exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        NewSession(2);
        IReadOnlyList<string> before = Snapshot();
        Engine.Run("$s | Switch-OpiBranch -EntryId msg-2 -WhatIf; $s | Copy-OpiSession -WhatIf").WithoutErrors();
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_copy_is_a_session_of_its_own_that_can_be_resumed()
    {
        OpiSession source = NewSession(2);
        OpiSessionInfo copy = Engine.One<OpiSessionInfo>("$s | Copy-OpiSession -EntryId msg-2");
        Assert.Equal((source.Id, Folder), (copy.ParentSession, Path.GetDirectoryName(copy.Path)));
        OpiSession resumed = Engine.One<OpiSession>($"Resume-OpiSession '{copy.Path}'");
        Assert.Equal((1, 2), (resumed.Turns, resumed.EntryCount));
        OpiSessionInfo elsewhere = Engine.One<OpiSessionInfo>("Copy-OpiSession $s -Destination $folder/forks");
        Assert.Equal(Path.Combine(Folder, "forks"), Path.GetDirectoryName(elsewhere.Path));
    }

    [Fact]
    public void The_table_shows_which_branch_is_active()
    {
        NewSession(1);
        string table = Engine.Show("Get-OpiBranch $s");
        Assert.Matches(@"ActiveEntryId\s+EntryId\s+Depth\s+Entries\s+ForkPoint\s+LastText", table);
        Assert.Matches(@"msg-2\s+msg-2\s+1\s+2\s+answer 1", table);
    }
}
