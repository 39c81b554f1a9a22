using Opi.Tests;
using System.Text.Json;

namespace Opi.PowerShell.Tests;

public sealed class NewOpiSessionTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.NewOpiSessionCommand";

    [Fact]
    public void The_file_has_its_header_when_it_returns()
    {
        Engine.GoTo("/");
        var session = Engine.One<OpiSession>("New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder");

        using JsonDocument header = JsonDocument.Parse(Assert.Single(SharedText.ReadAllLines(session.Path)));
        Assert.Equal("session", header.RootElement.GetProperty("type").GetString());
        Assert.Equal(1, header.RootElement.GetProperty("version").GetInt32());
        Assert.Equal(session.Id, header.RootElement.GetProperty("id").GetString());
        Assert.Equal(Path.GetFullPath("/"), header.RootElement.GetProperty("cwd").GetString());
        Assert.Equal(PathOf(session.Id), session.Path);
        Assert.Matches("^[0-9a-f]{11}-[0-9a-f]{8}$", session.Id);
    }

    [Fact]
    public void What_it_returns_tells_all_about_the_new_session()
    {
        OpiSession session = NewSession();

        Assert.Equal((Sonnet, OpiSessionState.Open, 0, 0, 0L), (session.Model, session.State, session.Turns, session.EntryCount, session.ContextTokens));
        Assert.Equal((100_000, false), (session.CompactionThreshold, session.CompactionDue));
        Assert.Equal(CumulativeUsage.Zero, session.Usage);
        Assert.Null(session.ParentSession);
        Assert.Null(session.Name);
        Assert.Empty(session.Labels);
        Assert.InRange(session.CreatedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void Only_its_owner_can_read_the_file()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(NewSession().Path));
        }
    }

    [Theory]
    [InlineData("New-OpiSession -Path \"$folder/a/b\"", "a/b")]
    [InlineData("New-OpiSession -Folder \"$folder/a\"", "a")]
    [InlineData("New-OpiSession -Path here", "here")]
    [InlineData("New-OpiSession -Path .", "")]
    [InlineData("New-OpiSession -Path \"$folder/[a]*\"", "[a]*")]
    public void The_folder_is_taken_as_it_is_written_and_made_where_it_is_missing(string script, string expected)
    {
        Engine.GoTo(Folder);
        if (OperatingSystem.IsWindows())
        {
            (script, expected) = (script.Replace('*', '+'), expected.Replace('*', '+')); // no name has a star there
        }

        var session = Engine.One<OpiSession>(script);

        Assert.Equal(Path.GetFullPath(Path.Combine(Folder, expected, session.Id + ".jsonl")), session.Path);
    }

    [Fact]
    public void A_relative_working_directory_is_below_the_location_of_the_shell()
    {
        Engine.GoTo(Folder);

        Assert.Equal(Path.Combine(Folder, "sub"), Engine.One<OpiSession>("New-OpiSession -Path $folder -WorkingDirectory sub").WorkingDirectory);
        Assert.Equal(Folder, Engine.One<OpiSession>("New-OpiSession -Path $folder").WorkingDirectory);
    }

    [Fact]
    public void The_model_may_come_first_or_not_at_all()
    {
        Assert.Equal("openai:gpt-4o", Engine.One<OpiSession>("New-OpiSession openai:gpt-4o -Path $folder").Model);
        Assert.Null(Engine.One<OpiSession>("New-OpiSession -Path $folder").Model);
    }

    [Fact]
    public void With_NoCompaction_none_is_ever_due()
    {
        OpiSession session = NewSession("-NoCompaction -CompactionThreshold 0");

        Assert.Null(Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 5").CompactionReason);
        Assert.False(session.CompactionDue);
    }

    [Fact]
    public void A_threshold_of_zero_makes_a_compaction_due_with_every_turn()
    {
        NewSession("-CompactionThreshold 0");

        Assert.Equal(CompactionReason.Threshold, Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 5").CompactionReason);
    }

    [Fact]
    public void WhatIf_creates_neither_session_nor_folder()
    {
        Assert.Empty(Engine.Run("New-OpiSession -Path $folder -WhatIf; New-OpiSession -Path \"$folder/sub\" -WhatIf").WithoutErrors().Output);

        Assert.Empty(Snapshot());
    }

    [Theory]
    [InlineData("-CompactionThreshold -1", "CompactionThreshold")]
    [InlineData("-CompactionThreshold many", "CompactionThreshold")]
    [InlineData("-Model ''", "Model")]
    [InlineData("-Durability Never", "Durability")]
    public void A_bad_value_is_refused_and_no_session_is_created(string parameters, string parameter)
    {
        Engine.Run("New-OpiSession -Path $folder " + parameters).BindingError(parameter);

        Assert.Empty(Snapshot());
    }

    [Fact]
    public void A_folder_that_is_a_file_is_a_terminating_error_that_names_it()
    {
        string path = WriteFile("file", "text");
        Engine.Set("path", path);

        RunResult result = Engine.Run("try { New-OpiSession -Path $path } catch { 'stopped'; throw }");

        Assert.Equal(["stopped"], result.Output);
        var error = result.Error("SessionWriteFailed" + Command);
        Assert.Equal(path, error.TargetObject);
        Assert.Contains(path, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("text", SharedText.ReadAllText(path));
    }

    [Fact]
    public void A_path_that_is_not_a_file_path_is_refused()
    {
        var error = Engine.Run("New-OpiSession -Path Env:/sessions").Error("NotAFilePath" + Command);

        Assert.Equal("Env:/sessions", error.TargetObject);
    }

    [Fact]
    public void Sessions_created_in_a_row_have_different_ids()
    {
        IReadOnlyList<OpiSession> sessions = Engine.All<OpiSession>("1..20 | ForEach-Object { New-OpiSession -Path $folder -Durability Buffered }");

        Assert.Equal(20, sessions.Select(session => session.Id).Distinct().Count());
    }
}
