using System.Diagnostics;

namespace Opi.CrashTests;

/// <summary>Waits for a case. On a busy machine it gets more time, so that only what works without end, or waits for nothing, is a hang.</summary>
internal static class HangCheck
{
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>What a hang is, for a message.</summary>
    public const string Limits = "within 20 s of processor time and 10 minutes";

    /// <summary>Whether the case ended.</summary>
    public static bool Wait(Task task)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        while (!task.Wait(Step))
        {
            if (Environment.CpuUsage.TotalTime - before > Work || Stopwatch.GetElapsedTime(begun) > Longest)
            {
                return false;
            }
        }

        return true;
    }
}
