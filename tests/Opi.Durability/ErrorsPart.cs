using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.CrashTests;

/// <summary>
/// Errors of the disk, injected at the N-th call: the turn fails with a <see cref="SessionWriteException"/>, file and memory stay as they
/// were, and the session goes on; after a failed flush, when it was opened again. Interrupted calls and short writes are not errors.
/// </summary>
internal sealed partial class ErrorsPart : Part
{
    private const int Turns = 6;
    private const int Header = 2;       // the pwrite64 of the header; the first one names the owner of the lock
    private const int FolderFlush = 2;  // the fsync of the folder; the first one is that of the header
    private const int DelayMicroseconds = 4_000_000;
    private const int LiftMilliseconds = 1_500;

    private static readonly string[] WriteErrors = ["EIO", "ENOSPC", "EDQUOT", "EFBIG"];

    public override string Name => "errors";

    public override string? Obstacle() => Machine.CannotTrace;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        foreach (string call in new[] { "pwrite64", "fsync" })
        {
            for (int at = 1; at <= Turns + 2; at++)
            {
                foreach (string error in WriteErrors)
                {
                    if (!small || (at + seed) % 3 == Array.IndexOf(WriteErrors, error))
                    {
                        Fail(tally, seed, call, error, at);
                    }
                }

                if (!small || at == 4)
                {
                    Interrupt(tally, seed, call, at);
                }
            }
        }

        for (int at = Header + 1; at <= Header + (small ? 1 : Turns); at++)
        {
            int kept = 1 + ((seed + (at * 5)) % 15);
            ShortenForReal(tally, seed, at - Header, kept * 7, goesOn: true);
            ShortenForReal(tally, seed, at - Header, kept * 7, goesOn: false);
            ShortenForReal(tally, seed, at - Header, kept * 7, goesOn: false, cutFails: true);
            Case(tally, seed, $"fsync fails twice from {at} on", "fsync", [$"fsync:error=EIO:when={Text(at)}..{Text(at + 1)}"], [], (lines, _) => ExpectReopened(lines, at - FolderFlush));
        }

        FailReads(tally, seed, small ? 2 : 12);
        Compare(tally);
    }

    private static void Fail(Tally tally, int seed, string call, string error, int at) =>
        Case(tally, seed, $"{call} {at} gives {error}", call, [$"{call}:error={error}:when={Text(at)}"], [], (lines, _) =>
        {
            if (call == "pwrite64" && at < Header)
            {
                ExpectNothing(lines); // the lock holds without the name of its owner
            }
            else if (at <= (call == "pwrite64" ? Header : FolderFlush))
            {
                Require.That(lines.Count(line => line.StartsWith("0 " + FaultyCommand.CreateFailed + ": SessionWriteException", StringComparison.Ordinal)) == 1, "the failed creation was not told");
                ExpectNothing([.. lines.Where(line => !line.StartsWith("0 ", StringComparison.Ordinal))]);
            }
            else if (call == "pwrite64")
            {
                ExpectFailed(lines, at - Header);
                Require.That(!Has(lines, at - Header, FaultyCommand.Reopened), "a failed write needed the session to be opened again");
            }
            else
            {
                ExpectReopened(lines, at - FolderFlush);
            }
        });

    private static void Interrupt(Tally tally, int seed, string call, int at) =>
        Case(tally, seed, $"{call} {at} is interrupted", call, [$"{call}:error=EINTR:when={Text(at)}"], [], (lines, _) => ExpectNothing(lines));

    /// <summary>A limit of the file's size makes a true short write. Then it is lifted in time, or the rest fails.</summary>
    private static void ShortenForReal(Tally tally, int seed, int turn, int kept, bool goesOn, bool cutFails = false)
    {
        var injections = new List<string>();
        if (goesOn)
        {
            injections.Add($"pwrite64:delay_exit={DelayMicroseconds}:when={Text(turn + Header)}");
        }
        else if (cutFails)
        {
            injections.Add($"ftruncate:error=EIO:when={Text(CutsBeforeTurn() + 1)}");
        }

        string[] limit = ["--limit-at", Text(turn), "--limit", Text(kept), "--lift", Text(goesOn ? LiftMilliseconds : 0)];
        string what = $"turn {turn}: {kept} bytes are written, then {(goesOn ? "the rest" : cutFails ? "an error, and the file cannot be cut back" : "an error")}";
        Case(tally, seed, what, "pwrite64,ftruncate", injections, limit, (lines, calls) =>
        {
            if (goesOn)
            {
                ExpectNothing(lines);
                _ = ExpectRest(calls, kept);
            }
            else if (cutFails)
            {
                Require.That(Has(lines, turn, FaultyCommand.Failed) && Has(lines, turn, FaultyCommand.Reopened), "the turn did not fail, or the session went on without being opened again");
                Require.That(!Has(lines, turn, FaultyCommand.MemoryChanged), "the turn failed and changed the session");
            }
            else
            {
                ExpectFailed(lines, turn);
            }
        });
    }

    /// <summary>
    /// The compactions that follow turns read the context. When that fails, the turn is on the disk all the same and must be acknowledged: who
    /// adds it again has it twice.
    /// </summary>
    private static void FailReads(Tally tally, int seed, int count)
    {
        List<int> reads = [];
        tally.TryIn("reads", folder => reads.AddRange(Write(folder, []).Trace.Select((line, i) => (line, i)).Where(call => call.line.Contains("{\\\"type\\\"", StringComparison.Ordinal)).Select(call => call.i + 1)));
        foreach (int at in reads.TakeLast(count))
        {
            tally.TryIn($"pread64 {at} gives EIO", folder =>
            {
                (int exitCode, string[] trace, HashSet<int> acknowledged, string errors) = Write(folder, [$"pread64:error=EIO:when={Text(at)}"]);
                tally.Faults += trace.Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal));
                tally.Acknowledged += acknowledged.Count;
                Require.That(exitCode == 0 && acknowledged.Count == Turns, $"a turn was not acknowledged: {errors}");
                _ = new SessionCheck(new NumberedTurns(seed, TurnKind.Tools)).Run(WriteCommand.FileIn(Path.Combine(folder, "sessions"))!, acknowledged, crashes: 0);
            });
        }

        (int ExitCode, string[] Trace, HashSet<int> Acknowledged, string Errors) Write(string folder, string[] injections)
        {
            string log = Path.Combine(folder, "strace");
            using ChildProcess child = ChildProcess.StartTraced(
                log, "pread64", injections, "write", Path.Combine(folder, "sessions"), "--turns", Text(Turns), "--seed", Text(seed), "--auto-compact", "8");
            int exitCode = child.Wait();
            return (exitCode, [.. MainThread(log, "pread64")], child.Numbers, child.Errors);
        }
    }

    /// <summary>Why the library has a flush of its own.</summary>
    private static void Compare(Tally tally) => tally.TryIn("the framework's flush", folder =>
    {
        using ChildProcess child = ChildProcess.StartTraced(
            Path.Combine(folder, "strace"), "fsync", ["fsync:error=EIO"], FrameworkFlushCommand.Name, Path.Combine(folder, "file"));
        _ = child.Wait();
        tally.Note($"for comparison: an EIO of fsync was {child.Lines[0]} by the framework's own flush");
    });

    private static void Case(Tally tally, int seed, string what, string calls, IReadOnlyCollection<string> injections, string[] limit, Action<IReadOnlyList<string>, IReadOnlyList<string>> expect) =>
        tally.TryIn(what, folder =>
        {
            string sessions = Directory.CreateDirectory(Path.Combine(folder, "sessions")).FullName; // there already: else it is flushed too
            string log = Path.Combine(folder, "strace");
            using ChildProcess child = ChildProcess.StartTraced(log, calls, injections, ["faulty", sessions, "--turns", Text(Turns), "--seed", Text(seed), .. limit]);
            int exitCode = child.Wait();
            string[] trace = File.ReadAllLines(log);
            tally.Faults += limit.Length > 0 ? 1 : trace.Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal));
            Require.That(limit.Length > 0 || trace.Any(line => line.Contains("(INJECTED)", StringComparison.Ordinal)), "nothing was injected");
            Require.That(exitCode == 0, $"the writer ended with exit code {exitCode}: {string.Join(" | ", child.Lines)} {child.Errors}");
            HashSet<int> acknowledged = child.Numbers;
            tally.Acknowledged += acknowledged.Count;
            Require.That(acknowledged.Count == Turns, $"only {acknowledged.Count} of {Turns} turns went through in the end");
            string[] files = Directory.GetFiles(sessions, "*.jsonl");
            Require.That(files.Length == 1, $"{files.Length} session files");
            expect([files[0], .. child.Lines.Where(line => line.Contains(' ', StringComparison.Ordinal))], [.. trace.Where(line => line.Contains("pwrite64", StringComparison.Ordinal))]);
            _ = new SessionCheck(new NumberedTurns(seed, TurnKind.Tools)).Run(files[0], acknowledged, crashes: 0);
        });

    private static void ExpectNothing(IReadOnlyList<string> lines) => Require.That(lines.Count == 1, $"nothing should have failed: {string.Join(" | ", lines.Skip(1))}");

    private static void ExpectFailed(IReadOnlyList<string> lines, int turn)
    {
        Require.That(Has(lines, turn, FaultyCommand.Failed), $"turn {turn} did not fail");
        Require.That(!Has(lines, turn, FaultyCommand.Changed), "the turn failed and changed the file");
        Require.That(!Has(lines, turn, FaultyCommand.MemoryChanged), "the turn failed and changed the session");
        Require.That(lines.Skip(1).All(line => line.StartsWith(Text(turn) + " ", StringComparison.Ordinal)), "another turn failed");
    }

    private static void ExpectReopened(IReadOnlyList<string> lines, int turn)
    {
        ExpectFailed(lines, turn);
        Require.That(Has(lines, turn, FaultyCommand.Reopened), "after a failed flush the session went on without being opened again");
    }

    /// <summary>Asserts that after a write of so many bytes the next one writes the rest behind them.</summary>
    private static (long Length, long Offset) ExpectRest(IReadOnlyList<string> calls, int kept)
    {
        (long Length, long Offset, long Result)[] writes = [.. calls.Select(line => PwriteCall().Match(line)).Where(match => match.Success).Select(match =>
            (Number(match.Groups[1]), Number(match.Groups[2]), Number(match.Groups[3])))];
        int at = Array.FindIndex(writes, write => write.Result == kept && write.Length > kept);
        Require.That(at >= 0 && at + 1 < writes.Length, "there was no short write");
        Require.That(writes[at + 1].Length == writes[at].Length - kept && writes[at + 1].Offset == writes[at].Offset + kept, "the rest of a short write was not written behind it");
        return (writes[at].Length, writes[at].Offset);

        static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
    }

    private static bool Has(IReadOnlyList<string> lines, int turn, string what) => lines.Any(line => line.StartsWith($"{Text(turn)} {what}:", StringComparison.Ordinal));

    /// <summary>
    /// How often a writer that meets no fault cuts a file on its main thread, where the library makes its calls, before its last turn is written:
    /// behind it, what it cuts is its lock file when it lets go.
    /// </summary>
    private static int CutsBeforeTurn()
    {
        string folder = Directory.CreateTempSubdirectory("opi-durability-").FullName;
        string log = Path.Combine(folder, "strace");
        using ChildProcess child = ChildProcess.StartTraced(log, "ftruncate,pwrite64", [], "faulty", Path.Combine(folder, "sessions"), "--turns", "1");
        _ = child.Wait();
        string[] calls = [.. MainThread(log, "")];
        int turn = Array.FindLastIndex(calls, call => call.Contains("pwrite64(", StringComparison.Ordinal));
        int count = calls.Take(turn).Count(call => call.Contains("ftruncate(", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
        return count;
    }

    /// <summary>The calls that a log has of the thread that made the first one.</summary>
    private static IEnumerable<string> MainThread(string log, string call)
    {
        string thread = "";
        foreach (string line in File.ReadLines(log))
        {
            thread = thread.Length == 0 ? line[..(line.IndexOf(' ', StringComparison.Ordinal) + 1)] : thread;
            if (line.StartsWith(thread, StringComparison.Ordinal) && line.Contains(call + "(", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@", ([0-9]+), ([0-9]+)\) += ([0-9]+)")]
    private static partial Regex PwriteCall();
}
