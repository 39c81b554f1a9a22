using System.Globalization;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>A file of the ledger, as it is read. Lines are only ever added to it.</summary>
internal static class LedgerFile
{
    private const int LongestLine = 1 << 24; // more than any response has: what is longer is damage
    private const string Prefix = "usage-";
    private const string Extension = ".jsonl";
    private const string MonthFormat = "yyyy-MM";
    private const string Undated = "undated"; // instead of the month of a response without a time

    private static readonly EnumerationOptions Recursion =
        new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    /// <summary>The name of the file that has the responses of a time's month, by UTC.</summary>
    public static string NameFor(DateTimeOffset? time) =>
        $"{Prefix}{time?.UtcDateTime.ToString(MonthFormat, CultureInfo.InvariantCulture) ?? Undated}{Extension}";

    /// <summary>Whether a file is one of a ledger, by its name.</summary>
    public static bool IsFile(string path) =>
        Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>Whether a file has the name of a month, or of rows without a time.</summary>
    public static bool IsMonth(string path) => Path.GetFileName(path) == NameFor(null) || MonthOf(path) is not null;

    /// <summary>When the month of a file begins, by its name; null when it names none.</summary>
    public static DateTimeOffset? MonthOf(string path)
    {
        string name = Path.GetFileName(path);
        return IsFile(path)
            && DateTime.TryParseExact(
                name[Prefix.Length..^Extension.Length], MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime month)
            && name == NameFor(new DateTimeOffset(month, TimeSpan.Zero))
            ? new DateTimeOffset(month, TimeSpan.Zero)
            : null;
    }

    /// <summary>The files of all ledgers in a folder and the folders in it. What several links lead to is searched once.</summary>
    public static IEnumerable<string> FilesBelow(string folder)
    {
        var targets = new HashSet<string>(StringComparer.Ordinal);
        return new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), Recursion)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsFile(entry.FileName.ToString()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                LinkTarget.Of(entry.ToFileSystemInfo()) is not { } target || targets.Add(target),
        }.Order(StringComparer.Ordinal);
    }

    /// <summary>The files of a ledger's folder, the oldest month first. Empty when there is no folder.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(IsFile).Order(StringComparer.Ordinal)] : [];

    /// <summary>What identifies a response: the key that its reader gave it, else all that is known of it.</summary>
    public static string KeyOf(OpiUsage row) =>
        row.Key ?? string.Join(
            '|',
            row.Source,
            row.SessionId,
            row.ResponseId,
            row.Timestamp?.UtcTicks.ToString(CultureInfo.InvariantCulture),
            row.Model,
            row.TotalTokens.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets each line.</param>
    /// <param name="damaged">Called for each line that is not valid.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>How it ends.</returns>
    public static LedgerFileEnd Read(string path, LedgerLineTaker take, Action<LedgerFinding>? damaged, CancellationToken cancellation)
    {
        using SafeFileHandle file = RegularFile.Open(path);
        using var lines = new LineReader(file) { LongestLine = LongestLine, CutsLongerLines = true, Cancellation = cancellation };
        var texts = new RepeatedTexts();
        for (long number = 1; lines.Next(); number++)
        {
            if ((number & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (lines.Line.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            try
            {
                take(LedgerWire.Read(lines.Line, path, texts));
            }
            catch (WireException fault)
            {
                damaged?.Invoke(new LedgerFinding(path, number, fault.Message) { IsTornTail = !lines.Complete });
                if (!lines.Complete)
                {
                    return new LedgerFileEnd(lines.Offset, IsTorn: true, LacksNewline: false);
                }
            }
        }

        return new LedgerFileEnd(lines.NextOffset, IsTorn: false, LacksNewline: lines.NextOffset > 0 && !lines.Complete);
    }
}
