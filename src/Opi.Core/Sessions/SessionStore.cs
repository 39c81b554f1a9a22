using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A folder of sessions.</summary>
public sealed partial class SessionStore
{
    /// <summary>The ending of session files.</summary>
    public const string Extension = ".jsonl";

    private const int MaxIdLength = 200;

    private static readonly SearchValues<char> Reserved = SearchValues.Create(":*?\"<>|");

    /// <summary>Names a folder; it need not exist.</summary>
    public SessionStore(string folder) => Folder = Path.GetFullPath(folder);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>
    /// The folder that is used when none is named: <c>OPI_SESSIONS_DIR</c>, else the one of opi, which is <c>%LOCALAPPDATA%\opi\sessions</c>
    /// on Windows and <c>~/.local/share/opi/sessions</c> elsewhere, else <c>.opi/sessions</c> here.
    /// </summary>
    public static string DefaultFolder() => OpiFolders.Sessions;

    /// <summary>Whether a text is meant as a path and not as an id: it has a separator, or a session file's ending.</summary>
    internal static bool IsPath(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAny('/', '\\') >= 0 || text.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether two paths mean the same file, as the system sees it: by another case where that does not count, a link, or another name of
    /// the folder.
    /// </summary>
    /// <param name="path">A path; it need not be complete.</param>
    /// <param name="other">Another one.</param>
    /// <returns>False when one of them does not exist and the paths differ.</returns>
    /// <exception cref="OpiException">FileNotAccessible: the system cannot say.</exception>
    internal static bool IsSameFile(string path, string other)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(other);
        return Path.GetFullPath(path) == Path.GetFullPath(other)
            || (FileOf(path) is { } file && FileOf(other) is { } second && file.IsSameAs(second));

        static FileIdentity? FileOf(string name) => FileNotAccessibleException.Guard(name, () => FileIdentity.Of(name));
    }

    /// <summary>Asserts that a text can be an id, on every system.</summary>
    /// <exception cref="OpiException">InvalidSessionId: it cannot.</exception>
    internal static void ValidateId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (WhyNoId(id) is { } reason)
        {
            throw new InvalidSessionIdException(id, reason);
        }
    }

    internal static bool IsId(string text) => WhyNoId(text) is null;

    private static string? WhyNoId(string id) =>
        id.Length == 0 ? "it is empty"
        : id.Length > MaxIdLength ? $"it has more than {MaxIdLength} characters"
        : id.AsSpan().IndexOfAny('/', '\\') >= 0 ? "it has a path separator"
        : id.Contains("..", StringComparison.Ordinal) ? "it has two dots in a row"
        : id.Any(char.IsControl) ? "it has a control character"
        : id.AsSpan().IndexOfAny(Reserved) >= 0 ? "it has one of : * ? \" < > |"
        : id[^1] is '.' or ' ' || id[0] == ' ' ? "it begins or ends with a space, or ends with a dot"
        : DeviceName().IsMatch(id) ? "Windows keeps that name for a device"
        : null;

    /// <summary>The file of a session.</summary>
    /// <exception cref="OpiException">InvalidSessionId: the text cannot be an id.</exception>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    public string PathOf(string id)
    {
        ValidateId(id);
        string path = Path.Combine(Folder, id + Extension);
        return File.Exists(path) ? path : throw SessionNotFoundException.ForId(id, Folder);
    }

    /// <summary>The session files of the folder, the one written last first. Empty when there is no folder.</summary>
    /// <exception cref="OpiException">FileNotAccessible: the folder cannot be read.</exception>
    public IEnumerable<FileInfo> Files()
    {
        var folder = new DirectoryInfo(Folder);
        return !folder.Exists
            ? []
            : FileNotAccessibleException.Guard<FileInfo[]>(
                Folder,
                () =>
                [
                    .. folder.EnumerateFiles("*" + Extension)
                        .Where(file => file.Extension == Extension)
                        .OrderByDescending(file => file.LastWriteTimeUtc)
                        .ThenByDescending(file => file.Name, StringComparer.Ordinal),
                ]);
    }

    /// <summary>
    /// The sessions of the folder that have a turn, the one used last first: by the time of the last message, not of the file, which a
    /// label or a copy changes too. Reads the end of each file only.
    /// </summary>
    /// <param name="failed">Gets each file that is not a session or cannot be read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal IReadOnlyList<SessionActivity> ReadActivity(Action<OpiException>? failed = null, CancellationToken cancellationToken = default)
    {
        var found = new List<SessionActivity>();
        foreach (FileInfo file in Files())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (SessionTail.ReadLastTurnTime(file.FullName, cancellationToken) is { } time)
                {
                    found.Add(new SessionActivity(file.FullName, time));
                }
            }
            catch (OpiException error)
            {
                failed?.Invoke(error);
            }
        }

        return [.. found.OrderByDescending(session => session.LastTurnTime)]; // of equal times the file written last, as Files gives them
    }

    /// <summary>
    /// Deletes a session: its file, its index, the unfinished lines saved from it, and its lock. Refused while a writer has it open.
    /// </summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It is not a session file; it is not touched.</exception>
    /// <exception cref="SessionLockedException">A writer has it open.</exception>
    /// <exception cref="SessionWriteException">It cannot be deleted.</exception>
    /// <param name="path">The file.</param>
    /// <param name="withoutLocks">Whether a file system without locks is accepted.</param>
    public static void Delete(string path, bool withoutLocks = false) => Delete(path, withoutLocks, new SavedTails());

    /// <summary>The same for a caller that deletes many.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withoutLocks">Whether a file system without locks is accepted.</param>
    /// <param name="tails">What is known of the folders from the deletions before.</param>
    internal static void Delete(string path, bool withoutLocks, SavedTails tails)
    {
        OpiSessionInfo.ReadHeader(path);
        using SafeFileHandle file = SessionWriter.OpenToAppend(path);
        using FileClaim claim = SessionLock.Claim(file, path, withoutLocks);
        using FileLock? held = SessionLock.Acquire(path, withoutLocks);
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            SessionIndexFile.Delete(path);
            SharedFile.Retry(() => File.Delete(path));
            foreach (string saved in tails.Of(path, written))
            {
                SharedFile.Retry(() => File.Delete(saved));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SessionWriteException.NotDeleted(path, error);
        }

        held?.Delete();
    }

    [GeneratedRegex(
        @"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
