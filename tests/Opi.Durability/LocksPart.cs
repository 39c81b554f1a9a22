using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Ways around a session's lock: hard and symbolic links, a lock file that is deleted or replaced all the time, the framework's variable
/// that turns file locks off, a file system without locks. Two writers are never in at once, and nothing that was acknowledged is lost.
/// </summary>
internal sealed class LocksPart : Part
{
    private const int NumbersPerFighter = 1_000_000;

    public override string Name => "locks";

    public override string? Obstacle() => OperatingSystem.IsWindows() ? "needs links" : null;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        int seconds = size == RoundSize.Small ? 2 : 8;
        Fight(tally, seed, "hard links", seconds, (path, fighter) => Link(path, fighter, symbolic: false));
        Fight(tally, seed + 1, "symbolic links", seconds, (path, fighter) => Link(path, fighter, symbolic: true));
        Fight(tally, seed + 2, "the framework's locks off", seconds, (path, _) => path, withoutFrameworkLocks: true);
        Fight(tally, seed + 3, "the lock file is deleted", seconds, (path, _) => path, path => File.Delete(path + ".lock"));
        Fight(tally, seed + 4, "the lock file is replaced", seconds, (path, _) => path, path =>
        {
            File.WriteAllText(path + ".new", "1\n");
            File.Move(path + ".new", path + ".lock", overwrite: true);
        });
        if (Machine.CannotTrace is null)
        {
            WithoutLocks(tally, seed);
        }
    }

    private static void Fight(
        Tally tally, int seed, string what, int seconds, Func<string, int, string> pathOf, Action<string>? disturb = null, bool withoutFrameworkLocks = false) =>
        tally.TryIn(what, folder =>
        {
            var turns = new NumberedTurns(seed, TurnKind.Text);
            string path;
            using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
            {
                path = session.Path;
            }

            var acknowledged = new HashSet<int>();
            List<ChildProcess> processes = [.. Enumerable.Range(1, 4).Select(fighter => ChildProcess.Start(
                withoutFrameworkLocks ? [("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1")] : [],
                ["fighter", pathOf(path, fighter), "--first", Text((fighter * NumbersPerFighter) + 1), "--seed", Text(seed)]))];
            try
            {
                processes.ForEach(process => Require.That(process.WaitForLines(1), "a process did not start: " + process.Errors));
                processes.ForEach(process => process.Go());
                long end = Environment.TickCount64 + (seconds * 1000);
                while (Environment.TickCount64 < end)
                {
                    disturb?.Invoke(path);
                    tally.Faults++;
                    Thread.Sleep(disturb is null ? 50 : 1);
                }

                processes.ForEach(process => process.Go());
                foreach (ChildProcess process in processes)
                {
                    Require.That(process.Wait() == 0, "a process failed: " + process.Errors);
                    acknowledged.UnionWith(process.Numbers);
                }
            }
            finally
            {
                processes.ForEach(process => process.Dispose());
            }

            tally.Acknowledged += acknowledged.Count;
            Require.That(acknowledged.Count > 0, "nobody wrote anything");
            using (SessionReader reader = SessionReader.Open(path))
            {
                Require.That(reader.Recovery.IsClean, $"the file is damaged: {reader.Recovery}");
                for (int i = 0; i < reader.Entries.Count; i++)
                {
                    Require.That(reader.Entries[i].ParentId == (i == 0 ? null : reader.Entries[i - 1].Id), $"two wrote at once: the chain breaks at {reader.Entries[i].Id}");
                }
            }

            TurnScan.Check(path, turns, acknowledged, 9 * NumbersPerFighter);
        });

    /// <summary>A file system that cannot lock: opening for writing is an error that says so.</summary>
    private static void WithoutLocks(Tally tally, int seed) => tally.TryIn("a file system without locks", folder =>
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            path = session.Path;
            session.AddTurn(new NumberedTurns(seed, TurnKind.Text).Make(1));
        }

        // The process itself cannot start without fcntl, so that only the call that takes the lock fails.
        string log = Path.Combine(folder, "strace");
        using (ChildProcess plain = ChildProcess.StartTraced(log, "fcntl", [], BesideCommand.Name, path, "--turns", "1"))
        {
            _ = plain.Wait();
        }

        string[] calls = File.ReadAllLines(log);
        string taking = calls.First(line => line.Contains("F_OFD_SETLK", StringComparison.Ordinal));
        string thread = taking[..(taking.IndexOf(' ', StringComparison.Ordinal) + 1)];
        int at = 1 + Array.IndexOf([.. calls.Where(line => line.StartsWith(thread, StringComparison.Ordinal))], taking);
        using ChildProcess child = ChildProcess.StartTraced(log, "fcntl", [$"fcntl:error=ENOLCK:when={Text(at)}"], BesideCommand.Name, path, "--turns", "1");
        Require.That(child.Wait() == 0 && child.Lines.Count > 0, "the writer ended badly: " + child.Errors);
        tally.Faults++;
        string first = child.Lines[0];
        Require.That(first.StartsWith("failed", StringComparison.Ordinal) && first.Contains("lock", StringComparison.OrdinalIgnoreCase), $"without a lock it said '{first}'");

        using ChildProcess accepted = ChildProcess.StartTraced(
            log, "fcntl", [$"fcntl:error=ENOLCK:when={Text(at)}"], BesideCommand.Name, path, "--turns", "1", "--first", "2", "--locks", "0");
        Require.That(accepted.Wait() == 0 && accepted.Numbers.SetEquals([2]), $"where no locks are accepted: {string.Join(' ', accepted.Lines)} {accepted.Errors}");
        tally.Faults++;
        tally.Acknowledged++;
        using SessionReader reader = SessionReader.Open(path);
        Require.That(reader.ReadContext().Messages.Any(message => message.Text == NumberedTurns.PromptOf(2)), "the turn without a lock is not there");
    });

    private static string Link(string path, int fighter, bool symbolic)
    {
        if (fighter == 1)
        {
            return path;
        }

        string folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, "links")).FullName;
        string link = Path.Combine(folder, $"{Text(fighter)}.jsonl");
        using Process ln = Process.Start("ln", symbolic ? ["-s", path, link] : [path, link]);
        ln.WaitForExit();
        Require.That(ln.ExitCode == 0, "the link could not be made");
        return link;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
