using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Runs one part by itself.</summary>
internal static class PartCommand
{
    public const string Usage = """
        parts      (the names of the parts of the suite)
        part <name> [--rounds 1] [--seed 1] [--size Small|Full]      (exit code 77: this machine cannot run it)
        """;

    private const int Skipped = 77;

    public static int Run(Part part, IEnumerable<string> args)
    {
        var options = new Arguments(args, "rounds", "seed", "size");
        int seed = options.Number("seed", 1);
        RoundSize size = options.Choice("size", RoundSize.Full);
        if (part.Obstacle() is { } obstacle)
        {
            Console.WriteLine(obstacle);
            return Skipped;
        }

        var tally = new Tally(part.Name);
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < options.Number("rounds", 1); round++)
        {
            tally.Run(part, seed + round, size);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{part.Name}: {tally.Rounds} rounds, {tally.Faults} faults, {tally.Acknowledged} turns acknowledged, {tally.Failures} failures, in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        foreach ((string what, int count) in tally.Notes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {count}"));
        }

        return tally.Failures == 0 ? 0 : 1;
    }
}
