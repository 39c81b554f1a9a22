using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Several processes that want to write to one session: each waits for its turn, and nobody's turns are lost. Some are killed.</summary>
internal sealed class FightPart : Part
{
    private const int NumbersPerFighter = 1_000_000;

    public override string Name => "fight";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        Fight(tally, seed, fighters: 2, seconds: small ? 1 : 5, kills: 0);
        Fight(tally, seed, fighters: small ? 4 : 8, seconds: small ? 2 : 8, kills: small ? 1 : 4);
    }

    private static void Fight(Tally tally, int seed, int fighters, int seconds, int kills) => tally.TryIn($"{fighters} processes", folder =>
    {
        var random = new Random(seed);
        var turns = new NumberedTurns(seed, TurnKind.Text);
        string path;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            path = session.Path;
        }

        var acknowledged = new HashSet<int>();
        List<ChildProcess> processes = [.. Enumerable.Range(1, fighters).Select(Start)];
        try
        {
            processes.ForEach(process => Require.That(process.WaitForLines(1), "a process did not start: " + process.Errors));
            processes.ForEach(process => process.Go());
            long end = Environment.TickCount64 + (seconds * 1000);
            for (int killed = 0, reads = 0; Environment.TickCount64 < end; reads++)
            {
                Thread.Sleep(random.Next(100));
                using (SessionReader reader = SessionReader.Open(path))
                {
                    Require.That(reader.Recovery.CorruptLines == 0, "a reader saw a corrupt line");
                }

                if (killed < kills && reads > (killed + 1) * 5)
                {
                    int victim = random.Next(processes.Count);
                    processes[victim].Kill();
                    acknowledged.UnionWith(processes[victim].Numbers);
                    processes[victim].Dispose();
                    killed++;
                    tally.Faults++;
                    processes[victim] = Start(fighters + killed);
                    Require.That(processes[victim].WaitForLines(1), "a process did not start");
                    processes[victim].Go();
                }
            }

            processes.ForEach(process => process.Go());
            foreach (ChildProcess process in processes)
            {
                Require.That(process.Wait() == 0, "a process failed: " + process.Errors);
                acknowledged.UnionWith(process.Numbers);
            }

            int waited = processes.Sum(process => process.Lines.Where(line => line.StartsWith("waited ", StringComparison.Ordinal)).Sum(line => int.Parse(line.AsSpan("waited ".Length), CultureInfo.InvariantCulture)));
            tally.Note("times a process found the session locked and waited", waited);
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }

        acknowledged.Remove(0);
        tally.Acknowledged += acknowledged.Count;
        using (SessionReader reader = SessionReader.Open(path))
        {
            Require.That(reader.Recovery.CorruptLines == 0 && (kills > 0 || reader.Recovery.IsClean), $"the file is damaged: {reader.Recovery}");
            Require.That(reader.Tree.ActiveBranch.Count == reader.Entries.Count, "not all entries are on the active branch");
            for (int i = 0; i < reader.Entries.Count; i++)
            {
                Require.That(reader.Entries[i].ParentId == (i == 0 ? null : reader.Entries[i - 1].Id), $"the chain breaks at {reader.Entries[i].Id}");
            }

            TurnScan scan = TurnScan.Read(reader, turns);
            int extra = scan.Whole.Count(number => !acknowledged.Contains(number)) + scan.Partial;
            Require.That(extra <= kills, $"{extra} turns that nobody acknowledged, after {kills} kills");
        }

        TurnScan.Check(path, turns, acknowledged, (fighters + kills + 1) * NumbersPerFighter);

        ChildProcess Start(int fighter) => ChildProcess.Start(
            "fighter", path, "--first", ((fighter * NumbersPerFighter) + 1).ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture));
    });
}

/// <summary>One of several that fight for a session. It begins at a line of input, and ends at the next.</summary>
internal static class FighterCommand
{
    private const int MostTurnsAtOnce = 4;

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "first", "seed");
        var turns = new NumberedTurns(options.Number("seed", 1), TurnKind.Text);
        int number = options.Number("first", 1);
        var random = new Random(number);
        int waited = 0;
        bool ends = false;
        Console.WriteLine("ready");
        _ = Console.ReadLine();
        new Thread(() =>
        {
            _ = Console.ReadLine();
            Volatile.Write(ref ends, true);
        })
        { IsBackground = true }.Start();

        while (!Volatile.Read(ref ends))
        {
            try
            {
                using OpiSession session = OpiSession.Resume(options[0], new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true } });
                for (int i = random.Next(MostTurnsAtOnce); i >= 0; i--)
                {
                    session.AddTurn(turns.Make(number));
                    Console.WriteLine((number++).ToString(CultureInfo.InvariantCulture));
                }
            }
            catch (SessionLockedException)
            {
                waited++;
                Thread.Sleep(random.Next(4));
            }
        }

        Console.WriteLine($"waited {waited.ToString(CultureInfo.InvariantCulture)}");
        return 0;
    }
}
