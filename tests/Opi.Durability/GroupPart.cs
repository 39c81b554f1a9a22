using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Threads that write turns to one session together, killed at random moments and at an exact write or flush, and told of disks that fail:
/// each acknowledged turn is there whole, and of those that were not only the last in the file may be cut.
/// </summary>
internal sealed class GroupPart : Part
{
    private const int Threads = 8;

    public override string Name => "group";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        var random = new Random(seed);
        for (int kill = 0; kill < (small ? 2 : 12); kill++)
        {
            int lines = random.Next(1, 300);
            tally.TryIn($"killed after {Text(lines)} turns", folder =>
            {
                using ChildProcess child = ChildProcess.Start(Command(folder, seed, turns: 100));
                _ = child.WaitForLines(lines);
                child.Kill();
                tally.Faults++;
                Check(tally, folder, seed, child.Numbers);
            });
        }

        if (Machine.CannotTrace is not null)
        {
            return;
        }

        foreach (string call in (string[])["pwrite64", "fsync"])
        {
            for (int at = 3; at <= (small ? 9 : 40); at += small ? 3 : 1)
            {
                tally.TryIn($"killed at {call} {Text(at)}", folder => Traced(tally, folder, seed, call, $"{call}:signal=SIGKILL:when={Text(at)}"));
                tally.TryIn($"an error of {call} {Text(at)}", folder => Traced(tally, folder, seed, call, $"{call}:error=EIO:when={Text(at)}"));
            }
        }
    }

    private static void Traced(Tally tally, string folder, int seed, string call, string injection)
    {
        string sessions = Path.Combine(folder, "sessions");
        using ChildProcess child = ChildProcess.StartTraced(Path.Combine(folder, "strace"), call, [injection], Command(sessions, seed, turns: 10));
        _ = child.Wait();
        tally.Faults++;
        Check(tally, sessions, seed, child.Numbers);
    }

    private static string[] Command(string folder, int seed, int turns) =>
        [GroupCommand.Name, folder, "--threads", Text(Threads), "--turns", Text(turns), "--seed", Text(seed)];

    private static void Check(Tally tally, string folder, int seed, HashSet<int> acknowledged)
    {
        tally.Acknowledged += acknowledged.Count;
        var turns = new NumberedTurns(seed, TurnKind.Text);
        if (!Directory.Exists(folder) || WriteCommand.FileIn(folder) is not { } path || new FileInfo(path).Length == 0)
        {
            Require.That(acknowledged.Count == 0, "acknowledged turns without a file");
            return;
        }

        using (SessionReader reader = SessionReader.Open(path))
        {
            Require.That(reader.Recovery.CorruptLines == 0, $"lines are damaged: {reader.Recovery}");
            Message[] messages = [.. reader.Entries.Select(entry => (Message)reader.ReadMessage(entry))];
            var whole = new HashSet<int>();
            var last = new Dictionary<int, int>();
            for (int i = 0; i < messages.Length; i += 2)
            {
                int number = NumberedTurns.NumberOf(messages[i]) ?? throw new CheckFailedException($"message {Text(i + 1)} begins no turn");
                int thread = number / GroupCommand.Stride;
                Require.That(number > last.GetValueOrDefault(thread), $"turn {Text(number)} stands behind a later one of its thread");
                last[thread] = number;
                if (i + 1 < messages.Length)
                {
                    Require.That(NumberedTurns.Same(messages[i + 1], turns.Make(number)[1]), $"turn {Text(number)} has another's answer");
                    _ = whole.Add(number);
                }
            }

            Require.That(acknowledged.IsSubsetOf(whole), $"{Text(acknowledged.Except(whole).Count())} acknowledged turns are lost");
            Require.That(whole.Count - acknowledged.Count <= Threads, $"{Text(whole.Count - acknowledged.Count)} turns that nobody acknowledged");
            tally.Note("turns written together, but killed before they were acknowledged", whole.Count - acknowledged.Count);
        }

        using OpiSession session = OpiSession.Resume(path, new SessionOptions());
        session.AddTurn(turns.Make(999_999));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
