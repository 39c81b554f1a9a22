using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Small sessions whose last batch is cut at every byte, as a crash may leave it, or is partly NULs, as the loss of power may. What stood
/// before it must be there, and the session must go on.
/// </summary>
internal sealed class TornPart : Part
{
    private const int SmallTurn = 700;      // characters in a turn, so that there are not too many places to cut
    private const int HoleLength = 16;

    private enum LastBatch
    {
        Turn,
        Compaction,
        Version2,
        Branched,
    }

    public override string Name => "torn";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        // A small round looks at some places only, at others with another seed.
        int step = size == RoundSize.Small ? 47 : 1;
        foreach (LastBatch last in Enum.GetValues<LastBatch>())
        {
            string folder = Scratch.Create(inMemory: true);
            var sample = Sample.Make(folder, last, seed);
            for (long at = sample.LastBatchAt + (seed % step); at < sample.Bytes.Length; at += step)
            {
                Damage(tally, sample, string.Create(CultureInfo.InvariantCulture, $"{last}, cut at byte {at}"), sample.Bytes[..(int)at]);

                byte[] zeroed = [.. sample.Bytes];
                zeroed.AsSpan((int)at).Clear();
                Damage(tally, sample, string.Create(CultureInfo.InvariantCulture, $"{last}, NULs from byte {at} on"), zeroed);

                byte[] hole = [.. sample.Bytes];
                hole.AsSpan((int)at, Math.Min(HoleLength, hole.Length - (int)at)).Clear();
                Damage(tally, sample, string.Create(CultureInfo.InvariantCulture, $"{last}, {HoleLength} NULs at byte {at}"), hole, strict: false);
            }

            Directory.Delete(folder, recursive: true);
        }

        CutHeader(tally, step);
    }

    private static void Damage(Tally tally, Sample sample, string what, byte[] bytes, bool strict = true) => tally.TryIn(what, folder =>
    {
        string path = Path.Combine(folder, "session.jsonl");
        File.WriteAllBytes(path, bytes);
        tally.Faults++;
        tally.Acknowledged += sample.Acknowledged.Count;
        if (strict && sample.Last != LastBatch.Branched)
        {
            _ = new SessionCheck(sample.Turns).Run(path, sample.Acknowledged, crashes: 1);
        }
        else if (sample.Last == LastBatch.Version2)
        {
            CheckRefusedOrWhole(path, sample);
        }
        else
        {
            TurnScan.Check(path, sample.Turns, sample.Acknowledged, sample.Next);
        }
    }, inMemory: true);

    /// <summary>Version 2 is refused whole for a damaged line; then a repair must save the turns.</summary>
    private static void CheckRefusedOrWhole(string path, Sample sample)
    {
        try
        {
            TurnScan.Check(path, sample.Turns, sample.Acknowledged, sample.Next);
        }
        catch (InvalidSessionFileException)
        {
            string repaired = path + ".repaired.jsonl";
            _ = SessionRepair.Repair(path, repaired);
            TurnScan.Check(repaired, sample.Turns, sample.Acknowledged, sample.Next);
        }
    }

    /// <summary>A session whose header is cut was never acknowledged: it is an error and stays as it is.</summary>
    private static void CutHeader(Tally tally, int step) => tally.TryIn("the header", folder =>
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            path = session.Path;
        }

        byte[] header = SharedText.ReadAllBytes(path);
        for (int length = 0; length < header.Length - 1; length += step)
        {
            byte[] cut = header[..length];
            File.WriteAllBytes(path, cut);
            tally.Faults++;
            _ = Require.Throws<InvalidSessionFileException>($"reading {length} bytes of a header", () => SessionReader.Open(path).Dispose());
            _ = Require.Throws<InvalidSessionFileException>($"resuming {length} bytes of a header", () => OpiSession.Resume(path, new SessionOptions()).Dispose());
            Require.That(SessionChecker.Check(path).Any(finding => finding.Severity == FindingSeverity.Error), "no error was found in it");
            Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(cut), "it was changed");
        }

        File.WriteAllBytes(path, header[..^1]);
        TurnScan.Check(path, new NumberedTurns(1, TurnKind.Text), new HashSet<int>(), 1);
    }, inMemory: true);

    private sealed record Sample(LastBatch Last, NumberedTurns Turns, byte[] Bytes, long LastBatchAt, IReadOnlySet<int> Acknowledged, int Next)
    {
        public static Sample Make(string folder, LastBatch last, int seed)
        {
            var turns = new NumberedTurns(seed, TurnKind.Tools);
            int[] numbers = [.. Enumerable.Range(1, 10_000)
                .Where(number => turns.Make(number).Sum(message => message.Text.Length) < SmallTurn)
                .Take(40)];
            int[] withTools = [.. numbers.Where(number => turns.Make(number).Count > 2)];
            Require.That(withTools.Length > 0, $"seed {seed} has no small turn with a tool call");
            int[] before = [.. numbers.Where(number => number < withTools[^1]).TakeLast(4)];

            using OpiSession session = OpiSession.Create(folder, new SessionOptions
            {
                Compaction = new OpiCompactionPolicy { NoCompaction = true },
                FormatVersion = last == LastBatch.Version2 ? 2 : 1,
            });
            var ids = new List<string>();
            foreach (int number in before)
            {
                ids.AddRange(session.AddTurn(turns.Make(number)).EntryIds);
            }

            if (last == LastBatch.Branched)
            {
                session.SwitchBranch(ids[^1]);
                session.SwitchBranch(ids[1], "what was tried there");
            }

            long at = new FileInfo(session.Path).Length;
            var acknowledged = before.ToHashSet();
            if (last == LastBatch.Compaction)
            {
                session.AddTurn(turns.Make(withTools[^1]));
                acknowledged.Add(withTools[^1]);
                at = new FileInfo(session.Path).Length;
                Require.That(session.Compact() is not null, "nothing was compacted");
            }
            else
            {
                session.AddTurn(turns.Make(withTools[^1]));
            }

            return new Sample(last, turns, SharedText.ReadAllBytes(session.Path), at, acknowledged, withTools[^1] + 1);
        }
    }
}
