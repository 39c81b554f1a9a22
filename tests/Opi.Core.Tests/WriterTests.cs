using System.Diagnostics;
using System.Runtime.Versioning;

namespace Opi.Tests;

public class WriterTests
{
    private static readonly Usage One = new(1, 1);

    /// <summary>What a failed write must leave alone.</summary>
    private static (CumulativeUsage Usage, string Buffer, int Index, int Messages, long Watermark) Memory(SessionCoordinator session) =>
        (session.Usage, string.Join(' ', session.CompactionEntries.Select(entry => entry.Id)), session.Index.Count, session.AgentMessageCount, session.CompactionWatermarkTokens);

    private static void AddTurn(SessionCoordinator session, string text) =>
        session.OnTurnEndSimple([Make.User(text), Make.Assistant("re " + text, One)], One);

    [Fact]
    public void A_large_text_is_written_as_small_ones_are()
    {
        // Escapes, characters of two to four bytes and lone halves, at every place of a slice's border.
        const string Mixed = "\"q\\ \n\t\u0001\u001f\u007f\u00e9\u20ac\ud83d\ude00\ud83dx\ude00 ";
        foreach (int shift in Enumerable.Range(0, Mixed.Length))
        {
            string text = new string('x', shift) + string.Concat(Enumerable.Repeat(Mixed, 10_000));
            string expected = SerdeEncoder.Instance.Encode(text);

            string line = Make.Line(new MessageEntry("msg-1", null, "t", Make.User(text)));

            Assert.True(text.Length > 1 << 17);
            Assert.Contains($"\"text\":\"{expected}\"", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_buffer_of_a_large_batch_is_dropped_and_the_next_turns_are_whole()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        string text = string.Concat(Enumerable.Repeat("a \"quoted\" line\n", 100_000));
        SessionWriter writer = SessionWriter.Open(path, Durability.Buffered, TimeSpan.Zero, withoutLocks: false, TimeProvider.System, default).Writer;
        using (writer)
        {
            writer.Append([new MessageEntry("msg-1", null, "t", Make.User(text))]);
            Assert.InRange(writer.BufferCapacity, 1, 1 << 18);
            writer.Append([new MessageEntry("msg-2", "msg-1", "t", Make.User("after"))]);
        }

        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal([text, "after"], reader.ReadContext().Messages.Select(message => message.Text));
    }

    [Fact]
    public void A_second_writer_is_refused_and_told_who_holds_the_session()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        var error = Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(session.SessionPath, Make.Never));
        Assert.Equal(Environment.ProcessId, error.ProcessId);
        Assert.Contains($"this process ({Environment.ProcessId})", error.Message, StringComparison.Ordinal);
    }

    [FlockFact]
    public void A_writer_in_another_process_is_named()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        using Process other = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        File.WriteAllText(path + ".lock", $"{other.Id}\n");
        using Process holder = Process.Start(new ProcessStartInfo(FlockFactAttribute.Tool, [path + ".lock", "sh", "-c", "echo held; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());

        Assert.Equal(other.Id, Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(path, Make.Never)).ProcessId);

        other.Kill();
        other.WaitForExit();
        Assert.Null(Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(path, Make.Never)).ProcessId); // it has ended

        holder.StandardInput.Close();
        holder.WaitForExit();
        using SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never); // what it left is not a lock
        Assert.Equal("s", session.SessionId);
    }

    [Fact]
    public void Readers_and_the_writer_do_not_hinder_each_other()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        using SessionReader before = SessionReader.Open(session.SessionPath);
        AddTurn(session, "hi");
        using SessionReader after = SessionReader.Open(session.SessionPath);
        Assert.Empty(before.Entries);
        Assert.Equal(2, after.Entries.Count);
        Assert.Equal(2, SessionReaderCount(session));

        static int SessionReaderCount(SessionCoordinator open)
        {
            using SessionReader reader = SessionReader.Open(open.SessionPath);
            return reader.Entries.Count;
        }
    }

    [Fact]
    public void Closing_gives_the_lock_up_and_leaves_its_file()
    {
        using var folder = new TempFolder();
        SessionCoordinator session = Make.Coordinator(folder);
        string path = session.SessionPath;
        session.Dispose();
        session.Dispose();
        Assert.True(File.Exists(path + ".lock"));
        SessionCoordinator.OpenExisting(path, Make.Never).Dispose();
    }

    [Fact]
    public void A_refused_file_is_not_left_locked()
    {
        using var folder = new TempFolder();
        string path = folder.Write("no session");
        Assert.Throws<InvalidSessionFileException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
        folder.Write(Make.Header);
        SessionCoordinator.OpenExisting(path, Make.Never).Dispose();
    }

    [UnixFact]
    public void The_same_file_by_another_name_is_the_same_session()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        string link = folder.File("link.jsonl");
        File.CreateSymbolicLink(link, session.SessionPath);
        Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(link, Make.Never));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void The_session_its_lock_and_a_new_folder_belong_to_their_owner_only()
    {
        using var folder = new TempFolder();
        string inner = Path.Combine(folder.Path, "a", "sessions");
        using SessionCoordinator session = SessionCoordinator.Create(inner, "/repo", Make.Never, null);
        AssertMode.OwnerOnly(session.SessionPath);
        AssertMode.OwnerOnly(session.SessionPath + ".lock");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
    }

    [Fact]
    public void An_existing_file_is_never_overwritten()
    {
        using var folder = new TempFolder();
        string path = folder.Write("precious");
        Assert.Throws<IOException>(() => SessionWriter.Create(path, new SessionHeader("s", "T", "/", null), Durability.Flush));
        Assert.Equal("precious", SharedText.ReadAllText(path));
    }

    [Theory]
    [InlineData(Durability.Flush)]
    [InlineData(Durability.Buffered)]
    public void A_deleted_file_is_an_error_that_changes_nothing_until_it_is_put_back(Durability durability)
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = SessionCoordinator.Create(folder.Path, "/repo", Make.Never, Make.Sonnet, durability);
        AddTurn(session, "one");
        var before = Memory(session);
        string away = folder.File("away");

        File.Move(session.SessionPath, away);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));
            Assert.Throws<SessionWriteException>(() => session.ExecuteCompaction(CompactionReason.Manual)); // 62
            Assert.Throws<SessionWriteException>(() => session.AppendLeaf("msg-1"));
            Assert.Equal(before, Memory(session));
            Assert.False(File.Exists(session.SessionPath));
        }

        File.Move(away, session.SessionPath);
        AddTurn(session, "two");
        AssertFile(session, "one", "re one", "two", "re two");
    }

    [Fact]
    public void A_file_that_was_put_back_as_a_copy_is_written_to()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AddTurn(session, "one");
        byte[] bytes = SharedText.ReadAllBytes(session.SessionPath);
        File.Delete(session.SessionPath);
        Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));

        File.WriteAllBytes(session.SessionPath, bytes);
        AddTurn(session, "two");
        AssertFile(session, "one", "re one", "two", "re two");
    }

    /// <summary>The copy has the length of the original, so that only its being another file tells.</summary>
    [NotOnWindowsFact("Windows keeps an open file from being replaced")]
    public void A_file_that_was_replaced_unnoticed_is_detected_by_the_first_write()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AddTurn(session, "one");
        var before = Memory(session);
        byte[] bytes = SharedText.ReadAllBytes(session.SessionPath);
        File.WriteAllBytes(folder.File("copy"), bytes);
        File.Move(folder.File("copy"), session.SessionPath, overwrite: true);

        Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));
        Assert.Equal(before, Memory(session));
        Assert.Equal(bytes, SharedText.ReadAllBytes(session.SessionPath));

        AddTurn(session, "two");
        AssertFile(session, "one", "re one", "two", "re two");
    }

    [NotOnWindowsTheory(NotOnWindowsFactAttribute.SharesNoWriting)]
    [InlineData("{\"foreign\":1}\n")]
    [InlineData("x")]
    public void Bytes_of_another_program_are_detected_and_left_alone(string foreign)
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AddTurn(session, "one");
        var before = Memory(session);
        File.AppendAllText(session.SessionPath, foreign);
        byte[] bytes = SharedText.ReadAllBytes(session.SessionPath);

        Assert.Contains("another program changed it", Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost")).Message, StringComparison.Ordinal);
        Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));
        Assert.Equal(before, Memory(session));
        Assert.Equal(bytes, SharedText.ReadAllBytes(session.SessionPath));
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void A_file_that_was_cut_by_another_program_is_detected()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AddTurn(session, "one");
        File.WriteAllText(session.SessionPath, Make.Header);
        Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));
        Assert.Equal(Make.Header, SharedText.ReadAllText(session.SessionPath));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void A_read_only_file_is_an_error_until_it_is_writable_again()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        AddTurn(session, "one");
        var before = Memory(session);
        UnixFileMode mode = File.GetUnixFileMode(session.SessionPath);
        File.SetUnixFileMode(session.SessionPath, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.True(new FileInfo(session.SessionPath).IsReadOnly); // by its mode, for an administrator too

        Assert.Contains("read-only", Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost")).Message, StringComparison.Ordinal);
        Assert.Equal(before, Memory(session));

        File.SetUnixFileMode(session.SessionPath, mode);
        AddTurn(session, "two");
        AssertFile(session, "one", "re one", "two", "re two");
    }

    [MountFact]
    public void A_full_disk_is_an_error_that_changes_nothing_until_there_is_room()
    {
        using var folder = new TempFolder();
        using var disk = new SmallDisk(folder.File("disk"), "size=64k");
        using SessionCoordinator session = SessionCoordinator.Create(disk.Path, "/repo", Make.Never, Make.Sonnet);
        AddTurn(session, "one");
        var before = Memory(session);
        byte[] bytes = SharedText.ReadAllBytes(session.SessionPath);

        Assert.Throws<SessionWriteException>(() => AddTurn(session, new string('x', 100_000))); // part of it would fit
        Assert.Equal(before, Memory(session));
        Assert.Equal(bytes, SharedText.ReadAllBytes(session.SessionPath));

        string filler = Path.Combine(disk.Path, "filler");
        Assert.Throws<IOException>(() => File.WriteAllBytes(filler, new byte[100_000]));
        Assert.Throws<SessionWriteException>(() => AddTurn(session, new string('x', 10_000)));
        Assert.Throws<SessionWriteException>(() => SessionCoordinator.Create(disk.Path, "/repo", Make.Never, null).Dispose());
        Assert.Equal([session.SessionPath], Directory.GetFiles(disk.Path, "*.jsonl")); // none without its header
        Assert.Equal(before, Memory(session));

        File.Delete(filler);
        AddTurn(session, "two");
        AssertFile(session, "one", "re one", "two", "re two");
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void Ids_of_a_failed_turn_are_given_again()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        File.AppendAllText(session.SessionPath, "x");
        Assert.Throws<SessionWriteException>(() => AddTurn(session, "lost"));
        using (var file = new FileStream(session.SessionPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 1);
        }

        AddTurn(session, "one");
        Assert.Equal(["msg-1", "msg-2"], session.Index.Select(entry => entry.Id));
    }

    [Fact] // 72
    public async Task Forty_sessions_created_at_once_in_one_folder_are_forty_files()
    {
        using var folder = new TempFolder();
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
        {
            using SessionCoordinator session = Make.Coordinator(folder);
            AddTurn(session, $"of {i}");
            return session.SessionPath;
        })));

        Assert.Equal(40, paths.Distinct().Count());
        Assert.Equal(paths.Order(), Directory.GetFiles(folder.Path, "*.jsonl").Order());
        Assert.All(paths.Select((path, i) => (path, i)), pair =>
        {
            using SessionReader reader = SessionReader.Open(pair.path);
            Assert.Equal([$"of {pair.i}", $"re of {pair.i}"], reader.ReadContext().Messages.Select(message => message.Text));
        });
    }

    /// <summary>The file has these messages, and memory the same.</summary>
    private static void AssertFile(SessionCoordinator session, params string[] texts)
    {
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        Assert.True(reader.Recovery.IsClean);
        Assert.Equal(texts, reader.ReadContext().Messages.Select(message => message.Text));
        Assert.Equal(texts, session.ReadContext().Select(message => message.Text));
        Assert.Equal(Enumerable.Range(1, texts.Length).Select(i => $"msg-{i}"), reader.Entries.Select(entry => entry.Id));
    }

    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(string path, string options)
        {
            Path = Directory.CreateDirectory(path).FullName;
            Assert.True(MountFactAttribute.Mount(path, options));
        }

        public string Path { get; }

        public void Dispose() => Assert.True(MountFactAttribute.Unmount(Path));
    }
}
