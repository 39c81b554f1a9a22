using System.Globalization;
using System.Text.RegularExpressions;

namespace Opi.CrashTests;

/// <summary>Writers that are killed at random moments: <see cref="KillCommand"/> in short rounds.</summary>
internal sealed partial class KillPart : Part
{
    public override string Name => "kill";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        (int rounds, int turns, int kills, int cuts) = size == RoundSize.Small ? (2, 150, 1, 1) : (12, 1000, 1, 2);
        bool compacts = seed % 2 == 0;
        (int exitCode, string output) = Capture(
            "--rounds", Text(rounds), "--turns", Text(turns), "--kills", Text(kills), "--cuts", Text(cuts), "--seed", Text(seed), "--auto-compact", compacts ? "20000" : "0");
        tally.Faults += rounds * kills * (1 + cuts);
        tally.Acknowledged += AcknowledgedLine().Match(output) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        Require.That(exitCode == 0, output);
    }

    /// <summary>Runs the command, whose figures are in what it prints.</summary>
    private static (int ExitCode, string Output) Capture(params string[] args)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Console.SetOut(text);
        Console.SetError(text);
        try
        {
            return (KillCommand.Run(args), text.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("turns acknowledged: ([0-9]+)")]
    private static partial Regex AcknowledgedLine();
}
