using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Checks the session of a folder after its writer was killed.</summary>
internal static class VerifyCommand
{
    public const string Usage = "verify <folder> <acknowledged, as 250 or 1-250,252-400> [--seed 1] [--kind Tools|Text] [--crashes 1]";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "seed", "kind", "crashes");
        var turns = new NumberedTurns(options.Number("seed", 1), options.Choice("kind", TurnKind.Tools));
        string path = WriteCommand.FileIn(options[0]) ?? throw new ArgumentException($"no session in {options[0]}");
        CheckReport report = new SessionCheck(turns).Run(path, Numbers(options[1]), options.Number("crashes", 1));
        Console.WriteLine($"all acknowledged turns are there; {report}");
        return 0;
    }

    private static HashSet<int> Numbers(string ranges)
    {
        var numbers = new HashSet<int>();
        foreach (string range in ranges.Split(','))
        {
            string[] ends = range.Split('-');
            int first = ends.Length == 1 ? 1 : int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }
}
