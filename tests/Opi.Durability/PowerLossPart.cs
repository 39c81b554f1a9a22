using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// The loss of power: an ext4 file system in a file, which commits by itself only every 300 s, is copied as it stands on its disk while a
/// writer works in it; the copy is mounted, which replays its journal, and read. What was acknowledged before the copy must be in it.
/// </summary>
internal sealed class PowerLossPart : Part
{
    private const int ImageMebibytes = 32;

    public override string Name => "powerloss";

    public override string? Obstacle() => Machine.CannotLoop;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        tally.TryIn("a new session", folder => CreateOnly(tally, folder));
        tally.TryIn("a fork and a repair", folder => ForkAndRepair(tally, folder, seed));
        tally.TryIn("closed after buffered turns", folder => BufferedAndClosed(tally, folder, seed));
        tally.TryIn("a writer", folder => WhileWriting(tally, folder, seed, small ? 2 : 12, Durability.Flush));
        if (!small)
        {
            tally.TryIn("a writer without flushes", folder => WhileWriting(tally, folder, seed, 2, Durability.Buffered));
        }
    }

    /// <summary>A session, in folders that are new too, right after its creation.</summary>
    private static void CreateOnly(Tally tally, string folder) => OnDisk(folder, disk =>
    {
        using OpiSession session = OpiSession.Create(Path.Combine(disk.Path, "new", "sessions"), new SessionOptions());
        string name = Path.GetRelativePath(disk.Path, session.Path);
        tally.Faults++;
        AfterLoss(folder, after =>
        {
            string path = Path.Combine(after.Path, name);
            Require.That(File.Exists(path), "a session that was created is not there");
            using SessionReader reader = SessionReader.Open(path);
            Require.That(reader.Header.Id == session.Id, "its header is not there");
        });
    });

    private static void ForkAndRepair(Tally tally, string folder, int seed) => OnDisk(folder, disk =>
    {
        var turns = new NumberedTurns(seed, TurnKind.Tools);
        using OpiSession session = OpiSession.Create(disk.Path, new SessionOptions());
        session.AddTurn(turns.Make(1));
        string repaired = Path.Combine(disk.Path, "repaired.jsonl");
        string fork;
        using (SessionReader reader = SessionReader.Open(session.Path))
        {
            fork = SessionFork.Create(reader, disk.Path);
        }

        _ = SessionRepair.Repair(session.Path, repaired);
        tally.Faults++;
        tally.Acknowledged += 3;
        AfterLoss(folder, after =>
        {
            foreach (string name in new[] { session.Path, repaired, fork }.Select(path => Path.GetFileName(path)))
            {
                _ = new SessionCheck(turns).Run(Path.Combine(after.Path, name), new HashSet<int> { 1 }, crashes: 0);
            }
        });
    });

    /// <summary>Buffered turns are promised once the session is closed.</summary>
    private static void BufferedAndClosed(Tally tally, string folder, int seed) => OnDisk(folder, disk =>
    {
        var turns = new NumberedTurns(seed, TurnKind.Tools);
        OpiSession session = OpiSession.Create(disk.Path, new SessionOptions { Durability = Durability.Buffered });
        for (int number = 1; number <= 20; number++)
        {
            session.AddTurn(turns.Make(number));
        }

        session.Close();
        tally.Faults++;
        tally.Acknowledged += 20;
        AfterLoss(folder, after => _ = new SessionCheck(turns).Run(Path.Combine(after.Path, Path.GetFileName(session.Path)), Enumerable.Range(1, 20).ToHashSet(), crashes: 0));
    });

    private static void WhileWriting(Tally tally, string folder, int seed, int copies, Durability durability) => OnDisk(folder, disk =>
    {
        var random = new Random(seed);
        var turns = new NumberedTurns(seed, TurnKind.Tools);
        int lost = 0;
        using ChildProcess writer = ChildProcess.Start(
            "write", disk.Path, "--turns", "1000", "--seed", seed.ToString(CultureInfo.InvariantCulture), "--auto-compact", "20000", "--durability", durability.ToString());
        _ = writer.WaitForLines(1);
        for (int copy = 1; copy <= copies; copy++)
        {
            Thread.Sleep(random.Next(60));

            // The writer stands still, in the midst of what it does, so that the copy is of one moment.
            if (!writer.Stop())
            {
                break; // it was done before
            }

            Thread.Sleep(20);
            HashSet<int> acknowledged = writer.Numbers;
            tally.Faults++;
            AfterLoss(folder, after =>
            {
                if (durability == Durability.Flush)
                {
                    tally.Acknowledged += acknowledged.Count;
                    string path = WriteCommand.FileIn(after.Path) ?? throw new CheckFailedException("the session is not there");
                    CheckReport report = new SessionCheck(turns).Run(path, acknowledged, crashes: 1);
                    tally.Note("torn ends after a loss of power, recovered", report.TornBytes > 0 ? 1 : 0);
                }
                else if (WriteCommand.FileIn(after.Path) is not { } path || new FileInfo(path).Length == 0)
                {
                    lost += acknowledged.Count;
                }
                else
                {
                    using SessionReader reader = SessionReader.Open(path);
                    lost += acknowledged.Except(TurnScan.Read(reader, turns).Whole).Count();
                }
            });
            _ = writer.Continue();
        }

        writer.Kill();
        if (durability == Durability.Buffered)
        {
            tally.Note("for comparison: turns without a flush that were gone", lost);
            Require.That(lost > 0, "turns without a flush survived too: this machine does not show the loss of power");
        }
    });

    private static void OnDisk(string folder, Action<MountedFolder> work)
    {
        string image = Path.Combine(folder, "disk");
        Machine.MakeImage(image, ImageMebibytes);
        using MountedFolder disk = MountedFolder.Image(image);
        work(disk);
    }

    /// <summary>The disk as it is at this moment, without what the system has not written to it.</summary>
    private static void AfterLoss(string folder, Action<MountedFolder> look)
    {
        string copy = Path.Combine(folder, "copy");
        File.Copy(Path.Combine(folder, "disk"), copy, overwrite: true);
        using MountedFolder after = MountedFolder.Image(copy);
        look(after);
    }
}
