using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>Test-OpiSession, Repair-OpiSession and Remove-OpiSession.</summary>
public sealed class OpiIntegrityTests : EngineTest
{
    [Fact]
    public void A_whole_session_gives_no_findings_and_true()
    {
        string id = StoredSession();
        Assert.Empty(Engine.All<OpiFinding>($"Test-OpiSession {id} -Folder $folder"));
        Assert.True(Engine.One<bool>($"Test-OpiSession {id} -Folder $folder -Quiet"));
    }

    [Fact]
    public void A_damaged_one_gives_findings_with_line_and_offset_and_false()
    {
        string path = CopyGolden("e05-corrupt-middle", "bad");
        OpiFinding finding = Assert.Single(Engine.All<OpiFinding>("Test-OpiSession bad -Folder $folder"), finding => finding.Code == "CorruptLine");
        Assert.Equal((FindingSeverity.Error, path), (finding.Severity, finding.Path));
        Assert.True(finding.Line > 1 && finding.Offset > 0);
        Assert.False(Engine.One<bool>("Test-OpiSession bad -Folder $folder -Quiet"));
        Assert.Contains("CorruptLine", Engine.Show("Test-OpiSession bad -Folder $folder"), StringComparison.Ordinal);
    }

    [Fact]
    public void Repair_writes_beside_the_file_and_leaves_it_alone()
    {
        string path = CopyGolden("e05-corrupt-middle", "bad");
        byte[] before = SharedText.ReadAllBytes(path);
        OpiRepairResult result = Engine.One<OpiRepairResult>("Repair-OpiSession bad -Folder $folder");
        Assert.Equal(before, SharedText.ReadAllBytes(path));
        Assert.Equal((path, path + ".repaired"), (result.Source, result.Path));
        Assert.Single(result.LeftOut);
        Assert.True(Engine.One<bool>($"Test-OpiSession '{result.Path}' -Quiet"));

        Engine.Run("Repair-OpiSession bad -Folder $folder").Error("SessionWriteFailed,Opi.PowerShell.Commands.RepairOpiSessionCommand");
        Engine.Run("Repair-OpiSession bad -Folder $folder -Force").WithoutErrors();
    }

    [Fact]
    public void What_cannot_be_found_is_an_error_and_the_next_one_goes_on()
    {
        string id = StoredSession();
        RunResult result = Engine.Run($"'nope', '{id}' | Test-OpiSession -Folder $folder -Quiet");
        result.Error("SessionNotFound,Opi.PowerShell.Commands.TestOpiSessionCommand");
        Assert.Equal([true], result.Output);
    }

    [Fact]
    public void An_unknown_version_is_named()
    {
        WriteFile("new", """{"type":"session","version":7,"id":"new","timestamp":"t","cwd":"/"}""" + "\n");
        var error = Engine.Run("Resume-OpiSession new -Folder $folder").Error("UnsupportedFormatVersion,Opi.PowerShell.Commands.ResumeOpiSessionCommand");
        Assert.Contains("version 7", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("UnsupportedFormatVersion", Engine.One<OpiFinding>("Test-OpiSession new -Folder $folder").Code);
    }

    [Fact]
    public void Remove_deletes_a_closed_session_and_refuses_an_open_one()
    {
        OpiSession session = NewSession(1);
        Engine.Run("$s | Remove-OpiSession -Force").Error("SessionLocked,Opi.PowerShell.Commands.RemoveOpiSessionCommand");
        Assert.True(File.Exists(session.Path));
        Engine.Run("$s | Close-OpiSession; Remove-OpiSession $s.Id -Folder $folder -WhatIf").WithoutErrors();
        Assert.True(File.Exists(session.Path));
        Engine.Run("Remove-OpiSession $s.Id -Folder $folder -Confirm:$false").WithoutErrors();
        Assert.Empty(Directory.GetFiles(Folder));
        Engine.Run("Remove-OpiSession $s.Id -Folder $folder -Force").Error("SessionNotFound,Opi.PowerShell.Commands.RemoveOpiSessionCommand");
    }

    [Fact]
    public void Version_2_and_redaction_are_asked_for_at_creation()
    {
        OpiSession session = NewSession("-FormatVersion 2 -Redact Strict");
        Engine.Run("$call = New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 'run'; Arguments = @{ command = 'canary' } }; $s | Add-OpiTurn -Message $call").WithoutErrors();
        Assert.Equal(2, Engine.One<OpiSessionInfo>("Get-OpiSession $s").FormatVersion);
        Assert.DoesNotContain("canary", SharedText.ReadAllText(session.Path), StringComparison.Ordinal);
        Engine.Run("New-OpiSession -Path $folder -FormatVersion 3").BindingError("FormatVersion");
    }
}
