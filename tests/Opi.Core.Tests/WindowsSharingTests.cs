namespace Opi.Tests;

/// <summary>What Windows does when several programs have a file: it refuses, by how each of them opened it.</summary>
public sealed class WindowsSharingTests
{
    [WindowsFact]
    public void Another_case_of_the_path_is_the_same_session()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AssertHeldHere(session.SessionPath.ToUpperInvariant());
        AssertHeldHere(session.SessionPath.Replace('\\', '/'));
        Assert.True(SessionStore.IsSameFile(session.SessionPath, session.SessionPath.ToUpperInvariant()));
    }

    [SkippableFact]
    public void A_short_name_is_the_same_session()
    {
        Skip.IfNot(OperatingSystem.IsWindows(), "needs Windows");
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header, "a session with a long name.jsonl");
        using SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never);
        string? name = WindowsNames.ShortOf(path);
        Skip.If(name is null, "this file system makes no short names");
        AssertHeldHere(name!);
    }

    [WindowsFact]
    public void A_drive_that_is_a_folder_leads_to_the_same_session()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        WindowsNames.WithDrive(folder.Path, drive => AssertHeldHere(Path.Combine(drive, Path.GetFileName(session.SessionPath))));
    }

    [Fact]
    public void A_claim_holds_whatever_the_handles_share_and_ends_with_its_handle()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows");
        var first = SharedText.Open(path, access: FileAccess.ReadWrite);
        using FileStream second = SharedText.Open(path, access: FileAccess.ReadWrite);

        FileClaim? claim = FileClaim.TryTake(first.SafeFileHandle);
        Assert.NotNull(claim);
        Assert.Null(FileClaim.TryTake(second.SafeFileHandle));
        Assert.Equal("rows", SharedText.ReadAllText(path)); // readers are not hindered

        first.Dispose();
        claim.Dispose();
        using FileClaim? next = FileClaim.TryTake(second.SafeFileHandle);
        Assert.NotNull(next);
    }

    [WindowsFact]
    public void Others_cannot_write_to_an_open_session_and_can_read_it()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        Assert.Throws<IOException>(() => File.AppendAllText(session.SessionPath, "x"));
        Assert.StartsWith("{", SharedText.ReadAllText(session.SessionPath), StringComparison.Ordinal);
    }

    [WindowsFact]
    public void Another_program_that_has_the_lock_file_open_is_not_called_a_writer()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        SessionCoordinator.OpenExisting(path, Make.Never).Dispose(); // this process, which lives, was the last holder
        using FileStream scanner = new(path + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read);

        var error = Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
        Assert.Null(error.ProcessId);
        Assert.Contains("another program has its lock file", error.Message, StringComparison.Ordinal);
    }

    [WindowsFact]
    public void Another_program_that_reads_the_session_without_sharing_is_not_called_a_writer()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        using (FileStream scanner = new(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            var error = Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
            Assert.Contains("another program has the file open", error.Message, StringComparison.Ordinal);
        }

        SessionCoordinator.OpenExisting(path, Make.Never).Dispose();
    }

    [WindowsFact]
    public void A_session_that_another_program_has_for_itself_is_in_use_and_no_bad_file()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        using FileStream other = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var error = Assert.Throws<SessionLockedException>(() => SessionReader.Open(path));
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        Assert.NotNull(OwnData.Describe(path)); // an export does not take it for nothing
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData(".lock")]
    public async Task A_file_that_a_scanner_has_for_itself_for_most_of_a_second_is_waited_for(string ending)
    {
        Skip.IfNot(OperatingSystem.IsWindows(), "needs Windows");
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        SessionCoordinator.OpenExisting(path, Make.Never).Dispose();
        foreach (Action act in (Action[])[
            () => SessionCoordinator.OpenExisting(path, Make.Never).Dispose(),
            () => SessionReader.Open(path).Dispose(),
            () => SessionStore.Delete(path)])
        {
            FileStream scanner = new(path + ending, FileMode.Open, FileAccess.Read, FileShare.None);
            Task done = Task.Run(async () =>
            {
                await Task.Delay(600);
                await scanner.DisposeAsync();
            });
            act();
            await done;
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [WindowsFact]
    public void A_file_of_Opi_s_is_not_replaced_under_a_name_in_another_case()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        using SessionReader session = SessionReader.Open(path);
        var ledger = new UsageLedger(folder.File("ledger"));
        ledger.Add([new OpiUsage { Source = UsageSource.Codex, Model = "gpt-5", InputTokens = 1, Key = "one", Timestamp = DateTimeOffset.UnixEpoch }], TimeSpan.Zero);
        string month = Assert.Single(Directory.GetFiles(ledger.Folder, "*.jsonl"));
        string budget = folder.Write("{}", "budget-" + new string('0', 16) + ".json");
        Assert.Equal("the file of a budget", OwnData.Describe(budget));
        foreach (string own in (string[])[path, month, budget, folder.Write("", "s.jsonl.lock")])
        {
            string before = SharedText.ReadAllText(own);
            string name = Path.Combine(Path.GetDirectoryName(own)!, Path.GetFileName(own).ToUpperInvariant());
            Assert.Throws<ExportFailedException>(() => SessionExport.Write(session, name, new SessionExportOptions { Overwrite = Overwrite.ReadOnly }));
            Assert.Equal(before, SharedText.ReadAllText(own));
        }
    }

    [Fact]
    public void A_repair_names_a_destination_that_it_cannot_write()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        string taken = Directory.CreateDirectory(folder.File("taken")).FullName;
        foreach (bool replace in (bool[])[false, true])
        {
            var isFolder = Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(path, taken, replace));
            Assert.Equal($"The file '{taken}' is a folder, a device or a pipe, which a repair does not replace.", isFolder.Message);
        }

        string nowhere = Path.Combine(folder.Path, "none", "r.jsonl");
        var missing = Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(path, nowhere));
        Assert.StartsWith($"The repaired session was not written to '{nowhere}': ", missing.Message, StringComparison.Ordinal);
    }

    [WindowsFact]
    public void A_repair_to_a_name_that_Windows_keeps_for_a_device_is_refused()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        foreach (string name in (string[])["NUL", "con", "aux.jsonl", "COM1"])
        {
            var error = Assert.Throws<SessionWriteException>(() => SessionRepair.Repair(path, folder.File(name), replace: true));
            Assert.Contains("device", error.Message, StringComparison.Ordinal);
        }
    }

    [WindowsFact]
    public async Task A_file_that_somebody_reads_for_a_moment_is_replaced_when_he_is_done()
    {
        using var folder = new TempFolder();
        string path = folder.Write("old", "export.md");
        FileStream reader = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Task done = Task.Run(async () =>
        {
            await Task.Delay(300);
            await reader.DisposeAsync();
        });

        NewFile.Write(path, replace: true, stream => stream.Write("new"u8));
        await done;
        Assert.Equal("new", SharedText.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [WindowsFact]
    public void A_name_that_Windows_keeps_for_a_device_is_refused()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        using SessionReader session = SessionReader.Open(path);
        var error = Assert.Throws<ExportFailedException>(
            () => SessionExport.Write(session, folder.File("NUL"), new SessionExportOptions()));
        Assert.Contains("device", error.Message, StringComparison.Ordinal);
        Assert.Contains("device", Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(folder.File("NUL"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CON")]
    [InlineData("nul.txt")]
    [InlineData("nul .x")]
    [InlineData("CONIN$")]
    [InlineData("conout$.a")]
    [InlineData("COM\u00b9")]
    [InlineData("lpt\u00b3.x")]
    [InlineData("a:b")]
    public void Names_that_Windows_does_not_take_are_not_ids_on_any_system(string id)
    {
        Assert.False(SessionStore.IsPath(id));
        Assert.Throws<InvalidSessionIdException>(() => SessionStore.ValidateId(id));
    }

    [Theory]
    [InlineData("CONTEXT")]
    [InlineData("COM10")]
    [InlineData("null")]
    [InlineData("CONIN")]
    public void Names_that_only_begin_like_those_are_ids(string id) => SessionStore.ValidateId(id);

    private static void AssertHeldHere(string path)
    {
        var error = Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
        Assert.Equal(Environment.ProcessId, error.ProcessId);
    }
}
