using System.Globalization;

namespace Opi.CrashTests;

/// <summary>A disk that is full for true: a file system in memory of 64 KiB.</summary>
internal sealed class FullDiskPart : Part
{
    private const int Kibibytes = 64;
    private const int BallastSize = 24 * 1024;

    public override string Name => "fulldisk";

    public override string? Obstacle() => Machine.CannotMount;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        for (int round = 0; round < (size == RoundSize.Small ? 2 : 10); round++)
        {
            using MountedFolder disk = MountedFolder.Memory(Kibibytes);
            Fill(tally, disk.Path, (seed * 100) + round);
        }
    }

    private static void Fill(Tally tally, string folder, int seed)
    {
        var turns = new NumberedTurns(seed, TurnKind.Tools);
        string ballast = Path.Combine(folder, "ballast");
        var acknowledged = new HashSet<int>();
        int number = 0;

        // Too full for a header: nothing is left of the session.
        FillUp(ballast);
        _ = Require.Throws<OpiException>("creating a session on a full disk", () => OpiSession.Create(folder, new SessionOptions()).Dispose());
        Require.That(Directory.GetFiles(folder, "*.jsonl").Length == 0, "a session that could not be created left a file");
        tally.Faults++;
        File.WriteAllBytes(ballast, new byte[BallastSize]);

        OpiSession session = OpiSession.Create(folder, new SessionOptions());
        string path = session.Path;
        FillSession();
        FillUp(ballast + "2");

        // Again: it must keep failing in the same way, and stay closable and openable.
        ExpectFailure();
        session.Close();
        session = OpiSession.Resume(path, new SessionOptions());
        ExpectFailure();

        File.Delete(ballast + "2");
        File.Delete(ballast);
        Add();
        File.WriteAllBytes(ballast, new byte[BallastSize / 2]);
        FillSession();
        session.Close();

        // A torn end cannot be saved beside the file while the disk is full: then it must stay where it is.
        File.Delete(ballast);
        File.AppendAllText(path, "{\"type\":");
        FillUp(ballast);
        byte[] torn = SharedText.ReadAllBytes(path);
        tally.Faults++;
        _ = Require.Throws<SessionWriteException>("resuming a torn session on a full disk", () => OpiSession.Resume(path, new SessionOptions()).Dispose());
        Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(torn), "a resume that failed changed the file");
        Require.That(Directory.GetFiles(folder, "*.torn-*").Length == 0, "a torn end that could not be saved left a file");
        File.Delete(ballast);
        Add();
        session.Close();

        tally.Acknowledged += acknowledged.Count;
        string copy = Directory.CreateTempSubdirectory("opi-durability-").FullName;
        string target = Path.Combine(copy, Path.GetFileName(path));
        File.Copy(path, target);
        _ = new SessionCheck(turns).Run(target, acknowledged, crashes: 0);
        Directory.Delete(copy, recursive: true);

        void FillSession()
        {
            while (true)
            {
                byte[] before = SharedText.ReadAllBytes(path);
                int entries = session.EntryCount;
                CumulativeUsage usage = session.Usage;
                try
                {
                    session.AddTurn(turns.Make(++number));
                    acknowledged.Add(number);
                }
                catch (SessionWriteException)
                {
                    tally.Faults++;
                    Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(before), "a turn that did not fit changed the file");
                    Require.That(session.EntryCount == entries && session.Usage == usage, "a turn that did not fit changed the session");
                    return;
                }
            }
        }

        void ExpectFailure()
        {
            byte[] before = SharedText.ReadAllBytes(path);
            number++;
            _ = Require.Throws<SessionWriteException>("a turn on a full disk", () => session.AddTurn(Large(turns, number)));
            Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(before), "a turn that did not fit changed the file");
            tally.Faults++;
        }

        // Some turns are larger than the room that there is: take the next one that fits.
        void Add()
        {
            for (int attempt = 0; attempt < 50; attempt++)
            {
                if (session.State == OpiSessionState.Closed)
                {
                    session = OpiSession.Resume(path, new SessionOptions());
                }

                number++;
                if (turns.Make(number).Sum(message => message.Text.Length) < 2000)
                {
                    session.AddTurn(turns.Make(number));
                    acknowledged.Add(number);
                    return;
                }
            }

            throw new CheckFailedException(string.Create(CultureInfo.InvariantCulture, $"no small turn before {number}"));
        }
    }

    private static IReadOnlyList<Message> Large(NumberedTurns turns, int number) =>
        [new UserMessage(new string('x', 5000), number), .. turns.Make(number).Skip(1)];

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        try
        {
            while (true)
            {
                file.Write(new byte[512]);
            }
        }
        catch (IOException)
        {
            // Full now, which was the aim.
        }
    }
}
