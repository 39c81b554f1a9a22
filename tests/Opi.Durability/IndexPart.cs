using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// The index beside a session: damaged, of another state of the file, killed while it is written, and after a loss of power. Whatever it
/// is, the session says what its file says, and what was acknowledged is there.
/// </summary>
internal sealed class IndexPart : Part
{
    private const int Turns = 120; // some 1.5 MB, so that there is an index

    public override string Name => "index";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        var random = new Random(seed);
        tally.TryIn("damaged", folder => Damaged(tally, folder, seed, random, small ? 60 : 600));
        tally.TryIn("of another state", folder => Outdated(tally, folder, seed, random, small ? 20 : 200));
        if (!OperatingSystem.IsWindows())
        {
            tally.TryIn("of a session that is being written", folder => Open(tally, folder, seed, random, small ? 5 : 40));
        }

        if (Machine.CannotTrace is null)
        {
            foreach (string call in (string[])["pwrite64", "ftruncate", "utimensat"])
            {
                for (int at = 1; at <= (small ? 4 : 8); at++)
                {
                    tally.TryIn($"killed at {call} {Text(at)}", folder => Killed(tally, folder, seed, call, at));
                }
            }
        }

        if (Machine.CannotLoop is null)
        {
            tally.TryIn("after a loss of power", folder => AfterLoss(tally, folder, seed, Durability.Flush));
            tally.TryIn("after a loss of power, buffered", folder => AfterLoss(tally, folder, seed, Durability.Buffered));
        }
    }

    /// <summary>Bytes of the index are changed, cut off, or come from another session's.</summary>
    private static void Damaged(Tally tally, string folder, int seed, Random random, int cases)
    {
        string path = Write(folder, seed);
        byte[] session = File.ReadAllBytes(path);
        byte[] other = File.ReadAllBytes(IndexOf(Write(Path.Combine(folder, "other"), seed + 1)));
        string expected = Describe(path, withIndex: false);
        SessionIndexFile.Delete(path);
        string switched = Switch(path);
        for (int i = 0; i < cases; i++)
        {
            File.WriteAllBytes(path, session);
            _ = Describe(path, withIndex: true); // makes it anew
            byte[] index = File.ReadAllBytes(IndexOf(path));
            byte[] damaged = random.Next(5) switch
            {
                0 => index[..random.Next(index.Length)],
                1 => other,
                2 => [.. index, .. index],
                3 => new byte[random.Next(1 << 21)],
                _ => Flip(index, random),
            };
            File.WriteAllBytes(IndexOf(path), damaged);
            tally.Faults++;
            string found = Describe(path, withIndex: true);
            Require.That(found == expected, $"with a damaged index:\n{found}\nwithout:\n{expected}");
            File.WriteAllBytes(path, session);
            _ = Describe(path, withIndex: true);
            index = File.ReadAllBytes(IndexOf(path));
            File.WriteAllBytes(IndexOf(path), i % 2 == 0 ? index : Flip(index, random));
            Require.That(Switch(path) == switched, "a switch by a damaged index is another than one without");
        }
    }

    /// <summary>The file is changed behind an index that fitted it.</summary>
    private static void Outdated(Tally tally, string folder, int seed, Random random, int cases)
    {
        string path = Write(folder, seed);
        byte[] session = File.ReadAllBytes(path);
        for (int i = 0; i < cases; i++)
        {
            File.WriteAllBytes(path, session);
            _ = Describe(path, withIndex: true);
            byte[] changed = random.Next(4) switch
            {
                0 => session[..random.Next(session.Length / 2, session.Length)],
                1 => [.. session, .. "{\"type\":\"label\",\"id\":\"label-9999\",\"parent_id\":null,\"timestamp\":\"t\",\"label\":\"x\",\"action\":\"add\"}\n"u8],
                2 => [.. session[..(session.Length / 2)], (byte)'\n', .. session[(session.Length / 2)..]],
                _ => Flip(session, random),
            };
            using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(changed.Length);
                file.Write(changed);
            }

            string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName, Path.GetFileName(path));
            File.Copy(path, copy, overwrite: true);
            tally.Faults++;
            (string found, string expected) = (Describe(path, withIndex: true), Describe(copy, withIndex: false));
            Require.That(found == expected, $"with the index of another state:\n{found}\nwithout:\n{expected}");
            (found, expected) = (Switch(path), Switch(copy));
            Require.That(found == expected, $"a switch with the index of another state:\n{found}\nwithout:\n{expected}");
        }
    }

    /// <summary>Another process writes: what the index says with what was added is what the file says, and once that process is dead there is none.</summary>
    private static void Open(Tally tally, string folder, int seed, Random random, int looks)
    {
        string path = Write(folder, seed);
        using ChildProcess child = ChildProcess.Start(
            "write", folder, "--first", Text(Turns + 1), "--turns", Text(Turns + 100_000), "--seed", Text(seed), "--auto-compact", "20000");
        _ = child.WaitForLines(1);
        int known = 0;
        for (int look = 0; look < looks; look++)
        {
            Thread.Sleep(random.Next(60));
            Require.That(child.Stop(), "the writer ended");
            Thread.Sleep(20);
            using KnownSession? session = KnownSession.TryOpen(path);
            using SessionReader reader = SessionReader.Open(path);
            known += session is null ? 0 : 1;
            string expected = string.Join(' ', reader.ReadEntries().TakeLast(5).Select(entry => (entry.Id, entry.OnActiveBranch)));
            string found = session is null ? expected : string.Join(' ', session.ReadEntries(last: 5).Select(entry => (entry.Id, entry.OnActiveBranch)));
            Require.That(found == expected, $"by the index {found}, by the file {expected}");
            _ = child.Continue();
        }

        child.Kill();
        tally.Faults++;
        tally.Note("looks at a session that was being written, by its index", known);
        Require.That(known > 0, "no look was by the index");
        using KnownSession? after = KnownSession.TryOpen(path);
        Require.That(after is null, "the index of a writer that died is believed");
    }

    /// <summary>A writer dies while it closes the session, or at another of these calls.</summary>
    private static void Killed(Tally tally, string folder, int seed, string call, int at)
    {
        string sessions = Path.Combine(folder, "sessions");
        _ = Write(sessions, seed);
        using ChildProcess child = ChildProcess.StartTraced(
            Path.Combine(folder, "strace"), call, [$"{call}:signal=SIGKILL:when={Text(at)}"], "write", sessions, "--first", Text(Turns + 1), "--turns", Text(Turns + 2), "--seed", Text(seed));
        _ = child.Wait();
        tally.Faults++;
        HashSet<int> acknowledged = [.. Enumerable.Range(1, Turns), .. child.Numbers];
        tally.Acknowledged += acknowledged.Count;
        _ = new SessionCheck(new NumberedTurns(seed, TurnKind.Tools)).Run(WriteCommand.FileIn(sessions)!, acknowledged, crashes: 1);
    }

    /// <summary>The index may reach the disk before or after the session: it is one of the two states, or none.</summary>
    private static void AfterLoss(Tally tally, string folder, int seed, Durability durability)
    {
        string image = Path.Combine(folder, "disk");
        Machine.MakeImage(image, mebibytes: 32);
        using MountedFolder disk = MountedFolder.Image(image);
        string path = Write(disk.Path, seed, durability);
        for (int number = Turns + 1; number <= Turns + 3; number++)
        {
            using OpiSession session = OpiSession.Resume(path, new SessionOptions { Durability = durability });
            session.AddTurn(new NumberedTurns(seed, TurnKind.Tools).Make(number));
            session.Close();
            File.Copy(image, Path.Combine(folder, "lost"), overwrite: true);
            using MountedFolder after = MountedFolder.Image(Path.Combine(folder, "lost"));
            tally.Faults++;
            tally.Acknowledged += number;
            _ = new SessionCheck(new NumberedTurns(seed, TurnKind.Tools)).Run(
                Path.Combine(after.Path, Path.GetFileName(path)), Enumerable.Range(1, number).ToHashSet(), crashes: 0);
        }
    }

    private static string Write(string folder, int seed, Durability durability = Durability.Buffered)
    {
        using OpiSession session = OpiSession.Create(folder, new SessionOptions { Durability = durability });
        var turns = new NumberedTurns(seed, TurnKind.Tools);
        for (int number = 1; number <= Turns; number++)
        {
            session.AddTurn(turns.Make(number));
        }

        return session.Path;
    }

    private static string Describe(string path, bool withIndex)
    {
        if (!withIndex)
        {
            File.Delete(IndexOf(path));
        }

        using OpiSession session = OpiSession.Resume(path, new SessionOptions());
        string findings = string.Join(' ', session.DescribeFindings());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{session.EntryCount} {session.Turns} {session.Usage} {session.Model} {session.ContextTokens} {findings} {string.Join(',', session.Labels)} {session.ReadEntries(last: 1).Single().Id}");
    }

    /// <summary>Goes back to an early answer, adds a turn there, and says what the file is then; or why it cannot.</summary>
    private static string Switch(string path)
    {
        try
        {
            using (OpiSession session = OpiSession.Resume(path, new SessionOptions { Durability = Durability.Buffered, TimeProvider = new StoppedClock() }))
            {
                session.SwitchBranch("msg-4"); // all entries are read only where the index does not tell
            }

            using (OpiSession session = OpiSession.Resume(path, new SessionOptions { Durability = Durability.Buffered, TimeProvider = new StoppedClock() }))
            {
                _ = session.AddTurn([new UserMessage("there", 0)]);
            }

            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))) + Describe(path, withIndex: true);
        }
        catch (OpiException error)
        {
            return error.GetType().Name;
        }
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static string IndexOf(string path) => path + ".index";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>So that the same work gives the same bytes.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
