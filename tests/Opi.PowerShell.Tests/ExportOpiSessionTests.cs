using Opi.Tests;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

public sealed class ExportOpiSessionTests : EngineTest
{
    private const string FullName = "Opi.PowerShell.Commands.ExportOpiSessionCommand";

    [Theory]
    [InlineData("x.md", "", "# Session ")]
    [InlineData("x.json", "", "{")]
    [InlineData("x.html", "", "<!DOCTYPE html>")]
    [InlineData("x.txt", "-Format Html", "<!DOCTYPE html>")]
    public void The_form_follows_the_ending_or_is_the_one_asked_for(string name, string parameters, string beginning)
    {
        NewSession(1);
        Assert.Empty(Engine.All<object>($"$s | Export-OpiSession -Path $folder/{name} {parameters}"));
        string text = SharedText.ReadAllText(Path.Combine(Folder, name));
        Assert.StartsWith(beginning, text, StringComparison.Ordinal);
        Assert.Contains("question 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_takes_a_file_of_each_session_of_the_pipeline()
    {
        string[] ids = [StoredSession(), StoredSession()];
        string target = Directory.CreateDirectory(Path.Combine(Folder, "out")).FullName;
        IReadOnlyList<FileInfo> files = Engine.All<FileInfo>("Get-OpiSession -Folder $folder | Export-OpiSession -Path $folder/out -PassThru");
        Assert.Equal(ids.Select(id => Path.Combine(target, id + ".md")).Order(), files.Select(file => file.FullName).Order());
        Assert.All(files, file => Assert.True(file.Exists));
    }

    [Fact]
    public void A_second_session_does_not_replace_the_first_ones_file()
    {
        string first = StoredSession(), second = StoredSession();
        Engine.Run($"'{first}', '{second}' | Export-OpiSession -Path $folder/x.md -Folder $folder").Error($"SeveralSessions,{FullName}");
        Assert.Contains(first, SharedText.ReadAllText(Path.Combine(Folder, "x.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_is_an_error_and_nothing_changes()
    {
        NewSession(1);
        IReadOnlyList<string> before = Snapshot();
        ErrorRecord error = Engine.Run("Export-OpiSession $s $folder/nope/x.md").Error($"ExportFailed,{FullName}");
        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Engine.Run("Export-OpiSession $s $s.Path -Force").Error($"ExportFailed,{FullName}");
        Engine.Run("Export-OpiSession nope $folder/x.md -Folder $folder").Error($"SessionNotFound,{FullName}");
        Engine.Run("Export-OpiSession $s $folder/x.md -WhatIf").WithoutErrors();
        Engine.Run("Export-OpiSession $s $folder/x.md -Redact Some").BindingError("Redact");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Files_are_replaced_unless_that_is_forbidden()
    {
        NewSession(1);
        Engine.Run("1..2 | ForEach-Object { Export-OpiSession $s $folder/x.md }").WithoutErrors();
        Engine.Run("Export-OpiSession $s $folder/x.md -NoClobber").Error($"ExportFailed,{FullName}");
    }

    [Fact]
    public void Redaction_is_on_unless_it_is_switched_off()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User 'see /home/me/x' -Assistant 'key sk-ant-abcdefghij0123456789 of /home/me'").WithoutErrors();
        Assert.Equal((false, false), Found("Summary"));
        Assert.Equal((true, false), Found("Verbose"));
        Assert.Equal((true, true), Found("None"));

        (bool Path, bool Key) Found(string mode)
        {
            Engine.Run($"Export-OpiSession $s $folder/x.md -Redact {mode}").WithoutErrors();
            string text = SharedText.ReadAllText(Path.Combine(Folder, "x.md"));
            return (text.Contains("/home/me", StringComparison.Ordinal), text.Contains("sk-ant", StringComparison.Ordinal));
        }
    }
}
