using System.Diagnostics;

namespace Opi.CompactionRun;

/// <summary>Runs a made-up agent under the rules of opi, of pi and of Opi, and prints a table of what came of it.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        int turns = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : Runs.FullTurns;
        var clock = Stopwatch.StartNew();
        Console.WriteLine(RunFigures.MarkdownHead);
        bool wrong = false;
        foreach (RunFigures figures in Runs.All(turns))
        {
            Console.WriteLine(figures.ToMarkdown());
            foreach (string violation in figures.Violations.Take(5))
            {
                Console.WriteLine("  " + violation);
                wrong = true;
            }
        }

        Console.Error.WriteLine($"{turns} turns, window {Runs.Window}, in {clock.Elapsed.TotalSeconds:N0} s");
        return wrong ? 1 : 0;
    }
}
