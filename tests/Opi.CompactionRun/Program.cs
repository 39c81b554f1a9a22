using System.Diagnostics;

namespace Opi.CompactionRun;

/// <summary>
/// Runs a made-up agent under the rules of opi, of pi and of Opi, and prints a table of what came of it. With <c>facts</c> first it prints which
/// planted facts survive, under the rules of the Microsoft Agent Framework too.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["facts", ..])
        {
            return Facts(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Runs.FullTurns);
        }

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

    private static int Facts(int turns)
    {
        var clock = Stopwatch.StartNew();
        Console.WriteLine(FactFigures.MarkdownHead);
        foreach (FactFigures figures in FactRules.All.Select(rule => rule.Run(turns)))
        {
            Console.WriteLine(figures.ToMarkdown());
        }

        Console.Error.WriteLine($"{turns} turns, {FactRules.Tokens} tokens after a compaction, in {clock.Elapsed.TotalSeconds:N0} s");
        return 0;
    }
}
