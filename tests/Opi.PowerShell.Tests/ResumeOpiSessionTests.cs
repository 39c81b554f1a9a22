namespace Opi.PowerShell.Tests;

public sealed class ResumeOpiSessionTests : EngineTest
{
    private const string Command = ",Opi.PowerShell.Commands.ResumeOpiSessionCommand";

    [Theory]
    [InlineData("Resume-OpiSession $id -Folder $folder")]
    [InlineData("Resume-OpiSession -Id $id -Folder $folder")]
    [InlineData("Resume-OpiSession \"$folder/$id.jsonl\"")]
    [InlineData("Resume-OpiSession -Path \"$folder/$id.jsonl\"")]
    [InlineData("Resume-OpiSession \"$id.jsonl\"")]
    [InlineData("Resume-OpiSession \"./$id.jsonl\"")]
    [InlineData("$id | Resume-OpiSession -Folder $folder")]
    [InlineData("$s | Resume-OpiSession")]
    [InlineData("Get-OpiSession $id -Folder $folder | Resume-OpiSession")]
    [InlineData("[pscustomobject]@{ Id = $id } | Resume-OpiSession -Folder $folder")]
    [InlineData("[pscustomobject]@{ SessionId = $id } | Resume-OpiSession -Folder $folder")]
    [InlineData("[IO.FileInfo]\"$folder/$id.jsonl\" | Resume-OpiSession")]
    [InlineData("Resume-OpiSession -Latest -Folder $folder")]
    public void A_session_is_resumed_however_it_is_named(string script)
    {
        string id = StoredSession(turns: 3);
        Engine.Set("id", id);
        Engine.GoTo(Folder);

        RunResult result = Engine.Run(script).WithoutErrors();

        var session = Assert.IsType<OpiSession>(Assert.Single(result.Output));
        Assert.Equal((id, OpiSessionState.Open, 3, 6), (session.Id, session.State, session.Turns, session.EntryCount));
        Assert.Equal((300, 30), (session.Usage.InputTokens, session.Usage.OutputTokens));
        Assert.Equal(Sonnet, session.Model);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_row_with_both_id_and_path_is_found_by_its_path()
    {
        StoredSession();

        Engine.One<OpiSession>("[pscustomobject]@{ Id = $s.Id; Path = $s.Path } | Resume-OpiSession");
    }

    [Fact]
    public void Turns_go_on_where_they_stopped()
    {
        string id = StoredSession(turns: 2);

        var turn = Engine.One<OpiTurn>($"($r = Resume-OpiSession {id} -Folder $folder) | Add-OpiTurn -User 'next'");

        Assert.Equal(3, turn.Turn);
        Assert.Equal(["msg-5"], turn.EntryIds);
        Assert.Equal("msg-4", Engine.One<OpiEntry>("Get-OpiEntry $r -Last 1").ParentId);
    }

    [Fact]
    public void Options_replace_those_it_had()
    {
        string id = StoredSession();

        var session = Engine.One<OpiSession>($"($s = Resume-OpiSession {id} -Folder $folder -Model openai:gpt-4o -CompactionThreshold 50 -AutoCompact)");

        Assert.Equal(("openai:gpt-4o", 50), (session.Model, session.CompactionThreshold));
        Assert.NotNull(Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 60").Compaction);
    }

    [Fact]
    public void The_model_comes_from_the_last_answer()
    {
        NewSession();
        Engine.All<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -Model openai:gpt-4o -InputTokens 5; $s | Add-OpiTurn -User 'and?'; $s | Close-OpiSession");

        Assert.Equal("openai:gpt-4o", Engine.One<OpiSession>("Resume-OpiSession $s").Model);
    }

    [Fact]
    public void NoCompaction_holds_for_the_resumed_session()
    {
        string id = StoredSession();

        Engine.Run($"$s = Resume-OpiSession {id} -Folder $folder -CompactionThreshold 0 -NoCompaction").WithoutErrors();

        Assert.Null(Engine.One<OpiTurn>("$s | Add-OpiTurn -User q -Assistant a -InputTokens 60").CompactionReason);
    }

    [Fact]
    public void Latest_is_the_one_written_last()
    {
        string older = StoredSession();
        string newer = StoredSession();
        File.SetLastWriteTimeUtc(PathOf(older), DateTime.UtcNow.AddHours(-1));

        Assert.Equal(newer, Engine.One<OpiSession>("Resume-OpiSession -Latest -Folder $folder").Id);
    }

    [Fact]
    public void Latest_of_an_empty_folder_is_an_error_that_names_it()
    {
        var error = Engine.Run("Resume-OpiSession -Latest -Folder $folder").Error("SessionNotFound" + Command);

        Assert.Equal(Folder, error.TargetObject);
        Assert.Contains("New-OpiSession", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_without_an_answer_is_reported()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User 'are you there?'; $s | Close-OpiSession").WithoutErrors();

        Assert.Contains("prompt without an answer", Assert.Single(Engine.Run("Resume-OpiSession $s").WithoutErrors().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_call_without_its_result_is_reported()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -Message (New-OpiMessage User q), (New-OpiMessage Assistant -ToolCall @{ Id = 'c'; Name = 'read' }); $s | Close-OpiSession").WithoutErrors();

        Assert.Contains("1 tool call without a result", Assert.Single(Engine.Run("Resume-OpiSession $s").WithoutErrors().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_tail_is_cut_and_kept_beside_the_file()
    {
        string path = CopyGolden("e02-torn-tail-no-newline", "torn");
        long before = new FileInfo(path).Length;

        RunResult result = Engine.Run("Resume-OpiSession torn -Folder $folder").WithoutErrors();

        Assert.Contains("unfinished last line", Assert.Single(result.Warnings), StringComparison.Ordinal);
        string saved = Assert.Single(Directory.GetFiles(Folder, "torn.jsonl.torn-*"));
        Assert.Equal(before, new FileInfo(path).Length + new FileInfo(saved).Length);
    }

    [Theory]
    [InlineData("e02-torn-tail-no-newline")]
    [InlineData("e04-complete-last-line-no-newline")]
    public void WhatIf_opens_nothing_and_writes_nothing(string golden)
    {
        CopyGolden(golden, "other");
        IReadOnlyList<string> before = Snapshot();

        Assert.Empty(Engine.Run("Resume-OpiSession other -Folder $folder -WhatIf").WithoutErrors().Output);

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Session_and_Latest_exclude_each_other()
    {
        Engine.Run("Resume-OpiSession -Session x -Latest").Error("AmbiguousParameterSet" + Command);
    }

    [Fact]
    public void A_bad_session_among_piped_ones_does_not_stop_the_others()
    {
        string id = StoredSession();

        RunResult result = Engine.Run($"'no-such', '{id}' | Resume-OpiSession -Folder $folder");

        Assert.Equal("no-such", result.Error("SessionNotFound" + Command).TargetObject);
        Assert.Equal(id, Assert.IsType<OpiSession>(Assert.Single(result.Output)).Id);
    }

    [Fact]
    public void Tool_calls_without_a_result_are_reported_once_and_settled_when_that_is_asked_for()
    {
        NewSession();
        Engine.Run("""
            $null = $s | Add-OpiTurn -Message (New-OpiMessage User u), (New-OpiMessage Assistant x -ToolCall @{ Id = 'a1'; Name = 'ls' }, @{ Id = 'a2'; Name = 'cat' } -Model $model)
            $null = $s | Add-OpiTurn -User n -Assistant m
            """).WithoutErrors();
        const string Requests = "foreach ($i in 1..3) { $null = Get-OpiContext $s -As Anthropic -Prompt z; $null = Get-OpiContext $s.Id -As Gemini -Strict }";
        Assert.Contains("ls (a1), cat (a2)", Assert.Single(Engine.Run(Requests).WithoutErrors().Warnings), StringComparison.Ordinal);

        Engine.Run("$s | Close-OpiSession; $s = Resume-OpiSession $s.Path -CompleteToolCalls").WithoutErrors();

        Assert.Empty(Engine.Run(Requests).WithoutErrors().Warnings);
        Assert.Equal(2, Engine.One<OpiSession>("$s").Turns);
        Assert.Equal(["a1:True", "a2:True"], Engine.All<string>("Get-OpiEntry $s -Last 2 | ForEach-Object { \"$($_.Message.ToolCallId):$($_.Message.IsError)\" }"));
        int entries = Engine.One<OpiSession>("$s | Close-OpiSession; ($s = Resume-OpiSession $s.Path -CompleteToolCalls)").EntryCount;
        Assert.Equal(6, entries); // nothing is left to settle
    }

    [Fact]
    public void What_resuming_reported_of_open_calls_a_request_does_not_report_again()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -Message (New-OpiMessage User u), (New-OpiMessage Assistant x -ToolCall @{ Id = 'a1'; Name = 'ls' } -Model $model); $s | Close-OpiSession").WithoutErrors();

        RunResult result = Engine.Run("$s = Resume-OpiSession $s.Path; $null = Get-OpiContext $s -As Anthropic -Prompt z").WithoutErrors();

        Assert.Contains("without a result", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Resume-OpiSession $s.Path")]
    [InlineData("Resume-OpiSession $s")]
    [InlineData("$s.Id | Resume-OpiSession")]
    [InlineData("Resume-OpiSession -Latest -Folder $folder")]
    [InlineData("Resume-OpiSession -Name mine -Folder $folder")]
    [InlineData("Resume-OpiSession -Name mine -Create -Folder $folder")]
    public void A_session_that_is_open_here_is_given_with_a_warning(string script)
    {
        OpiSession session = NewSession(turns: 1, "-Name mine");

        RunResult result = Engine.Run(script).WithoutErrors();

        Assert.Same(session, Assert.Single(result.Output));
        Assert.Contains("open in this process", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_an_open_session_leads_to_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // links need a right there
        }

        OpiSession session = NewSession(turns: 1);
        File.CreateSymbolicLink(PathOf("link"), session.Path);

        Assert.Same(session, Assert.Single(Engine.Run("Resume-OpiSession link -Folder $folder").WithoutErrors().Output));
        Assert.Equal(2, Engine.One<OpiTurn>("Add-OpiTurn link -Folder $folder -User q").Turn);
    }

    [Fact]
    public void A_name_resumes_or_creates()
    {
        const string Nightly = "($n = Resume-OpiSession -Name nightly -Create -Folder $folder -Model $model -Label job -WorkingDirectory $folder)";
        var first = Engine.One<OpiSession>(Nightly);
        Assert.Equal(("nightly", Sonnet, Folder), (first.Name, first.Model, first.WorkingDirectory));
        Assert.Equal(["job"], first.Labels);
        Engine.Run("$n | Close-OpiSession").WithoutErrors();

        Assert.Equal(first.Id, Engine.One<OpiSession>(Nightly).Id); // though no turn was added: else each crash would leave one more
        Engine.Run("$null = $n | Add-OpiTurn -User q -Assistant a; $n | Close-OpiSession").WithoutErrors();
        var again = Engine.One<OpiSession>(Nightly);
        Assert.Equal((first.Id, 1, 2), (again.Id, again.Turns, again.ReadContext().Count));
        Assert.Equal("nightly", OpiSessionInfo.Read(first.Path).Name);
        Assert.NotEqual(first.Id, Engine.One<OpiSession>("Resume-OpiSession -Name nightly -Create -Folder $folder -Label other").Id);
    }

    [Fact]
    public void A_name_that_nothing_has_is_an_error_unless_it_may_be_created()
    {
        NewSession(turns: 1);

        Assert.Contains("'nightly'", Engine.Run("Resume-OpiSession -Name nightly -Folder $folder").Error("SessionNotFound" + Command).Exception.Message, StringComparison.Ordinal);
        Engine.Run("Resume-OpiSession -Name night* -Create -Folder $folder").Error("NotOneName" + Command);
        Assert.Empty(Engine.Run("Resume-OpiSession -Name nightly -Create -Folder $folder -WhatIf").WithoutErrors().Output);
        Assert.Single(Directory.GetFiles(Folder, "*.jsonl"));
    }

    [Fact]
    public void Latest_passes_over_a_session_that_another_has_open()
    {
        string old = StoredSession();
        Thread.Sleep(1_100); // the times of turns are whole seconds
        string newer = StoredSession();
        using (OpiSession.Resume(PathOf(newer), new SessionOptions())) // not by a cmdlet
        {
            RunResult result = Engine.Run("($l = Resume-OpiSession -Latest -Folder $folder); $l | Close-OpiSession").WithoutErrors();

            Assert.Equal(old, Assert.IsType<OpiSession>(Assert.Single(result.Output)).Id);
            Assert.Contains(newer, Assert.Single(result.Warnings), StringComparison.Ordinal);
            Engine.Run($"Resume-OpiSession -Latest -Name x -Folder $folder").Error("SessionNotFound" + Command);
        }

        Assert.Equal(newer, Engine.One<OpiSession>("Resume-OpiSession -Latest -Folder $folder").Id);
    }

    [Fact]
    public async Task A_writer_is_waited_for()
    {
        string id = StoredSession();
        var other = OpiSession.Resume(PathOf(id), new SessionOptions());
        Engine.Run($"Resume-OpiSession {id} -Folder $folder -TimeoutSec 0").Error("SessionLocked" + Command);

        Task<OpiSession> waiting = Task.Run(() => Engine.One<OpiSession>($"Resume-OpiSession {id} -Folder $folder -TimeoutSec 60"));
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        other.Close();

        Assert.Equal(id, (await waiting).Id);
    }
}
