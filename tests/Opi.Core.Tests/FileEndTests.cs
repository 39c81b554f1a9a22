using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opi.Tests;

/// <summary>Bytes taken back from the end of a file, alone and beside other programs that have it open.</summary>
public sealed class FileEndTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    public void The_end_is_cut_off_where_no_other_program_has_the_file_open(int bytes)
    {
        using var folder = new TempFolder();
        string path = folder.Write("kept\n" + new string('x', bytes));
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);

        Assert.Equal(5, FileEnd.Remove(file, path, 5, 5 + bytes, blank: true));

        Assert.Equal("kept\n", SharedText.ReadAllText(path));
    }

    [LinuxTheory]
    [InlineData(1)]
    [InlineData(200_000)]
    public void An_empty_line_stands_there_where_another_program_has_the_file_open(int bytes)
    {
        using var folder = new TempFolder();
        string path = folder.Write("kept\n" + new string('x', bytes));
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);
        using (SafeFileHandle other = NativeFile.Open(path, FileAccess.ReadWrite, follow: true, append: true))
        {
            Assert.Equal(5 + bytes, FileEnd.Remove(file, path, 5, 5 + bytes, blank: true));
            RandomAccess.Write(other, "theirs\n"u8, 0); // the system appends it
        }

        Assert.Equal("kept\n" + new string(' ', bytes - 1) + "\ntheirs\n", SharedText.ReadAllText(path));
    }

    [Fact]
    public void Nothing_is_removed_where_the_file_has_another_length()
    {
        using var folder = new TempFolder();
        string path = folder.Write("kept\nmine\ntheirs\n");
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);

        Assert.Throws<IOException>(() => FileEnd.Remove(file, path, 5, 10, blank: true));

        Assert.Equal("kept\nmine\ntheirs\n", SharedText.ReadAllText(path));
    }

    [LinuxFact]
    public async Task Each_line_of_a_program_that_opens_the_file_for_it_stays()
    {
        using var folder = new TempFolder();
        string path = folder.Write("kept\n");
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);
        int theirs = 0;
        using var stop = new CancellationTokenSource();
        Task other = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using SafeFileHandle own = NativeFile.Open(path, FileAccess.ReadWrite, follow: true, append: true);
                RandomAccess.Write(own, Encoding.UTF8.GetBytes($"theirs {theirs + 1}.\n"), 0);
                theirs++;
            }
        });

        int removed = 0;
        for (int round = 0; round < 100_000 && (removed < 200 || theirs < 50); round++)
        {
            Thread.Sleep(round % 4 == 0 ? 1 : 0); // the other program has its turn
            long start = RandomAccess.GetLength(file);
            RandomAccess.Write(file, "mine\n"u8, 0);
            byte[] end = new byte[5];
            long length = RandomAccess.GetLength(file);
            if (length != start + 5 || RandomAccess.Read(file, end, start) != 5 || !end.AsSpan().SequenceEqual("mine\n"u8))
            {
                continue; // theirs came between, and stays
            }

            try
            {
                FileEnd.Remove(file, path, start, length, blank: true);
                removed++;
            }
            catch (IOException)
            {
                // Expected where theirs came between.
            }
        }

        await stop.CancelAsync();
        await other;
        string[] lines = SharedText.ReadAllLines(path);
        Assert.True(removed >= 200 && theirs >= 50, $"{removed} removed, {theirs} of the other program");
        Assert.Equal(Enumerable.Range(1, theirs).Select(number => $"theirs {number}."), lines.Where(line => line.StartsWith("theirs", StringComparison.Ordinal)));
    }

    [LinuxFact]
    public void The_end_is_cut_off_beside_a_reader_where_that_is_wanted()
    {
        using var folder = new TempFolder();
        string path = folder.Write("kept\ntorn");
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);
        using SafeFileHandle reader = NativeFile.Open(path, FileAccess.Read, follow: true);

        Assert.Equal(5, FileEnd.Remove(file, path, 5, 9, blank: false));

        Assert.Equal("kept\n", SharedText.ReadAllText(path));
    }
}
