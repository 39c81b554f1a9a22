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
