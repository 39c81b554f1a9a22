using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Reads the database of an agent, which may be writing it. No byte of it or of the files next to it is changed, and the agent is never stopped: it
/// is read without locks, and again where the agent wrote what was being read.
/// </summary>
internal static class DatabaseFile
{
    private const int MaxAttempts = 3;
    private const int MaxCopies = 50;
    private const int DatabaseHeader = 100;
    private const int LogHeader = 32;
    private const int CheckpointDone = 96;     // places in the index of a log, "-shm": how many of its frames are in the database,
    private const int CheckpointBegun = 128;   // and how many the last one was about to copy into it

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly string[] Endings = [".db", ".sqlite", ".sqlite3"];
    private static readonly string[] Besides = ["-wal", "-journal"];

    /// <summary>Whether a file is named as a database is.</summary>
    public static bool IsNamedSo(string path)
    {
        foreach (string ending in Endings) // of each file
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The files next to a database, behind any links to it: what an agent writes is there first. None for a file that is not named as one.
    /// </summary>
    public static IEnumerable<FileInfo> FilesBeside(string path) => IsNamedSo(path)
        ? Besides.Select(ending => new FileInfo(RegularFile.TargetOf(path) + ending)).Where(file => file.Exists)
        : [];

    /// <summary>
    /// Whether nothing was written to the files next to a database since a time. Windows shows that for a file that is open only when it is
    /// closed, which an agent may do after weeks.
    /// </summary>
    public static bool WasLeftAlone(string path, DateTime since) =>
        !OperatingSystem.IsWindows() && FilesBeside(path).All(file => file.LastWriteTimeUtc < since);

    /// <summary>Reads the responses of a database into a part.</summary>
    /// <param name="part">The part, which is all of the file.</param>
    /// <param name="logs">The sources it may be of, if that is not known yet.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public static void Read(LogPart part, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        string path = RegularFile.TargetOf(part.File.Path);
        for (int attempt = 0; attempt < MaxAttempts && !HasContent(path + "-journal"); attempt++)
        {
            string before = StateOf(path);
            IOException? failure = ReadOnce(part, logs, path, HasContent(path + "-wal") ? StoreMode.WithLog : StoreMode.Alone, cancellation);
            if (StateOf(path) == before)
            {
                Tell(part, failure);
                return;
            }
        }

        // The agent writes so much that no reading is undisturbed, or its last write was broken off: a copy takes less time.
        DirectoryInfo folder = PrivateFile.MakeFolder();
        try
        {
            Tell(part, ReadOnce(part, logs, Copy(path, folder.FullName, cancellation), StoreMode.Copy, cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads what is there now. Gives what stopped it.</summary>
    private static IOException? ReadOnce(
        LogPart part, IReadOnlyList<UsageLog> logs, string path, StoreMode mode, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        part.Drafts.Clear();
        part.File.ForgetReading();
        try
        {
            using StoreDatabase database = StoreLibrary.Access.OpenDatabase(path, mode);
            if (Identify(part.File, logs, database.Tables))
            {
                part.File.Log!.ReadDatabase(part, database, cancellation);
            }

            return null;
        }
        catch (IOException error) when (error is not StoreLibraryException)
        {
            return error;
        }
    }

    /// <summary>Rows that were read before the damage count, and the damage is reported.</summary>
    private static void Tell(LogPart part, IOException? failure)
    {
        if (failure is not null && part.Drafts.Count == 0)
        {
            throw failure;
        }

        if (failure is not null)
        {
            part.File.NoteDamage($"{failure.Message}, so that the rest of it is not read");
        }
    }

    private static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, IReadOnlySet<string> tables)
    {
        UsageLog[] owners = [.. (file.Log is null ? logs : [file.Log]).Where(log => log.OwnsDatabase(file.Path, tables))];
        if (owners.Length == 1)
        {
            file.Log = owners[0];
            return true;
        }

        file.Fail(
            owners.Length > 1 ? $"it may be a database of {string.Join(" or of ", owners.Select(owner => owner.Source))}"
            : file.Log is { } log ? $"it has no table that Opi knows of {log.Source}: the agent may be newer than Opi"
            : "it is not a database that Opi reads",
            isLog: owners.Length > 1 || file.Log is not null);
        return false;
    }

    private static bool HasContent(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length > 0;
    }

    /// <summary>
    /// What shows whether the agent changed what a reader may have read: the database itself, or a log that it started again. What it only adds to
    /// the log is not read. The time alone does not show it, because a system may count it in steps of several milliseconds.
    /// </summary>
    internal static string StateOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? string.Join(
                ' ',
                file.Length.ToString(CultureInfo.InvariantCulture),
                file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture),
                BytesOf(path, 0, DatabaseHeader),
                BytesOf(path + "-wal", 0, LogHeader),
                // Each by itself: between them are the bytes that the agent locks, which Windows lets nobody read.
                BytesOf(path + "-shm", CheckpointDone, sizeof(uint)),
                BytesOf(path + "-shm", CheckpointBegun, sizeof(uint)),
                HasContent(path + "-journal") ? "journal" : "")
            : "";
    }

    private static string BytesOf(string path, long offset, int length)
    {
        try
        {
            byte[] bytes = new byte[length];
            using SafeFileHandle file = RegularFile.Open(path);
            return Convert.ToHexString(bytes, 0, RandomAccess.Read(file, bytes, offset));
        }
        catch (FileNotFoundException)
        {
            return ""; // there is no log, or the agent ended just now
        }
    }

    /// <summary>Copies one state of a database, with the files next to it.</summary>
    private static string Copy(string path, string folder, CancellationToken cancellation)
    {
        string target = Path.Combine(folder, "copy.db");
        for (int attempt = 0; attempt < MaxCopies; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            string before = StateOf(path);
            foreach (string ending in Besides.Prepend(""))
            {
                SharedFile.Retry(() => File.Delete(target + ending));
                if (ending.Length == 0 || HasContent(path + ending))
                {
                    CopyFile(path + ending, target + ending);
                }
            }

            if (StateOf(path) == before)
            {
                return target;
            }

            Thread.Sleep(Pause);
        }

        throw new IOException("the agent writes to it all the time, so that it cannot be read in one state");
    }

    private static void CopyFile(string path, string target)
    {
        try
        {
            using var source = new FileStream(RegularFile.Open(path), FileAccess.Read);
            FileSizeLimit.Guard(() =>
            {
                using FileStream copy = OwnerOnlyFile.Open(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
                source.CopyTo(copy);
            });
        }
        catch (FileNotFoundException)
        {
            // the agent ended just now: its state is another, and the copy is made again
        }
    }
}
