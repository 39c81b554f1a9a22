using System.Diagnostics;
using System.Globalization;

namespace Opi.Benchmarks;

/// <summary>Times an action as the first thing that a new process does: nothing is compiled yet. The start of the process does not count.</summary>
internal static class FreshProcess
{
    private const string Asked = "in-this-process";

    /// <summary>Runs the action that another process asks for.</summary>
    /// <returns>False when none is asked for.</returns>
    public static bool RunIfAsked(string[] args, params Action[] actions)
    {
        if (args.Length != 2 || args[0] != Asked)
        {
            return false;
        }

        Action action = actions.Single(candidate => candidate.Method.Name == args[1]);
        long start = Stopwatch.GetTimestamp();
        action();
        Console.WriteLine(Stopwatch.GetElapsedTime(start).Ticks.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    public static Contender Contender(string name, string action) => new(name, () =>
    {
        string self = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        string[] arguments = [.. isHost ? [Environment.GetCommandLineArgs()[0]] : Array.Empty<string>(), Asked, action];
        string ticks = ChildProcess.Run(new ProcessStartInfo(self, arguments));
        return TimeSpan.FromTicks(long.Parse(ticks, CultureInfo.InvariantCulture));
    });
}
