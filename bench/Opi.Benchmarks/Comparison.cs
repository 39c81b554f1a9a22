using System.Diagnostics;
using System.Globalization;

namespace Opi.Benchmarks;

/// <summary>Something to measure. It gives the time that counts, so that what prepares it does not.</summary>
internal sealed record Contender(string Name, Func<TimeSpan> Run)
{
    /// <summary>Counts all of an action's time.</summary>
    public static Contender Of(string name, Action action) => new(name, () =>
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    });
}

/// <summary>
/// Runs contenders in turn, round after round, and compares within each round: what else the machine does then falls on all of them. The
/// order is shuffled, from a fixed seed, so that none always follows the same one.
/// </summary>
internal sealed class Comparison(Contender subject, params Contender[] others)
{
    private const int WarmUps = 2;

    private readonly Contender[] _all = [subject, .. others];

    /// <summary>The subject's run measures the others too; they only tell their times.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>Runs the rounds and prints a table.</summary>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="unit">What the times are for, for example "a turn".</param>
    /// <param name="units">How many of them a run does.</param>
    /// <returns>The ratios of the subject's time to each other's, sorted.</returns>
    public double[][] Run(int rounds, string unit, double units)
    {
        var times = new double[_all.Length][];
        for (int i = 0; i < _all.Length; i++)
        {
            times[i] = new double[rounds];
        }

        int[] order = [.. Enumerable.Range(0, _all.Length)];
        var random = new Random(1);
        for (int round = -WarmUps; round < rounds; round++)
        {
            if (!KeepOrder)
            {
                random.Shuffle(order);
            }

            foreach (int turn in order)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                double seconds = _all[turn].Run().TotalSeconds;
                if (round >= 0)
                {
                    times[turn][round] = seconds;
                }
            }
        }

        double[][] ratios = [.. times.Select(other => times[0].Zip(other, (mine, its) => mine / its).Order().ToArray())];
        Print(times, ratios, unit, units);
        return ratios[1..];
    }

    private void Print(double[][] times, double[][] ratios, string unit, double units)
    {
        int width = _all.Max(contender => contender.Name.Length);
        Line($"{"".PadRight(width)}   us {unit,-10}  time of the first / this one's  times faster");
        for (int i = 0; i < _all.Length; i++)
        {
            double micros = Median([.. times[i].Order()]) * 1e6 / units;
            double[] inverse = [.. ratios[i].Select(ratio => 1 / ratio).Order()];
            Line($"{_all[i].Name.PadRight(width)}   {micros,13:0.00}  {(i == 0 ? "" : Spread(ratios[i])),-29}  {(i == 0 ? "" : Spread(inverse))}");
        }
    }

    /// <summary>The median and the extremes of sorted numbers.</summary>
    public static string Spread(double[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(sorted):0.00} ({sorted[0]:0.00} to {sorted[^1]:0.00})");

    public static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    public static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
