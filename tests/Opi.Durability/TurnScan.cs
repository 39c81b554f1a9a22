using System.Globalization;

namespace Opi.CrashTests;

/// <summary>The numbered turns of a file in which turns need not stand in order: of several branches, or of several writers.</summary>
/// <param name="Whole">Those that are there whole and as they were written.</param>
/// <param name="Partial">How many others have some of their messages.</param>
internal sealed record TurnScan(IReadOnlySet<int> Whole, int Partial)
{
    /// <summary>Goes through the entries of a file, batch by batch.</summary>
    /// <exception cref="CheckFailedException">A message is not what was written, or a turn is there twice.</exception>
    public static TurnScan Read(SessionReader reader, NumberedTurns turns)
    {
        var whole = new HashSet<int>();
        int partial = 0, number = 0, messages = 0;
        IReadOnlyList<Message> expected = [];
        foreach (IndexedEntry entry in reader.Entries.Where(entry => entry.Type == EntryType.Message))
        {
            Message message = ((MessageEntry)reader.Read(entry)).Message;
            if (NumberedTurns.NumberOf(message) is { } next)
            {
                EndTurn();
                (number, messages, expected) = (next, 0, turns.Make(next));
            }

            if (messages < expected.Count && NumberedTurns.Same(message, expected[messages]))
            {
                messages++;
            }
            else
            {
                // Its prompt, or a message between, was lost with a damaged line.
                EndTurn();
                partial++;
                (number, messages, expected) = (0, 0, []);
            }
        }

        EndTurn();
        return new TurnScan(whole, partial);

        void EndTurn()
        {
            if (number != 0 && messages == expected.Count)
            {
                Require.That(whole.Add(number), string.Create(CultureInfo.InvariantCulture, $"turn {number} is there twice"));
            }
            else if (number != 0)
            {
                partial++;
            }
        }
    }

    /// <summary>Asserts that acknowledged turns are there, before and after the session is opened for writing and goes on.</summary>
    public static void Check(string path, NumberedTurns turns, IReadOnlySet<int> acknowledged, int next)
    {
        byte[] before = SharedText.ReadAllBytes(path);
        using (SessionReader reader = SessionReader.Open(path))
        {
            RequireAll(Read(reader, turns), acknowledged);
            _ = reader.ReadContext().Messages.Count();
        }

        Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(before), "reading changed the file");
        OpiTurn added;
        using (OpiSession session = OpiSession.Resume(path, new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true } }))
        {
            added = session.AddTurn(turns.Make(next));
        }

        using (SessionReader reader = SessionReader.Open(path))
        {
            RequireAll(Read(reader, turns), new HashSet<int>(acknowledged) { next });
            var branch = reader.Tree.ActiveBranch.Select(entry => entry.Id).ToHashSet();
            Require.That(added.EntryIds.All(branch.Contains), "the turn that was added is not on the active branch");
            Require.That(reader.Entries.GroupBy(entry => entry.Id).All(group => group.Count() == 1), "an id is there twice");
        }
    }

    public static void RequireAll(TurnScan scan, IReadOnlySet<int> acknowledged)
    {
        int[] lost = [.. acknowledged.Where(number => !scan.Whole.Contains(number))];
        Require.That(lost.Length == 0, $"{lost.Length} acknowledged turns are lost: {string.Join(", ", lost.Take(10))}");
    }
}
