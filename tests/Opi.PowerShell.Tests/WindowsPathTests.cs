using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>Paths, names and time zones as Windows has them.</summary>
public sealed class WindowsPathTests : EngineTest
{
    [SkippableTheory]
    [InlineData(".ToUpperInvariant()")]
    [InlineData(".Replace('\\', '/')")]
    [InlineData(".Replace('\\', '\\.\\')")]
    public void An_open_session_is_found_by_another_spelling_of_its_path(string change)
    {
        Skip.IfNot(OperatingSystem.IsWindows(), "needs Windows");
        NewSession();

        Engine.Run($"$other = $s.Path{change}; $null = Add-OpiTurn $other -User q -Assistant a; Close-OpiSession $other").WithoutErrors();

        Assert.Equal((OpiSessionState.Closed, 1), ((OpiSessionState)Engine.Run("$s.State").Output[0]!, Engine.Run("(Get-OpiCost $s.Path).Turns").Output[0]));
    }

    [Fact]
    public void The_session_of_a_link_is_the_open_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // links need a right there
        }

        OpiSession session = NewSession();
        string link = Path.Combine(Folder, "link.jsonl");
        File.CreateSymbolicLink(link, session.Path);
        Engine.Set("link", link);

        Assert.Equal(1, Engine.One<OpiTurn>("Add-OpiTurn $link -User q -Assistant a").Turn);
    }

    [Fact]
    public void A_time_zone_that_is_not_known_is_reported_with_an_id_that_is()
    {
        RunResult result = Engine.Run("Get-OpiCost -By Day -TimeZone Europe/Nowhere");
        string message = Assert.Single(result.Errors).Exception.Message;
        Assert.Contains("Europe/Nowhere", message, StringComparison.Ordinal);
        Assert.Contains(Zones.IdOf("Europe/Berlin"), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:b")]
    [InlineData("CONIN$")]
    [InlineData("nul .x")]
    public void What_is_not_an_id_on_some_system_is_none_on_any(string id)
    {
        Engine.Set("id", id);
        Engine.Run("Resume-OpiSession $id -Folder $folder").Error("InvalidSessionId,Opi.PowerShell.Commands.ResumeOpiSessionCommand");
    }

    [Fact]
    public void Projects_of_one_folder_are_one_row_and_every_spelling_finds_them()
    {
        string log = Path.Combine(Folder, "claude", "projects", "p", "s.jsonl");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        string[] folders = [@"c:\\x\\proj", @"C:\\x\\proj", "C:/x/proj"];
        File.WriteAllLines(log, folders.Select((folder, i) =>
            $$$"""{"sessionId":"s","cwd":"{{{folder}}}","type":"assistant","timestamp":"2026-11-2{{{i}}}T10:00:00Z","message":{"id":"m{{{i}}}","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":1,"output_tokens":1}},"requestId":"r{{{i}}}"}"""));
        Engine.Set("log", log);

        Assert.Equal(@"C:\x\proj 3", Engine.One<string>("Get-OpiCost -Source ClaudeCode -LogPath $log -By Project | % { \"$($_.Project) $($_.Responses)\" }"));
        foreach (string pattern in new[] { @"c:\x\proj", "C:/x/proj", "C:/x/*", @"*\proj\" })
        {
            Engine.Set("pattern", pattern);
            Assert.Equal(3, Engine.All<OpiUsage>("Get-OpiUsage $log -Project $pattern").Count);
        }
    }
}
