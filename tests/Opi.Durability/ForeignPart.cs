using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.CrashTests;

/// <summary>
/// Other programs that write to the file of an open session, while its own writes fail now and then: every line of theirs stays, every
/// acknowledged turn is there, and a file that they made shorter is not grown.
/// </summary>
internal sealed partial class ForeignPart : Part
{
    private const int Turns = 40;

    public override string Name => "foreign";

    public override string? Obstacle() => Machine.CannotTrace;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        Beside(tally, seed, "nothing fails", []);
        foreach (string call in small ? ["pwrite64"] : new[] { "pwrite64", "fsync", "ftruncate" })
        {
            for (int at = 4; at <= (small ? 4 : 24); at += 5)
            {
                Beside(tally, seed + at, $"{call} {at} fails", [$"{call}:error=EIO:when={Text(at)}+7"]);
            }
        }

        foreach (int left in new[] { 0, 10, 200 })
        {
            Shortened(tally, seed, left);
        }
    }

    /// <summary>A shell appends lines to the file all the time, as a program does that keeps a log.</summary>
    private static void Beside(Tally tally, int seed, string what, string[] injections) => tally.TryIn($"a program that appends, {what}", folder =>
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            path = session.Path;
        }

        string stop = Path.Combine(folder, "stop");
        using Process other = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "i=0; while [ ! -e \"$2\" ]; do i=$((i+1)); printf '%s\\n' \"$(printf \"$3\" $i $i)\" >> \"$1\"; sleep 0.02; done; echo $i", "sh", path, stop, ForeignFormat])
        {
            RedirectStandardOutput = true,
        })!;
        using ChildProcess child = ChildProcess.StartTraced(
            Path.Combine(folder, "strace"), "pwrite64,fsync,ftruncate", injections, "beside", path, "--turns", Text(Turns), "--seed", Text(seed));
        int exitCode = child.Wait();
        File.WriteAllText(stop, "");
        int foreign = int.Parse(other.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        other.WaitForExit();
        Require.That(exitCode == 0, $"the writer ended with exit code {exitCode}: {child.Errors}");
        HashSet<int> acknowledged = child.Numbers;
        int failed = child.Lines.Count(line => line.StartsWith("failed", StringComparison.Ordinal));
        tally.Faults += foreign;
        tally.Acknowledged += acknowledged.Count;
        tally.Note("turns that failed because another program had written", failed);

        Dictionary<string, int> found = Foreign().Matches(File.ReadAllText(path)).GroupBy(match => match.Groups[1].Value).ToDictionary(group => group.Key, group => group.Count());
        string[] lost = [.. Enumerable.Range(1, foreign).Select(Text).Where(number => found.GetValueOrDefault(number) != 1)];
        Require.That(lost.Length == 0, $"{lost.Length} of {foreign} lines of the other program are not there once: {string.Join(", ", lost.Take(5))}");
        CheckTurns(path, new NumberedTurns(seed, TurnKind.Text), acknowledged);
    });

    /// <summary>The file is made shorter under an open session, as logrotate's copytruncate does.</summary>
    private static void Shortened(Tally tally, int seed, int left) => tally.TryIn($"the file is cut to {left} bytes", folder =>
    {
        var turns = new NumberedTurns(seed, TurnKind.Text);
        using OpiSession session = OpiSession.Create(folder, new SessionOptions());
        session.AddTurn(turns.Make(1));
        using (var other = new FileStream(session.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.SetLength(left);
        }

        tally.Faults++;
        byte[] before = File.ReadAllBytes(session.Path);
        _ = Require.Throws<SessionWriteException>("a turn after that", () => session.AddTurn(turns.Make(2)));
        Require.That(File.ReadAllBytes(session.Path).AsSpan().SequenceEqual(before), "the failed turn changed what the other program left");
    });

    /// <summary>Every acknowledged turn is there once. Lines of others may be anywhere, so that the chain is not looked at.</summary>
    private static void CheckTurns(string path, NumberedTurns turns, HashSet<int> acknowledged)
    {
        using SessionReader reader = SessionReader.Open(path);
        var answers = reader.Entries.Where(entry => entry.Type == EntryType.Message).Select(reader.Read).OfType<MessageEntry>()
            .Select(entry => entry.Message.Text).ToHashSet(StringComparer.Ordinal);
        int[] lost = [.. acknowledged.Where(number => !answers.Contains(NumberedTurns.PromptOf(number)) || !answers.Contains(turns.AnswerOf(number)))];
        Require.That(lost.Length == 0, $"{lost.Length} acknowledged turns are lost: {string.Join(", ", lost.Take(10))}");
    }

    private const string ForeignFormat =
        """{"type":"message","id":"ext-%d","parent_id":null,"timestamp":"T","message":{"role":"user","content":[{"type":"text","text":"foreign %d."}],"timestamp_ms":1}}""";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("foreign ([0-9]+)\\.")]
    private static partial Regex Foreign();
}

/// <summary>Adds turns to a session beside another program, opens it again after each failure, and prints what was acknowledged.</summary>
internal static class BesideCommand
{
    public const string Name = "beside";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "turns", "seed", "first", "locks");
        var turns = new NumberedTurns(options.Number("seed", 1), TurnKind.Text);
        int number = options.Number("first", 1);
        int last = number + options.Number("turns", 1) - 1;
        var session = new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true }, WithoutLocks = options.Number("locks", 1) == 0 };
        while (number <= last)
        {
            try
            {
                using OpiSession open = OpiSession.Resume(options[0], session);
                for (int i = 0; i < 3 && number <= last; i++)
                {
                    int mine = number++;
                    open.AddTurn(turns.Make(mine));
                    Console.WriteLine(mine.ToString(CultureInfo.InvariantCulture));
                    Thread.Sleep(2);
                }
            }
            catch (OpiException error)
            {
                Console.WriteLine("failed: " + error.Message.ReplaceLineEndings(" "));
            }
        }

        return 0;
    }
}
