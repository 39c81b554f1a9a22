using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Opi.Tests;

/// <summary>Other programs that write to a session's file, and ways around its lock.</summary>
public sealed class ForeignWriterTests
{
    private const string ForeignLine =
        """{"type":"message","id":"msg-900001","parent_id":null,"timestamp":"T","message":{"role":"user","content":[{"type":"text","text":"FOREIGN"}],"timestamp_ms":1}}""" + "\n";

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void A_turn_beside_a_foreign_line_is_whole_and_the_session_faults()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("first"), Make.Assistant("x")], new Usage(1, 1));
        File.AppendAllText(session.SessionPath, ForeignLine);
        string before = SharedText.ReadAllText(session.SessionPath);

        var error = Assert.Throws<SessionWriteException>(() => session.OnTurnEndSimple([Make.User("second")], new Usage(0, 0)));

        Assert.Contains("another program changed it", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, SharedText.ReadAllText(session.SessionPath));
    }

    [UnixFact]
    public async Task No_foreign_line_is_lost_and_no_acknowledged_turn_while_both_write()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        int foreign = 0;
        var acknowledged = new List<string>();
        using var stop = new CancellationTokenSource();
        Task other = Task.Run(() =>
        {
            using SafeFileHandle file = NativeFile.Open(path, FileAccess.ReadWrite, follow: true, append: true);
            while (!stop.IsCancellationRequested)
            {
                string line = ForeignLine.Replace("FOREIGN", $"foreign {foreign + 1}.", StringComparison.Ordinal);
                RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes(line), 0); // the system appends it
                foreign++;
                Thread.Sleep(1);
            }
        });

        for (int turn = 1; turn <= 300; turn++)
        {
            try
            {
                using SessionCoordinator session = SessionCoordinator.OpenExisting(path, Make.Never);
                for (int i = 1; i <= 4; i++)
                {
                    string text = string.Create(CultureInfo.InvariantCulture, $"turn {turn}/{i}.");
                    session.OnTurnEndSimple([Make.User(text)], new Usage(0, 0));
                    acknowledged.Add(text);
                }
            }
            catch (SessionWriteException)
            {
                // Expected as soon as a foreign line came in between.
            }
        }

        await stop.CancelAsync();
        await other;
        string[] lines = SharedText.ReadAllLines(path);
        Assert.True(foreign > 20, "the other program wrote");
        Assert.All(Enumerable.Range(1, foreign), number => Assert.Single(lines, line => line.Contains($"foreign {number}.", StringComparison.Ordinal)));
        Assert.All(acknowledged, text => Assert.Single(lines, line => line.Contains(text, StringComparison.Ordinal)));
        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(0, reader.Recovery.CorruptLines);
    }

    [NotOnWindowsFact(NotOnWindowsFactAttribute.SharesNoWriting)]
    public void A_file_that_was_emptied_is_never_grown()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("first")], new Usage(0, 0));
        using (var other = new FileStream(session.SessionPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.SetLength(10); // as copytruncate does
        }

        Assert.Throws<SessionWriteException>(() => session.OnTurnEndSimple([Make.User("second")], new Usage(0, 0)));
        Assert.Equal(10, new FileInfo(session.SessionPath).Length);
    }

    [Fact]
    public void A_hard_link_is_the_same_session()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        string link = folder.File("other.jsonl");
        if (OperatingSystem.IsWindows())
        {
            Assert.True(WindowsNames.CreateHardLink(link, session.SessionPath, 0));
        }
        else
        {
            using Process ln = Process.Start("ln", [session.SessionPath, link]);
            ln.WaitForExit();
            Assert.Equal(0, ln.ExitCode);
        }

        var error = Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(link, Make.Never));
        Assert.Equal(Environment.ProcessId, error.ProcessId);
    }

    [UnixFact]
    public void A_deleted_lock_file_lets_nobody_in()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        File.Delete(session.SessionPath + ".lock");

        Assert.Throws<SessionLockedException>(() => SessionCoordinator.OpenExisting(session.SessionPath, Make.Never));
    }

    [UnixFact]
    public void A_lock_file_that_is_a_link_is_refused_and_its_target_is_left_alone()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        string victim = folder.File("victim.txt");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(path + ".lock", victim);

        var error = Assert.Throws<SessionWriteException>(() => SessionCoordinator.OpenExisting(path, Make.Never));

        Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", SharedText.ReadAllText(victim));
    }

    [Fact]
    public void A_lock_file_with_foreign_content_keeps_it()
    {
        using var folder = new TempFolder();
        string path = folder.Write(Make.Header);
        File.WriteAllText(path + ".lock", "precious");

        SessionCoordinator.OpenExisting(path, Make.Never).Dispose();

        Assert.Equal("precious", SharedText.ReadAllText(path + ".lock"));
    }

    [Fact]
    public void Readers_of_every_kind_are_let_in_while_a_session_is_open()
    {
        using var folder = new TempFolder();
        using SessionCoordinator session = Make.Coordinator(folder);
        session.OnTurnEndSimple([Make.User("first")], new Usage(0, 0));

        using var shared = new FileStream(session.SessionPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Assert.True(shared.ReadByte() >= 0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("first", SharedText.ReadAllText(session.SessionPath), StringComparison.Ordinal); // shares reading only
        }

        session.OnTurnEndSimple([Make.User("second")], new Usage(0, 0));
    }

    [UnixFact]
    public void A_pipe_is_refused_at_once()
    {
        using var folder = new TempFolder();
        string path = folder.File("x.jsonl");
        using (Process make = Process.Start("mkfifo", [path]))
        {
            make.WaitForExit();
            Assert.Equal(0, make.ExitCode);
        }

        var error = Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path));
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidSessionFileException>(() => SessionCoordinator.OpenExisting(path, Make.Never));
    }

    [Fact]
    public void A_first_line_without_end_is_not_a_header()
    {
        using var folder = new TempFolder();
        string path = folder.File("x.jsonl");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(8L << 30);
        }

        long before = GC.GetTotalAllocatedBytes();
        Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 50_000_000);
    }
}
