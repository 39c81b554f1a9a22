using Opi.Tests;

namespace Opi.PowerShell.Tests;

public sealed class GetOpiSessionTests : EngineTest
{
    [Fact]
    public void The_sessions_of_a_folder_come_the_last_written_first()
    {
        string[] ids = [StoredSession(), StoredSession(), StoredSession()];
        Age(ids[0], hours: 1);
        Age(ids[1], hours: 3);
        Age(ids[2], hours: 2);

        Assert.Equal([ids[0], ids[2], ids[1]], Engine.All<OpiSessionInfo>("Get-OpiSession -Folder $folder").Select(info => info.Id));
    }

    [Fact]
    public void Latest_goes_by_the_last_turn_and_not_by_the_file()
    {
        Engine.Run("""
            function Use($text) { $s = New-OpiSession $model -Path $folder; $null = $s | Add-OpiTurn -User $text -Assistant x -InputTokens 1 -OutputTokens 1; $s | Close-OpiSession; $s.Path }
            $old = Use old; Start-Sleep -Milliseconds 1100; $used = Use used
            New-OpiSession $model -Path $folder | Close-OpiSession
            Set-OpiSession $old -AddLabel keep
            (Get-Item $old).LastWriteTimeUtc = [datetime]::UtcNow.AddDays(999)
            (Get-Item $used).LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-9)
            """).WithoutErrors();

        Assert.Equal(["used", "old"], Engine.All<string>("Get-OpiSession -Latest 5 -Folder $folder | ForEach-Object FirstPrompt"));
        Assert.Equal(Engine.One<string>("$used"), Engine.One<OpiSession>("Resume-OpiSession -Latest -Folder $folder").Path);
    }

    [Theory] // each file that is read and is not a session gives a warning, which counts the files
    [InlineData("Get-OpiSession -Folder $folder", 6)]
    [InlineData("Get-OpiSession -Folder $folder | Select-Object -First 1", 0)]
    [InlineData("Get-OpiSession -Folder $folder | Select-Object -First 2", 3)]
    [InlineData("Get-OpiSession * -Folder $folder | Select-Object -First 1", 0)]
    [InlineData("Get-OpiSession -Folder $folder -Model *sonnet* | Select-Object -First 1", 0)]
    public void A_session_is_given_before_the_next_file_is_read(string script, int filesOfNoSession)
    {
        string[] sessions = [StoredSession(), StoredSession()];
        for (int i = 0; i < 6; i++)
        {
            string id = $"none-{i}";
            WriteFile(id, "no session\n");
            Age(id, hours: i < 3 ? 2 : 4);
        }

        Age(sessions[0], hours: 1);
        Age(sessions[1], hours: 3);

        RunResult result = Engine.Run(script);

        Assert.Equal(sessions[0], Assert.IsType<OpiSessionInfo>(result.Output[0]).Id);
        Assert.Equal(filesOfNoSession, result.Warnings.Count);
    }

    [Fact]
    public void A_session_tells_its_turns_and_what_they_cost()
    {
        string id = StoredSession(turns: 3);

        Assert.Equal((3, "question 1"), (Engine.One<OpiSessionInfo>($"($i = Get-OpiSession {id} -Folder $folder)").Turns, Engine.One<string>("$i.FirstPrompt")));
        Assert.Equal(3 * 0.00045m, Engine.One<decimal>("$i.TotalCost"));
        Assert.Equal(Engine.One<decimal>("(Get-OpiCost $i).TotalCost"), Engine.One<decimal>("$i.TotalCost"));
        Engine.Run("$s = Resume-OpiSession $i; $null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant -InputTokens 5").WithoutErrors();
        Assert.Null(Assert.Single(Engine.Run("(Get-OpiSession $i).TotalCost").WithoutErrors().Output));
    }

    [Fact]
    public void The_table_fits_80_columns_with_whole_numbers()
    {
        Engine.Run("$s = New-OpiSession $model -Path $folder -Name 'a name that is longer than its column'; $null = 1..12 | ForEach-Object { $s | Add-OpiTurn -User \"a prompt that is far longer than what is left of the line $_\" -Assistant x }").WithoutErrors();

        string[] lines = Engine.Show("Get-OpiSession -Folder $folder").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["Id", "Name", "LastTurn", "Turns", "FirstPrompt"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 1, 80));
        Assert.Matches(@"^\S{20} \S.{13} \d{4}-\d\d-\d\d \d\d:\d\d +12 a prompt", lines[2]);
    }

    [Fact]
    public void A_row_tells_what_the_file_says()
    {
        string id = StoredSession(turns: 2);

        var info = Engine.One<OpiSessionInfo>("Get-OpiSession -Folder $folder");

        Assert.Equal((id, PathOf(id), Sonnet, 1), (info.Id, info.Path, info.Model, info.FormatVersion));
        Assert.Equal(new FileInfo(PathOf(id)).Length, info.Length);
        Assert.Equal(File.GetLastWriteTimeUtc(PathOf(id)), info.LastWriteTime.UtcDateTime);
        Assert.InRange(info.CreatedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.Equal((null, null), (info.Name, info.ParentSession));
        Assert.Empty(info.Labels);
    }

    [Fact]
    public void Name_and_labels_are_those_that_count_last()
    {
        string id = StoredSession();
        File.AppendAllText(PathOf(id), """
            {"type":"session_info","id":"i-1","parent_id":"msg-2","timestamp":"t","name":"first name"}
            {"type":"label","id":"l-1","parent_id":"msg-2","timestamp":"t","label":"ci","action":"add"}
            {"type":"session_info","id":"i-2","parent_id":"msg-2","timestamp":"t","name":"nightly run"}

            """);

        RunResult result = Engine.Run("Get-OpiSession -Folder $folder").WithoutErrors();

        var info = Assert.IsType<OpiSessionInfo>(Assert.Single(result.Output));
        Assert.Equal(("nightly run", "ci"), (info.Name, string.Join(',', info.Labels)));
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("Get-OpiSession $id -Folder $folder")]
    [InlineData("Get-OpiSession -Id $id -Folder $folder")]
    [InlineData("Get-OpiSession \"$folder/$id.jsonl\"")]
    [InlineData("Get-OpiSession -Path \"$id.jsonl\"")]
    [InlineData("Get-OpiSession $s")]
    [InlineData("Get-OpiSession \"$($id.Substring(0, 15))*\" -Folder $folder")]
    [InlineData("Get-OpiSession $id.ToUpperInvariant().Replace('-', '?') -Folder $folder")]
    [InlineData("$id | Get-OpiSession -Folder $folder")]
    [InlineData("[pscustomobject]@{ Path = \"$folder/$id.jsonl\" } | Get-OpiSession")]
    [InlineData("[pscustomobject]@{ SessionId = $id } | Get-OpiSession -Folder $folder")]
    [InlineData("[IO.FileInfo]\"$folder/$id.jsonl\" | Get-OpiSession")]
    [InlineData("Get-OpiSession $id -Folder $folder | Get-OpiSession")]
    public void One_session_is_found_however_it_is_named(string script)
    {
        Engine.Set("id", StoredSession());
        NewSession();
        Engine.Run("$s | Close-OpiSession; $s = Resume-OpiSession $id -Folder $folder");
        Engine.GoTo(Folder);

        Assert.Equal(Engine.One<string>("$id"), Engine.One<OpiSessionInfo>(script).Id);
    }

    [Fact]
    public void A_wildcard_that_matches_nothing_gives_nothing()
    {
        StoredSession();

        Assert.Empty(Engine.Run("Get-OpiSession 'zzz*' -Folder $folder").WithoutErrors().Output);
    }

    [Fact]
    public void An_empty_or_missing_folder_has_no_sessions()
    {
        Assert.Empty(Engine.Run("Get-OpiSession -Folder $folder; Get-OpiSession -Latest -Folder $folder").WithoutErrors().Output);
    }

    [Fact]
    public void A_file_that_is_not_a_session_is_named_in_a_warning_and_the_others_are_listed()
    {
        string id = StoredSession();
        WriteFile("notes", "not a session\n");

        RunResult result = Engine.Run("Get-OpiSession -Folder $folder").WithoutErrors();

        Assert.Equal(id, Assert.IsType<OpiSessionInfo>(Assert.Single(result.Output)).Id);
        Assert.Contains("notes.jsonl", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Latest_passes_over_a_newer_file_that_is_not_a_session()
    {
        string id = StoredSession();
        Age(id, hours: 1);
        WriteFile("notes", "not a session\n");

        RunResult result = Engine.Run("Get-OpiSession -Latest -Folder $folder").WithoutErrors();

        Assert.Equal(id, Assert.IsType<OpiSessionInfo>(Assert.Single(result.Output)).Id);
    }

    [Fact]
    public void Open_gives_the_open_sessions_themselves_until_they_are_closed()
    {
        OpiSession session = NewSession();
        const string OpenHere = "Get-OpiSession -Open | Where-Object Path -Like \"$folder*\"";

        Assert.Same(session, Engine.One<OpiSession>(OpenHere));
        Engine.Run("$s | Close-OpiSession").WithoutErrors();
        Assert.Empty(Engine.All<OpiSession>(OpenHere));
    }

    [Fact]
    public void Folder_decides_which_file_an_id_means_even_while_another_of_that_id_is_open()
    {
        OpiSession session = NewSession(turns: 2);
        string backup = Directory.CreateDirectory(Path.Combine(Folder, "backup")).FullName;
        File.WriteAllText(Path.Combine(backup, session.Id + ".jsonl"), SharedText.ReadAllLines(session.Path).First() + "\n");

        Assert.StartsWith(backup, Engine.One<OpiSessionInfo>("Get-OpiSession $s.Id -Folder \"$folder/backup\"").Path, StringComparison.Ordinal);
        Assert.Empty(Engine.All<OpiEntry>("Get-OpiEntry $s.Id -Folder \"$folder/backup\""));
    }

    [Fact]
    public void Listing_changes_nothing()
    {
        CopyGolden("e02-torn-tail-no-newline", "torn");
        IReadOnlyList<string> before = Snapshot();

        Engine.All<OpiSessionInfo>("Get-OpiSession -Folder $folder");

        Assert.Equal(before, Snapshot());
    }

    private void Age(string id, int hours) => File.SetLastWriteTimeUtc(PathOf(id), DateTime.UtcNow.AddHours(-hours));
}
