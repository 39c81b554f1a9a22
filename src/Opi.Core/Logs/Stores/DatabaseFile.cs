using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Reads the database of an agent, which may be writing it. No byte of it or beside it is changed, and the agent is never stopped: it is read
/// without locks, and again where the agent wrote what was being read.
/// </summary>
internal static class DatabaseFile
{
    private const int MaxAttempts = 4;
    private const int LogHeader = 32;

    private static readonly string[] Endings = [".db", ".sqlite", ".sqlite3"];

    /// <summary>Whether a file is named as a database is.</summary>
    public static bool IsNamedSo(string path) => Array.Exists(Endings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the responses of a database into a part.</summary>
    /// <param name="part">The part, which is all of the file.</param>
    /// <param name="logs">The sources it may be of, where nobody knows yet.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public static void Read(LogPart part, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        string path = RegularFile.TargetOf(part.File.Path);
        for (int attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            (long Length, DateTime Written, string Log) before = StateOf(path);
            IOException? failure = null;
            part.Drafts.Clear();
            bool isCopy = attempt >= MaxAttempts - 1 || HasContent(path + "-journal");
            DirectoryInfo? folder = isCopy ? PrivateFile.MakeFolder() : null;
            try
            {
                string source = folder is null ? path : Copy(path, folder.FullName);
                StoreMode mode = isCopy ? StoreMode.Copy : HasContent(path + "-wal") ? StoreMode.WithLog : StoreMode.Alone;
                using StoreDatabase database = StoreLibrary.Access.OpenDatabase(source, mode);
                if (!Identify(part.File, logs, database.Tables))
                {
                    return;
                }

                part.File.Log!.ReadDatabase(part, database, cancellation);
            }
            catch (IOException error) when (error is not StoreLibraryException)
            {
                failure = error;
            }
            finally
            {
                folder?.Delete(recursive: true);
            }

            if (StateOf(path) == before || attempt == MaxAttempts)
            {
                Tell(part, failure);
                return;
            }
        }
    }

    /// <summary>Where rows were read before the damage, they count, and the damage is told.</summary>
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
            : "it is no database that Opi reads",
            isLog: owners.Length > 1 || file.Log is not null);
        return false;
    }

    private static bool HasContent(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length > 0;
    }

    /// <summary>
    /// What tells whether the agent wrote what a reader may have seen: the database itself, or a log that it began anew. What it only adds to
    /// the log is behind the reader's back.
    /// </summary>
    private static (long Length, DateTime Written, string Log) StateOf(string path)
    {
        var file = new FileInfo(path);
        byte[] header = new byte[LogHeader];
        int read = 0;
        if (HasContent(path + "-wal"))
        {
            try
            {
                using SafeFileHandle log = RegularFile.Open(path + "-wal");
                read = RandomAccess.Read(log, header, 0);
            }
            catch (FileNotFoundException)
            {
                read = 0; // the agent ended just now
            }
        }

        return file.Exists ? (file.Length, file.LastWriteTimeUtc, Convert.ToHexString(header, 0, read)) : default;
    }

    private static string Copy(string path, string folder)
    {
        string target = Path.Combine(folder, "copy.db");
        foreach (string ending in (string[])["", "-wal", "-journal"])
        {
            if (ending.Length == 0 || HasContent(path + ending))
            {
                using var source = new FileStream(RegularFile.Open(path + ending), FileAccess.Read);
                using FileStream copy = OwnerOnlyFile.Open(target + ending, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
                source.CopyTo(copy);
            }
        }

        return target;
    }
}
