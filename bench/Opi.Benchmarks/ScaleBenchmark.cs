using System.Diagnostics;

namespace Opi.Benchmarks;

/// <summary>
/// Measures curves: the time, what is allocated and by how much the heap grows at most at several sizes, and the exponent from each size to the next.
/// An exponent of 0 is flat, 1 is linear. The smallest of some runs counts: what else the machine does makes a run only longer.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Runs = 5;
    private const double Megabyte = 1e6;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    /// <summary>Runs a curve at its sizes or at the given ones, or lists all.</summary>
    public static int Run(string[] args)
    {
        if (args.Length == 0 || Curves.All.FirstOrDefault(curve => curve.Name == args[0]) is not { } chosen)
        {
            Console.WriteLine("Give one of these, and sizes if you want others:");
            foreach (Curve curve in Curves.All)
            {
                Console.WriteLine($"  {curve.Name,-12} {curve.What} ({curve.Unit}: {string.Join(' ', curve.Sizes)})");
            }

            return args.Length == 0 ? 0 : 2;
        }

        Run(chosen, args.Length > 1 ? [.. args[1..].Select(int.Parse)] : chosen.Sizes);
        return 0;
    }

    private static void Run(Curve curve, int[] sizes)
    {
        Comparison.Line($"{curve.Name}: {curve.What}");
        Comparison.Line($"{curve.Unit,12}  {"ms",10}  exponent  {"allocated MB",12}  exponent  {"heap MB",8}");
        (int Size, double Milliseconds, double Allocated)? before = null;
        foreach (int size in sizes)
        {
            string folder = Directory.CreateTempSubdirectory("opi-scale-").FullName;
            try
            {
                (double milliseconds, double allocated, double heap) = Measure(curve.Prepare(folder, size));
                string time = before is { } last ? Exponent(last.Size, size, last.Milliseconds, milliseconds) : "";
                string memory = before is { } known ? Exponent(known.Size, size, known.Allocated, allocated) : "";
                Comparison.Line($"{size,12:N0}  {milliseconds,10:0.00}  {time,8}  {allocated,12:0.00}  {memory,8}  {heap,8:0.0}");
                before = (size, milliseconds, allocated);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static (double Milliseconds, double Allocated, double Heap) Measure(Action action)
    {
        action(); // the pools fill, and what is compiled is
        double least = double.MaxValue;
        long allocated = 0, heap = 0;
        long begun = Stopwatch.GetTimestamp();
        for (int run = 0; run < Runs && (run == 0 || Stopwatch.GetElapsedTime(begun) < Enough); run++)
        {
            long live = GC.GetTotalMemory(forceFullCollection: true), before = GC.GetTotalAllocatedBytes(precise: true);
            using (var watch = new HeapWatch())
            {
                long start = Stopwatch.GetTimestamp();
                action();
                least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                heap = Math.Max(heap, watch.Peak - live);
            }
        }

        return (least, allocated / Megabyte, heap / Megabyte);
    }

    private static string Exponent(double size, double next, double value, double nextValue) =>
        value <= 0 || nextValue <= 0 ? "" : FormattableString.Invariant($"{Math.Log(nextValue / value) / Math.Log(next / size):0.00}");
}
