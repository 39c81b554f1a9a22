using System.Globalization;

namespace Opi.CrashTests;

/// <summary>A session file is not what the durability contract promises.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);

/// <summary>What a check found that the contract allows.</summary>
/// <param name="Whole">Turns that are there whole though nobody acknowledged them.</param>
/// <param name="Partial">Unacknowledged turns of which some messages are there.</param>
/// <param name="TornBytes">Bytes of the last line, where it was cut off.</param>
/// <param name="Appended">The number of the turn that the check added.</param>
/// <param name="AppendedAt">Where that turn begins in the file.</param>
internal sealed record CheckReport(int Whole, int Partial, long TornBytes, int Appended, long AppendedAt);

/// <summary>
/// Checks a session file after its writer died: first as a reader, who changes nothing, then as the next writer, who mends the end and goes
/// on, then what that left.
/// </summary>
internal sealed class SessionCheck(NumberedTurns turns)
{
    /// <summary>Checks a file and adds a turn to it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="acknowledged">The numbers of the turns that must be there.</param>
    /// <param name="crashes">How often its writer died: as many turns may be there that were not acknowledged.</param>
    public CheckReport Run(string path, IReadOnlySet<int> acknowledged, int crashes)
    {
        byte[] before = SharedText.ReadAllBytes(path);
        int whole = Array.LastIndexOf(before, (byte)'\n') + 1;
        int fragment = before.Length - whole;
        bool complete;
        int last;
        CheckReport report;
        using (SessionReader reader = SessionReader.Open(path))
        {
            complete = reader.Recovery.MissingNewline;
            Require(complete ? fragment > 0 : reader.Recovery.TornTailBytes == fragment, $"a torn end of {fragment} bytes was read as {reader.Recovery.TornTailBytes}");
            int lines = before.AsSpan().Count((byte)'\n') + (complete ? 1 : 0);
            Require(reader.Entries.Count == lines - 1, $"{lines} lines, but {reader.Entries.Count} entries");
            (report, last) = CheckEntries(reader, acknowledged, crashes);
        }

        Require(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(before), "reading changed the file");

        byte[] mended = complete ? [.. before, (byte)'\n'] : before[..whole];
        using (OpiSession session = OpiSession.Resume(path, new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true } }))
        {
            Require(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(mended), "opening it for writing left something else than its whole lines");
            Require(complete || fragment == 0 || Fragments(path).Any(saved => saved.AsSpan().SequenceEqual(before.AsSpan(whole))), "the torn end was not saved beside the file");
            session.AddTurn(turns.Make(last + 1));
        }

        Require(SharedText.ReadAllBytes(path).AsSpan().StartsWith(mended), "the next turn changed what was there");
        using (SessionReader reader = SessionReader.Open(path))
        {
            Require(reader.Recovery is { TornTailBytes: 0, MissingNewline: false }, "the end of the file is still not mended");
            _ = CheckEntries(reader, new HashSet<int>(acknowledged) { last + 1 }, crashes);
            _ = reader.ReadContext().Messages.Count();
        }

        return report with { TornBytes = complete ? 0 : fragment, Appended = last + 1, AppendedAt = mended.Length };
    }

    private (CheckReport Report, int Last) CheckEntries(SessionReader reader, IReadOnlySet<int> acknowledged, int crashes)
    {
        Require(reader.Recovery is { CorruptLines: 0, UnknownEntries: 0 }, $"lines are damaged: {reader.Recovery}");
        Require(reader.Tree.Warnings.Count == 0, string.Join(' ', reader.Tree.Warnings.Select(warning => warning.Message)));
        Require(reader.Tree.ActiveBranch.Count == reader.Entries.Count, "not all entries are on the active branch");

        int number = 0, messages = 0, whole = 0, partial = 0, missing = acknowledged.Count;
        IReadOnlyList<Message> expected = [];
        IndexedEntry? previous = null;
        foreach (IndexedEntry entry in reader.Entries)
        {
            Require(entry.ParentId == previous?.Id, $"the parent of {entry.Id} is {entry.ParentId}, not {previous?.Id}");
            Require(previous is null || IdNumber(entry) > IdNumber(previous), $"{entry.Id} comes after {previous?.Id}");
            previous = entry;
            if (reader.Read(entry) is not MessageEntry { Message: var message })
            {
                continue;
            }

            if (NumberedTurns.NumberOf(message) is { } next)
            {
                EndTurn();
                Require(next > number, $"turn {next} comes after turn {number}");
                (number, messages, expected) = (next, 0, turns.Make(next));
            }

            Require(messages < expected.Count && NumberedTurns.Same(message, expected[messages]), $"message {messages + 1} of turn {number} is not what was written");
            messages++;
        }

        EndTurn();
        Require(missing == 0, $"{missing} acknowledged turns are lost");
        Require(whole + partial <= crashes, $"{whole + partial} turns that nobody acknowledged, after {crashes} crashes");
        return (new CheckReport(whole, partial, 0, 0, 0), number);

        void EndTurn()
        {
            bool isWhole = messages == expected.Count;
            if (number == 0)
            {
                Require(messages == 0, "messages before the first turn");
            }
            else if (acknowledged.Contains(number))
            {
                Require(isWhole, $"turn {number} was acknowledged and has {messages} of {expected.Count} messages");
                missing--;
            }
            else
            {
                whole += isWhole ? 1 : 0;
                partial += isWhole ? 0 : 1;
            }
        }
    }

    private static int IdNumber(IndexedEntry entry) => int.Parse(entry.Id.AsSpan(entry.Id.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    private static IEnumerable<byte[]> Fragments(string path) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".torn-*").Select(SharedText.ReadAllBytes);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new CheckFailedException(otherwise);
        }
    }
}
