using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Writers that are killed at an exact call: before the N-th write of a batch, before its flush, before its acknowledgement, and at each
/// call of the recovery of a torn file.
/// </summary>
internal sealed class KillAtPart : Part
{
    private const int FullTurns = 24;
    private const int SmallTurns = 4;
    private const int TornTurns = 5;

    private static readonly string[] WriterCalls = ["pwrite64", "fsync", "write"];
    private static readonly string[] RecoveryCalls = ["pwrite64", "fsync", "ftruncate", "write"];

    public override string Name => "killat";

    public override string? Obstacle() => Machine.CannotTrace;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        int turns = small ? SmallTurns : FullTurns;
        foreach (string call in WriterCalls)
        {
            // Four calls more than there are turns: the lock, the header, and what the runtime itself does.
            for (int at = 1; at <= turns + 4; at += small ? 2 : 1)
            {
                tally.TryIn($"{call} {at}", folder => KillWriter(tally, folder, call, at, turns, seed));
            }
        }

        foreach (string call in RecoveryCalls)
        {
            for (int at = 1; at <= (small ? 4 : 10); at++)
            {
                tally.TryIn($"recovery, {call} {at}", folder => KillRecovery(tally, folder, call, at, seed));
            }
        }
    }

    private static void KillWriter(Tally tally, string folder, string call, int at, int turns, int seed)
    {
        string sessions = Path.Combine(folder, "sessions");
        HashSet<int> acknowledged = RunKilled(tally, folder, call, at, ["write", sessions, "--turns", Text(turns), "--seed", Text(seed), "--auto-compact", seed % 2 == 0 ? "60" : "0"]);
        var content = new NumberedTurns(seed, TurnKind.Tools);
        string? path = Directory.Exists(sessions) ? WriteCommand.FileIn(sessions) : null;
        if (path is null || new FileInfo(path).Length == 0)
        {
            // It died before the session was there, and nobody was told that it is.
            Require.That(acknowledged.Count == 0, "acknowledged turns without a file");
            tally.Note(path is null ? "killed before there was a file" : "killed between the file's creation and its header: an empty file is left");
            if (path is not null)
            {
                _ = Require.Throws<InvalidSessionFileException>("reading an empty file", () => SessionReader.Open(path).Dispose());
            }

            using OpiSession next = OpiSession.Create(sessions, new SessionOptions());
            next.AddTurn(content.Make(1));
            return;
        }

        _ = new SessionCheck(content).Run(path, acknowledged, crashes: 1);
    }

    private static void KillRecovery(Tally tally, string folder, string call, int at, int seed)
    {
        var content = new NumberedTurns(seed, TurnKind.Tools);
        string sessions = Path.Combine(folder, "sessions");
        string path;
        long lastTurnAt = 0;
        using (OpiSession session = OpiSession.Create(sessions, new SessionOptions()))
        {
            path = session.Path;
            for (int number = 1; number <= TornTurns; number++)
            {
                lastTurnAt = new FileInfo(path).Length;
                session.AddTurn(content.Make(number));
            }
        }

        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(lastTurnAt + ((file.Length - lastTurnAt) * 2 / 3));
        }

        HashSet<int> acknowledged = RunKilled(tally, folder, call, at, ["write", sessions, "--first", Text(TornTurns + 1), "--turns", Text(TornTurns + 3), "--seed", Text(seed)]);
        acknowledged.UnionWith(Enumerable.Range(1, TornTurns - 1));
        _ = new SessionCheck(content).Run(path, acknowledged, crashes: 2);
    }

    private static HashSet<int> RunKilled(Tally tally, string folder, string call, int at, string[] writer)
    {
        string log = Path.Combine(folder, "strace");
        using ChildProcess child = ChildProcess.StartTraced(log, call, [$"{call}:signal=SIGKILL:when={Text(at)}"], writer);
        int exitCode = child.Wait();
        bool killed = File.ReadLines(log).Any(line => line.Contains("killed by SIGKILL", StringComparison.Ordinal));
        Require.That(killed || exitCode == 0, $"the writer ended by itself with exit code {exitCode}: {child.Errors}");
        tally.Faults += killed ? 1 : 0;
        tally.Acknowledged += child.Numbers.Count;
        return child.Numbers;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
