using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>The errors that scripts can rely on: their ids, their targets, and what they say.</summary>
public sealed class BadInputTests : EngineTest
{
    private static readonly (string Command, string Type)[] ReadCommands =
        [("Get-OpiEntry", "GetOpiEntry"), ("Get-OpiContext", "GetOpiContext"), ("Get-OpiCost", "GetOpiCost"), ("Get-OpiSession", "GetOpiSession")];

    private static readonly (string Command, string Type)[] WriteCommands =
        [("Add-OpiTurn -User q", "AddOpiTurn"), ("Invoke-OpiCompaction", "InvokeOpiCompaction"), ("Resume-OpiSession", "ResumeOpiSession")];

    public static TheoryData<string, string> Readers => Data(ReadCommands);

    public static TheoryData<string, string> ReadersAndWriters => Data([.. ReadCommands, .. WriteCommands]);

    public static TheoryData<string, string> All => Data([.. ReadCommands, .. WriteCommands, ("Close-OpiSession", "CloseOpiSession")]);

    [Theory]
    [MemberData(nameof(All))]
    public void An_unknown_id_names_the_folder_and_the_next_item_goes_on(string command, string type)
    {
        string id = StoredSession(turns: 2);

        RunResult result = Engine.Run($"'1a2b3c-00000000', '{id}' | {command} -Folder $folder");

        var error = result.Error($"SessionNotFound,Opi.PowerShell.Commands.{type}Command");
        Assert.Equal("1a2b3c-00000000", error.TargetObject);
        Assert.Contains("'1a2b3c-00000000'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Folder}'", error.Exception.Message, StringComparison.Ordinal);
        Assert.False(result.Terminated);
        Assert.True(command == "Close-OpiSession" || result.Output.Count > 0, "the next item");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_cannot_be_an_id_is_said_to_be_none_and_the_next_item_goes_on(string command, string type)
    {
        string id = StoredSession(turns: 2);

        RunResult result = Engine.Run($"'a:b', '{id}' | {command} -Folder $folder");

        var error = result.Error($"InvalidSessionId,Opi.PowerShell.Commands.{type}Command");
        Assert.Equal("a:b", error.TargetObject);
        Assert.Contains("Get-OpiSession", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.True(command == "Close-OpiSession" || result.Output.Count > 0, "the next item");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("CON")]
    [InlineData("nul.x")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData(" leading")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a<b")]
    [InlineData("a|b")]
    public void No_id_leads_out_of_the_folder_or_to_a_device(string id)
    {
        Engine.Set("id", id);

        Assert.Equal(id, Engine.Run("Get-OpiEntry $id -Folder $folder").Error("InvalidSessionId,Opi.PowerShell.Commands.GetOpiEntryCommand").TargetObject);
    }

    [Fact]
    public void A_wildcard_that_cannot_be_one_does_not_stop_the_next_item()
    {
        string id = StoredSession();

        RunResult result = Engine.Run($"'[', '{id}' | Get-OpiSession -Folder $folder");

        Assert.Equal("[", Assert.Single(result.Errors).TargetObject);
        Assert.Single(result.Output);
    }

    [Theory]
    [MemberData(nameof(ReadersAndWriters))]
    public void A_path_to_nothing_is_named_in_full(string command, string type)
    {
        Engine.GoTo(Folder);

        RunResult result = Engine.Run($"'./none.jsonl' | {command}");

        var error = result.Error($"SessionNotFound,Opi.PowerShell.Commands.{type}Command");
        Assert.Equal(PathOf("none"), error.TargetObject);
        Assert.Contains(PathOf("none"), error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Snapshot());
    }

    [Theory]
    [MemberData(nameof(ReadersAndWriters))]
    public void A_file_that_is_not_a_session_is_an_error_with_line_and_reason_and_stays_as_it_is(string command, string type)
    {
        string id = StoredSession(turns: 2);
        string[] bad =
        [
            WriteFile("bad-text", "hello\n"),
            WriteFile("bad-empty", ""),
            WriteFile("bad-version", """{"type":"session","version":99,"id":"s","timestamp":"2026-01-01T00:00:00Z","cwd":"/","parent_session":null}""" + "\n"),
            WriteFile("bad-type", """{"type":"message","id":"m"}""" + "\n"),
        ];
        string[] before = [.. bad.Select(File.ReadAllText)];
        Engine.Set("bad", bad);

        RunResult result = Engine.Run($"$bad + \"$folder/{id}.jsonl\" | {command}");

        Assert.Equal(bad, result.Errors.Select(error => error.TargetObject));
        string[] ids = ["InvalidSessionFile", "InvalidSessionFile", "UnsupportedFormatVersion", "InvalidSessionFile"];
        Assert.Equal(ids.Select(name => $"{name},Opi.PowerShell.Commands.{type}Command"), result.Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.All(result.Errors.Zip(bad), pair => Assert.Contains($"'{pair.Second}'", pair.First.Exception.Message, StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.Contains("line 1: ", error.Exception.Message, StringComparison.Ordinal));
        Assert.Contains("empty", result.Errors[1].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("version 99", result.Errors[2].Exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(result.Output);
        Assert.Equal(before, bad.Select(File.ReadAllText));
    }

    [Theory]
    [MemberData(nameof(ReadersAndWriters))]
    public void What_cannot_be_read_at_all_is_not_a_session_file(string command, string type)
    {
        Directory.CreateDirectory(PathOf("folder"));

        var error = Engine.Run($"\"$folder/folder.jsonl\" | {command}").Error($"InvalidSessionFile,Opi.PowerShell.Commands.{type}Command");

        Assert.Equal(PathOf("folder"), error.TargetObject);
        Assert.Equal($"'{PathOf("folder")}' cannot be read as a session: it is a folder.", error.Exception.Message);
        Assert.Contains(Path.Join("folder.jsonl", "*.jsonl"), error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-OpiEntry damaged -Folder $folder")]
    [InlineData("Get-OpiContext damaged -Folder $folder")]
    [InlineData("Get-OpiCost damaged -Folder $folder")]
    [InlineData("Get-OpiCost damaged -Folder $folder -By Turn")]
    [InlineData("Get-OpiCost -Folder $folder -By Model")]
    [InlineData("Get-OpiCost -Folder $folder -By Day -Total")]
    [InlineData("Get-OpiCost damaged -Folder $folder -Since 2000-01-01")]
    [InlineData("Get-OpiCost -Source Opi -LogPath $folder")]
    [InlineData("Get-OpiUsage $folder -Source Opi")]
    [InlineData("Resume-OpiSession damaged -Folder $folder")]
    [InlineData("Add-OpiTurn damaged -Folder $folder -User q")]
    [InlineData("Invoke-OpiCompaction damaged -Folder $folder")]
    public void A_damaged_session_opens_with_one_warning_that_counts_the_damage(string script)
    {
        DamagedSession();

        RunResult result = Engine.Run(script).WithoutErrors();

        Assert.NotEmpty(result.Output);
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("'damaged'", warning, StringComparison.Ordinal);
        Assert.Contains("1 corrupt line skipped (first: line 3", warning, StringComparison.Ordinal);
        Assert.Contains("an unfinished last line of 13 bytes", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_damaged_session_the_rest_is_shown()
    {
        DamagedSession();

        IReadOnlyList<OpiEntry> entries = Engine.All<OpiEntry>("Get-OpiEntry damaged -Folder $folder");

        Assert.Equal(["msg-1", "msg-2", "msg-3", "msg-4"], entries.Select(entry => entry.Id));
    }

    [Fact]
    public void Several_turns_for_a_damaged_session_warn_once()
    {
        DamagedSession();

        RunResult result = Engine.Run("1..3 | ForEach-Object { [pscustomobject]@{ Id = 'damaged'; User = \"q$_\" } } | Add-OpiTurn -Folder $folder").WithoutErrors();

        Assert.Equal(3, result.Output.Count);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void A_second_writer_in_this_process_is_told_the_process()
    {
        StoredSession(turns: 1);
        using var other = OpiSession.Resume(Engine.One<string>("$s.Path"), new SessionOptions()); // not by a cmdlet, so that nobody can give it

        var error = Engine.Run("Resume-OpiSession $s.Path").Error("SessionLocked,Opi.PowerShell.Commands.ResumeOpiSessionCommand");

        Assert.Equal(other.Path, error.TargetObject);
        Assert.Contains($"this process ({Environment.ProcessId})", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Close-OpiSession", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(OpiSessionState.Open, other.State);
        Engine.Run("Add-OpiTurn $s.Path -User q -TimeoutSec 0").Error("SessionLocked,Opi.PowerShell.Commands.AddOpiTurnCommand");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Readers_are_not_hindered_by_a_writer(string command, string type)
    {
        OpiSession session = NewSession(turns: 1);

        Assert.NotEmpty(Engine.Run($"\"{session.Path}\" | {command}").WithoutErrors().Output);
        Assert.NotNull(type);
    }

    [Fact]
    public void A_deleted_file_is_an_error_and_the_session_goes_on_when_it_is_back()
    {
        OpiSession session = NewSession(turns: 1);
        string aside = session.Path + ".aside";
        File.Move(session.Path, aside);

        RunResult failed = Engine.Run("$s | Add-OpiTurn -User lost -Assistant lost -InputTokens 5");

        var error = failed.Error("SessionWriteFailed,Opi.PowerShell.Commands.AddOpiTurnCommand");
        Assert.Equal(session.Path, error.TargetObject);
        Assert.Contains("deleted", error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(failed.Output);
        Assert.False(File.Exists(session.Path));
        Assert.Equal((1, 2, 100), (session.Turns, session.EntryCount, session.Usage.InputTokens));

        File.Move(aside, session.Path);
        Assert.Equal(["msg-3"], Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'back again'").EntryIds);
        Assert.Equal(4, SharedText.ReadAllLines(session.Path).Length);
    }

    [Fact]
    public void A_file_made_read_only_is_an_error_and_the_session_goes_on_when_it_is_writable()
    {
        OpiSession session = NewSession(turns: 1);
        byte[] before = SharedText.ReadAllBytes(session.Path);
        File.SetAttributes(session.Path, FileAttributes.ReadOnly);

        var error = Engine.Run("$s | Add-OpiTurn -User lost").Error("SessionWriteFailed,Opi.PowerShell.Commands.AddOpiTurnCommand");

        Assert.Contains("read-only", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
        Assert.Equal(1, session.Turns);

        File.SetAttributes(session.Path, FileAttributes.Normal);
        Assert.Equal(2, Engine.One<OpiTurn>("$s | Add-OpiTurn -User 'back again'").Turn);
    }

    [SkippableFact]
    public void A_file_that_another_program_changed_is_an_error_and_is_not_written_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows refuses others to write to the file of an open session");
        OpiSession session = NewSession(turns: 1);
        File.AppendAllText(session.Path, "foreign\n");

        var error = Engine.Run("$s | Add-OpiTurn -User lost").Error("SessionWriteFailed,Opi.PowerShell.Commands.AddOpiTurnCommand");

        Assert.Contains("Resume-OpiSession", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.EndsWith("foreign\n", SharedText.ReadAllText(session.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_compaction_for_want_of_the_file_leaves_the_context()
    {
        OpiSession session = NewSession(turns: 4);
        File.SetAttributes(session.Path, FileAttributes.ReadOnly);

        Engine.Run("$s | Invoke-OpiCompaction").Error("SessionWriteFailed,Opi.PowerShell.Commands.InvokeOpiCompactionCommand");

        Assert.Equal(8, Engine.All<AgentMessage>("$s | Get-OpiContext").Count);
        Assert.Equal(8, session.ReadContext().Count);
        File.SetAttributes(session.Path, FileAttributes.Normal); // else Windows does not delete it
    }

    [Theory]
    [InlineData("Add-OpiTurn -User q", "AddOpiTurn")]
    [InlineData("Invoke-OpiCompaction", "InvokeOpiCompaction")]
    public void A_closed_session_says_how_to_open_it_again(string command, string type)
    {
        OpiSession session = NewSession(turns: 2);
        Engine.Run("$s | Close-OpiSession").WithoutErrors();
        byte[] before = SharedText.ReadAllBytes(session.Path);

        var error = Engine.Run("$s | " + command).Error($"SessionClosed,Opi.PowerShell.Commands.{type}Command");

        Assert.Equal(session.Id, error.TargetObject);
        Assert.Contains("Resume-OpiSession", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
    }

    [Theory]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -InputTokens -1", "InputTokens")]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -OutputTokens -1", "OutputTokens")]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -CacheReadTokens many", "CacheReadTokens")]
    [InlineData("$s | Add-OpiTurn -User q -Assistant a -CacheWriteTokens 9223372036854775808", "CacheWriteTokens")]
    [InlineData("New-OpiMessage Assistant a -InputTokens -1", "InputTokens")]
    [InlineData("New-OpiMessage -Role robot -Text hi", "Role")]
    [InlineData("New-OpiMessage robot hi", "Role")]
    [InlineData("New-OpiMessage -Role 7 -Text hi", "Role")]
    [InlineData("New-OpiMessage User -ImageUrl https://example.com/a -MediaType image/bmp", "MediaType")]
    [InlineData("$s | Get-OpiEntry -Type Nonsense", "Type")]
    [InlineData("$s | Invoke-OpiCompaction -Reason Boredom", "Reason")]
    [InlineData("Get-OpiCost -Folder $folder -By Colour", "By")]
    public void A_bad_value_is_a_binding_error_that_names_the_parameter(string script, string parameter)
    {
        OpiSession session = NewSession();
        byte[] before = SharedText.ReadAllBytes(session.Path);

        Engine.Run(script).BindingError(parameter);

        Assert.Equal(before, SharedText.ReadAllBytes(session.Path));
    }

    [Theory]
    [InlineData("Role = 'robot'; Text = 'hi'", "Role")]
    [InlineData("Role = 'Assistant'; Text = 'hi'; InputTokens = 'many'", "InputTokens")]
    [InlineData("Role = 'Assistant'; Text = 'hi'; InputTokens = '-1'", "InputTokens")]
    [InlineData("Role = 'Assistant'; Text = 'hi'; StopReason = 'Bored'", "StopReason")]
    [InlineData("Role = 'User'; Text = 'hi'; Timestamp = '03/04/2026'", "Timestamp")]
    public void A_bad_value_in_a_piped_row_names_the_parameter_and_the_next_row_goes_on(string row, string parameter)
    {
        RunResult result = Engine.Run($"[pscustomobject]@{{ {row} }}, [pscustomobject]@{{ Role = 'User'; Text = 'fine' }} | New-OpiMessage");

        result.BindingError(parameter);
        Assert.Equal("fine", Assert.IsType<UserMessage>(Assert.Single(result.Output)).Text);
    }

    [Fact]
    public void No_session_at_all_is_said_to_be_none()
    {
        var error = Engine.Run("Get-OpiEntry $null").BindingError("Session");

        Assert.Contains("null", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_a_session_is_named_by_its_type()
    {
        var error = Engine.Run("Get-OpiEntry 42").BindingError("Session");

        Assert.Contains("Int32", error.Exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The system would take the file that is named before that character.</summary>
    [Theory]
    [MemberData(nameof(ReadersAndWriters))]
    public void A_path_with_a_null_character_is_no_path(string command, string type)
    {
        string path = PathOf(StoredSession());

        RunResult result = Engine.Run($"\"{path}`0.jsonl\" | {command}");

        Assert.Contains("null character", result.Error($"NotAFilePath,Opi.PowerShell.Commands.{type}Command").Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_path_of_another_provider_is_refused()
    {
        var error = Engine.Run("Get-OpiEntry Variable:/s").Error("NotAFilePath,Opi.PowerShell.Commands.GetOpiEntryCommand");

        Assert.Contains("Variable", error.Exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Two turns with a corrupt line and a torn tail of 13 bytes among them.</summary>
    private void DamagedSession()
    {
        string[] lines = SharedText.ReadAllLines(PathOf(StoredSession(turns: 2)));
        Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        WriteFile("damaged", string.Join('\n', [lines[0].Replace(Id(lines[0]), "damaged", StringComparison.Ordinal), lines[1], "garbage", .. lines[2..], "{\"type\":\"mess"]));

        static string Id(string header) => System.Text.Json.JsonDocument.Parse(header).RootElement.GetProperty("id").GetString()!;
    }

    private static TheoryData<string, string> Data((string Command, string Type)[] commands)
    {
        var data = new TheoryData<string, string>();
        Array.ForEach(commands, command => data.Add(command.Command, command.Type));
        return data;
    }
}
