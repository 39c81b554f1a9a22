using System.Management.Automation;
using Shell = System.Management.Automation.PowerShell;

namespace Opi.PowerShell.Tests;

public sealed class GetOpiEntryTests : EngineTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Get-OpiEntry $s")]
    [InlineData("$s | Get-OpiEntry")]
    [InlineData("Get-OpiEntry $s.Id")]
    [InlineData("Get-OpiEntry -SessionId $s.Id -Folder $folder")]
    [InlineData("Get-OpiEntry -Path $s.Path")]
    [InlineData("[pscustomobject]@{ Id = $s.Id } | Get-OpiEntry")]
    [InlineData("Get-OpiSession -Folder $folder | Get-OpiEntry")]
    public void All_entries_come_in_the_order_of_the_file(string script)
    {
        OpiSession session = NewSession(turns: 3);

        IReadOnlyList<OpiEntry> entries = Engine.All<OpiEntry>(script);

        Assert.Equal(["msg-1", "msg-2", "msg-3", "msg-4", "msg-5", "msg-6"], entries.Select(entry => entry.Id));
        Assert.All(entries, entry => Assert.Equal((session.Id, EntryType.Message, true), (entry.SessionId, entry.Type, entry.OnActiveBranch)));
        Assert.Equal(("assistant", "answer 1", "msg-1"), (entries[1].Role, entries[1].Text, entries[1].ParentId));
        Assert.IsType<AssistantMessage>(entries[1].Message);
        Assert.NotNull(entries[1].Timestamp);
    }

    [Theory]
    [InlineData("-First 2", "msg-1", "msg-2")]
    [InlineData("-Last 2", "cmp-7", "msg-9")]
    [InlineData("-Type Compaction", "cmp-7")]
    [InlineData("-Type Compaction, Message -Last 3", "msg-6", "cmp-7", "msg-9")]
    [InlineData("-Type Message -First 1", "msg-1")]
    [InlineData("-Type Leaf")]
    [InlineData("-First 0")]
    [InlineData("-Last 0")]
    [InlineData("-First 100 -Type Compaction", "cmp-7")]
    public void First_Last_and_Type_pick_what_they_say(string parameters, params string[] ids)
    {
        NewSession(turns: 3);
        Engine.Run("$null = $s | Invoke-OpiCompaction; $null = $s | Add-OpiTurn -User next").WithoutErrors();

        Assert.Equal(ids, Engine.All<OpiEntry>("$s | Get-OpiEntry " + parameters).Select(entry => entry.Id));
    }

    [Fact]
    public void An_entry_has_the_model_the_tokens_and_the_entries_that_it_names()
    {
        OpiSession session = NewSession(turns: 2);
        Engine.Run("$s | Set-OpiSession -Model openai:gpt-5 -Pin msg-3; $s | Switch-OpiBranch -EntryId msg-2; $s | Close-OpiSession").WithoutErrors();
        File.AppendAllText(
            session.Path,
            """
            {"type":"extension_state","id":"state-9","parent_id":"msg-2","timestamp":"2026-01-01T00:00:00Z","state":{"todo":[1,"two"]}}
            {"type":"from_later","id":"later-9","parent_id":"msg-2","timestamp":"2026-01-01T00:00:00Z","note":"x"}

            """.ReplaceLineEndings("\n"));

        string Rows(string property) => string.Join(" | ", Engine.All<string>($"Get-OpiEntry $s.Path | ForEach-Object {{ \"$($_.Type) $($_.{property})\".Trim() }}"));

        Assert.Equal($"Message | Message {Sonnet} | Message | Message {Sonnet} | ModelChange openai:gpt-5 | Pin | Leaf | ExtensionState | Unknown", Rows("ModelSpec"));
        Assert.Equal("Message | Message | Message | Message | ModelChange | Pin msg-3 | Leaf msg-2 | ExtensionState | Unknown", Rows("EntryIds"));
        Assert.Equal(["100", "100"], Engine.All<object>("(Get-OpiEntry $s.Path -Type Message).Usage.InputTokens").Select(tokens => $"{tokens}"));
        Assert.Equal("""{"todo":[1,"two"]}""", Engine.One<string>("(Get-OpiEntry $s.Path -Type ExtensionState).Json"));
        Assert.Contains("\"note\":\"x\"", Engine.One<string>("(Get-OpiEntry $s.Path -Type Unknown).Json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$s")]
    [InlineData("$s.Path")]
    public void Entries_are_found_by_their_ids_and_one_that_is_not_there_is_an_error(string session)
    {
        NewSession(turns: 3);
        Engine.Run("$null = $s | Invoke-OpiCompaction").WithoutErrors();

        RunResult result = Engine.Run($"Get-OpiEntry {session} -EntryId cmp-7, nope, msg-1");

        Assert.Equal(["cmp-7", "msg-1"], result.Output.Select(entry => Assert.IsType<OpiEntry>(entry).Id));
        Assert.Equal("EntryNotFound,Opi.PowerShell.Commands.GetOpiEntryCommand", result.Errors.Single().FullyQualifiedErrorId);
        Assert.Contains("no entry 'nope'", result.Errors.Single().Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-First 1 -Last 1", "AmbiguousParameterSet")]
    [InlineData("-First 1 -Wait", "AmbiguousParameterSet")]
    public void First_goes_with_neither_Last_nor_Wait(string parameters, string id)
    {
        NewSession();

        Engine.Run("$s | Get-OpiEntry " + parameters).Error(id + ",Opi.PowerShell.Commands.GetOpiEntryCommand");
    }

    [Theory]
    [InlineData("First")]
    [InlineData("Last")]
    public void A_negative_number_of_entries_is_refused(string parameter)
    {
        NewSession();

        Engine.Run($"$s | Get-OpiEntry -{parameter} -1").BindingError(parameter);
    }

    [Fact]
    public void Entries_are_read_one_by_one_as_they_are_asked_for()
    {
        OpiSession session = NewSession(turns: 3);
        Engine.Run("$s | Close-OpiSession").WithoutErrors();

        // The last answer is changed when the first entry has arrived: it would come unchanged if all had been read by then.
        IReadOnlyList<string> texts = Engine.All<string>("""
            Get-OpiEntry $s.Path | ForEach-Object {
                if ($_.Id -eq 'msg-1') { [IO.File]::WriteAllText($s.Path, [IO.File]::ReadAllText($s.Path).Replace('answer 3', 'ANSWER 3')) }
                $_.Text
            }
            """);

        Assert.Equal(["question 1", "answer 1", "question 2", "answer 2", "question 3", "ANSWER 3"], texts);
        Assert.NotNull(session);
    }

    [Fact]
    public void Unknown_entries_are_shown_with_a_warning_that_counts_them()
    {
        string id = StoredSession();
        File.AppendAllText(PathOf(id), """{"type":"from_the_future","id":"x-1","parent_id":"msg-2","timestamp":"t"}""" + "\n");

        RunResult result = Engine.Run($"Get-OpiEntry {id} -Folder $folder").WithoutErrors();

        var entry = Assert.IsType<OpiEntry>(result.Output[^1]);
        Assert.Equal((EntryType.Unknown, "from_the_future"), (entry.Type, entry.Text));
        Assert.Contains("1 entry of unknown type", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_abandoned_branch_is_marked()
    {
        CopyGolden("s08-leaf-older-then-turn", "branched");

        IReadOnlyList<OpiEntry> entries = Engine.All<OpiEntry>("Get-OpiEntry branched -Folder $folder -Type Message");

        Assert.Contains(entries, entry => entry.OnActiveBranch);
        Assert.Contains(entries, entry => !entry.OnActiveBranch);
    }

    [Fact]
    public void Text_is_cut_to_a_line_and_the_message_has_all_of_it()
    {
        NewSession();
        Engine.Run("$null = $s | Add-OpiTurn -User ('x' * 5000)").WithoutErrors();

        var entry = Engine.One<OpiEntry>("$s | Get-OpiEntry");

        Assert.Equal(203, entry.Text.Length);
        Assert.Equal(5000, entry.Message!.Text.Length);
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        CopyGolden("e02-torn-tail-no-newline", "torn");
        IReadOnlyList<string> before = Snapshot();

        Engine.Run("Get-OpiEntry torn -Folder $folder").WithoutErrors();

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Wait_follows_a_session_and_ends_when_it_is_stopped()
    {
        OpiSession session = NewSession(turns: 1);
        using var follower = new Engine();
        using var shell = Shell.Create(follower.Runspace);
        using var output = new PSDataCollection<PSObject>();
        var seen = new List<string>();
        using var arrived = new SemaphoreSlim(0);
        output.DataAdded += (_, added) =>
        {
            seen.Add(((OpiEntry)output[added.Index].BaseObject).Id);
            arrived.Release();
        };
        shell.AddCommand("Get-OpiEntry").AddParameter("Path", session.Path).AddParameter("Wait").AddParameter("Last", 1);

        IAsyncResult run = shell.BeginInvoke<PSObject, PSObject>(null, output);
        Assert.True(await arrived.WaitAsync(Patience));
        session.AddTurn([new UserMessage("next", 0), new UserMessage("and next", 0)]);
        Assert.True(await arrived.WaitAsync(Patience));
        Assert.True(await arrived.WaitAsync(Patience));
        Assert.False(run.IsCompleted);
        await StopsInTime(shell);

        Assert.Equal(["msg-2", "msg-3", "msg-4"], seen);
        Assert.Equal(4, session.AddTurn([new UserMessage("still usable", 0)]).Turn); // each prompt begins a turn
    }

    [Fact]
    public async Task A_stopped_pipeline_ends_between_two_entries()
    {
        OpiSession session = NewSession(turns: 200, "-Durability Buffered");
        using var reader = new Engine();
        using var shell = Shell.Create(reader.Runspace);
        using var output = new PSDataCollection<PSObject>();
        using var arrived = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        output.DataAdded += (_, added) =>
        {
            // The pipeline stands still here until it has been asked to stop.
            if (added.Index == 0)
            {
                arrived.Release();
                goOn.Wait(Patience);
            }
        };
        shell.AddCommand("Get-OpiEntry").AddParameter("Path", session.Path);

        shell.BeginInvoke<PSObject, PSObject>(null, output);
        Assert.True(await arrived.WaitAsync(Patience));
        Task stopped = StopsInTime(shell);
        while (shell.InvocationStateInfo.State == PSInvocationState.Running)
        {
            await Task.Yield();
        }

        goOn.Release();
        await stopped;

        Assert.InRange(output.Count, 1, 399);
    }

    private static async Task StopsInTime(Shell shell)
    {
        Task stop = Task.Factory.FromAsync(shell.BeginStop, shell.EndStop, null);
        Assert.Same(stop, await Task.WhenAny(stop, Task.Delay(Patience)));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }
}
