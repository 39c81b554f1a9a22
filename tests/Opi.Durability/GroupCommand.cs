using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Adds turns to one session from several threads, which are written together, and prints the number of each when it is acknowledged. A
/// thread's numbers begin at a thousand times its own. It is there to be killed.
/// </summary>
internal static class GroupCommand
{
    public const string Name = "together";
    public const string Usage = "together <folder> [--threads 8] [--turns 100] [--seed 1]";
    public const int Stride = 1_000;

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "threads", "turns", "seed");
        var turns = new NumberedTurns(options.Number("seed", 1), TurnKind.Text);
        int count = options.Number("turns", 100), failures = 0;
        using OpiSession session = OpiSession.Create(options[0], new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true } });
        Stream acknowledged = Console.OpenStandardOutput();
        Thread[] threads = [.. Enumerable.Range(1, options.Number("threads", 8)).Select(thread => new Thread(() =>
        {
            for (int number = (thread * Stride) + 1; number <= (thread * Stride) + count; number++)
            {
                try
                {
                    session.AddTurn(turns.Make(number));
                }
                catch (SessionWriteException error)
                {
                    Interlocked.Increment(ref failures);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"turn {number}: {error.Message}"));
                    return;
                }

                acknowledged.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n")));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return failures == 0 ? 0 : 1;
    }
}
