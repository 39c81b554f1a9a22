using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// Mutated session files, to all that reads and writes them: no crash, no hang, every line that was not touched is still read, a repair
/// saves them, the session can go on where it opens, and reading changes nothing.
/// </summary>
internal sealed class FuzzPart : Part
{
    private const int SmallCases = 300;
    private const int FullCases = 3000;

    public override string Name => "fuzz";

    public override string? Obstacle() => FuzzBase.FindGolden() is null ? "needs the golden files of the sources" : null;

    public override void Run(Tally tally, int seed, RoundSize size) => _ = Run(tally, seed, 1, size == RoundSize.Small ? SmallCases : FullCases);

    /// <summary>Runs cases, each of which follows from the seed and its own number.</summary>
    /// <returns>The folder of the last case, where it is kept.</returns>
    public static string Run(Tally tally, int seed, int first, int count, bool keep = false)
    {
        string folder = Scratch.Create(inMemory: true);
        var bases = FuzzBase.Collect(Path.Combine(folder, "made"));
        var mutator = new FuzzMutator(bases);
        for (int number = first; number < first + count; number++)
        {
            FuzzCase.Run(tally, mutator, Path.Combine(folder, "case"), seed, number);
        }

        if (!keep)
        {
            Directory.Delete(folder, recursive: true);
        }

        return folder;
    }
}

/// <summary>Any number of cases, or one again.</summary>
internal static class FuzzCommand
{
    public const string Usage = "fuzz [--rounds 5000] [--seed 1] [--case number]      (one case: its files are kept)";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "rounds", "seed", "case");
        int seed = options.Number("seed", 1);
        int rounds = options.Number("rounds", 5000);
        int single = options.Number("case", 0);
        var tally = new Tally("fuzz");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        string folder = FuzzPart.Run(tally, seed, single > 0 ? single : 1, single > 0 ? 1 : rounds, keep: single > 0);
        if (single > 0)
        {
            Console.WriteLine($"The files are in {folder}.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"fuzz, seed {seed}: {tally.Faults} mutated files, {tally.Acknowledged} turns added, {tally.Failures} failures, in {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        foreach ((string what, int number) in tally.Notes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {number}"));
        }

        return tally.Failures == 0 ? 0 : 1;
    }
}
