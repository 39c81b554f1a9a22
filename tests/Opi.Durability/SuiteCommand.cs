using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>All parts, in turn, until the time is used up; each at least once.</summary>
internal static class SuiteCommand
{
    public const string Usage = "suite [--minutes 20] [--seed 1]      (0 minutes: each part once, small; less than a minute)";

    private static readonly Part[] Parts =
    [
        new KillPart(),
        new KillAtPart(),
        new TurnPart(),
        new TornPart(),
        new ErrorsPart(),
        new FullDiskPart(),
        new PowerLossPart(),
        new ReplacedPart(),
        new FightPart(),
        new CreatePart(),
        new ForeignPart(),
        new LocksPart(),
        new FlushPart(),
        new StrangeFilesPart(),
        new GroupPart(),
        new IndexPart(),
        new LedgerPart(),
        new BudgetPart(),
        new FuzzPart(),
        new DataFuzzPart(),
    ];

    /// <summary>The names of all parts, in the order of the suite.</summary>
    public static IEnumerable<string> Names => Parts.Select(part => part.Name);

    /// <summary>The part of a name; null for none.</summary>
    public static Part? Find(string name) => Parts.FirstOrDefault(part => part.Name == name);

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "minutes", "seed");
        int minutes = options.Number("minutes", 20);
        int seed = options.Number("seed", 1);
        RoundSize size = minutes == 0 ? RoundSize.Small : RoundSize.Full;
        var tallies = Parts.ToDictionary(part => part, part => new Tally(part.Name));
        var seconds = Parts.ToDictionary(part => part, _ => 0.0);
        Part[] able = [.. Parts.Where(part => part.Obstacle() is null)];
        long start = Stopwatch.GetTimestamp();
        int round = 0;
        do
        {
            foreach (Part part in able)
            {
                if (round > 0 && Stopwatch.GetElapsedTime(start).TotalMinutes >= minutes)
                {
                    break;
                }

                long begun = Stopwatch.GetTimestamp();
                tallies[part].Run(part, seed + round, size);
                seconds[part] += Stopwatch.GetElapsedTime(begun).TotalSeconds;
            }

            round++;
            if (minutes > 0)
            {
                Print($"{Stopwatch.GetElapsedTime(start).TotalMinutes:0.0} min: {round} rounds of each part, {tallies.Values.Sum(tally => tally.Failures)} failures");
            }
        }
        while (Stopwatch.GetElapsedTime(start).TotalMinutes < minutes);

        Print($"{"part",-10} {"rounds",7} {"faults",9} {"acknowledged",13} {"failures",9} {"seconds",8}");
        foreach (Part part in Parts)
        {
            Tally tally = tallies[part];
            if (part.Obstacle() is { } obstacle)
            {
                Print($"{part.Name,-10} skipped: {obstacle}");
            }
            else
            {
                Print($"{part.Name,-10} {tally.Rounds,7} {tally.Faults,9} {tally.Acknowledged,13} {tally.Failures,9} {seconds[part],8:0}");
            }
        }

        foreach (Part part in able)
        {
            foreach ((string what, int count) in tallies[part].Notes)
            {
                Print($"{part.Name}: {what}: {count}");
            }
        }

        int failures = tallies.Values.Sum(tally => tally.Failures);
        Print($"seed {seed}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {tallies.Values.Sum(tally => tally.Faults)} faults, {tallies.Values.Sum(tally => tally.Acknowledged)} turns acknowledged, {failures} losses or failures");
        return failures == 0 ? 0 : 1;
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
