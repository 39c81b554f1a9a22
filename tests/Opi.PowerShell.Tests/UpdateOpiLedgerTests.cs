using Opi.Tests;

namespace Opi.PowerShell.Tests;

public sealed class UpdateOpiLedgerTests : EngineTest
{
    public UpdateOpiLedgerTests() => Engine.Set("ledger", Path.Combine(Folder, "ledger"));

    [Fact]
    public void What_is_new_is_added_and_a_second_time_nothing()
    {
        StoredSession(turns: 3);

        var first = Engine.One<OpiLedgerUpdate>("Update-OpiLedger $ledger -Source Opi -LogPath $folder");
        var second = Engine.One<OpiLedgerUpdate>("Update-OpiLedger -Path $ledger -Source Opi -LogPath $folder");

        Assert.Equal((Path.Combine(Folder, "ledger"), 3, 0, 0), (first.Path, first.Added, first.Updated, first.Known));
        Assert.Equal((0, 0, 3), (second.Added, second.Updated, second.Known));
        Assert.Equal(new OpiLedgerSource(UsageSource.Opi, 0, 0, 3), Assert.Single(second.Sources));
    }

    [Fact]
    public void The_ledger_costs_what_the_logs_did_after_they_are_gone()
    {
        string id = StoredSession(turns: 3);
        Engine.Run("$null = Update-OpiLedger $ledger -Source Opi -LogPath $folder; $before = Get-OpiCost -Folder $folder -By Day, Model").WithoutErrors();
        File.Delete(PathOf(id));

        var after = Engine.One<OpiCost>("Get-OpiCost -Source Ledger -LogPath $ledger -By Day, Model");

        Assert.Equal(Engine.One<OpiCost>("$before"), after);
        Assert.Equal((3, 0.00135m), (after.Turns, after.TotalCost));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        StoredSession();

        Assert.Empty(Engine.Run("Update-OpiLedger $ledger -Source Opi -LogPath $folder -WhatIf").WithoutErrors().Output);
        Assert.False(Directory.Exists(Path.Combine(Folder, "ledger")));
    }

    [Fact]
    public void One_that_is_being_updated_is_an_error_that_names_the_holder()
    {
        StoredSession();
        Directory.CreateDirectory(Path.Combine(Folder, "ledger"));
        using (new FileStream(Path.Combine(Folder, "ledger", "ledger.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            RunResult result = Engine.Run("Update-OpiLedger $ledger -Source Opi -LogPath $folder -TimeoutSec 0");
            Assert.Contains("is being updated", result.Error("LedgerLocked,Opi.PowerShell.Commands.UpdateOpiLedgerCommand").Exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_an_error()
    {
        StoredSession();
        File.WriteAllText(Path.Combine(Folder, "file"), "");

        Engine.Run("Update-OpiLedger \"$folder/file/ledger\" -Source Opi -LogPath $folder").Error("LedgerWriteFailed,Opi.PowerShell.Commands.UpdateOpiLedgerCommand");
    }

    [Fact]
    public void Damaged_lines_are_warned_of_and_stay()
    {
        StoredSession(turns: 2);
        Engine.Run("$null = Update-OpiLedger $ledger -Source Opi -LogPath $folder").WithoutErrors();
        string file = Directory.GetFiles(Path.Combine(Folder, "ledger"), "*.jsonl").Single();
        File.AppendAllText(file, "nonsense\n{\"torn");

        RunResult result = Engine.Run("Update-OpiLedger $ledger -Source Opi -LogPath $folder -Verbose").WithoutErrors();

        Assert.Contains("1 damaged line", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, result.Verbose.Count(line => line.Contains(file, StringComparison.Ordinal)));
        Assert.Contains("nonsense", SharedText.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(2, Assert.IsType<OpiLedgerUpdate>(result.Output.Single()).Known);
    }

    [Fact]
    public void It_is_shown_as_a_list() =>
        Assert.Matches("Added +: 2\n", Engine.Show($"$null = '{StoredSession(turns: 2)}'; Update-OpiLedger $ledger -Source Opi -LogPath $folder").Replace("\r", "", StringComparison.Ordinal));
}
