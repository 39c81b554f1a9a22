using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Opi;

/// <summary>The identity of a process, which differs also from a later process with the same id.</summary>
/// <param name="Host">The machine, and on Linux the namespace of its process ids: containers may share a folder but not their processes.</param>
/// <param name="Id">The id.</param>
/// <param name="Start">When it began, in the system's own unit; 0 where that cannot be read.</param>
internal sealed record ProcessIdentity(string Host, int Id, long Start)
{
    private const int StateField = 0; // after the name, which is in parentheses and may hold anything
    private const int StartField = 19;

    private static readonly Lazy<ProcessIdentity> OfThisProcess = new(() =>
        new ProcessIdentity(ThisHost(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0));

    public static ProcessIdentity Current => OfThisProcess.Value;

    /// <summary>Whether it runs on this machine, so that its end can be seen here.</summary>
    public bool IsHere => Host == Current.Host;

    /// <summary>Whether it is known to have ended. Of one elsewhere that is not known.</summary>
    public bool HasEnded => IsHere && (StartOf(Id) is not { } start || (Start != 0 && start != 0 && !IsSame(start)));

    /// <summary>The framework gives the time, which moves a little with the clock; Linux counts from its own start.</summary>
    private bool IsSame(long start) => OperatingSystem.IsLinux() ? start == Start : Math.Abs(start - Start) < 2 * TimeSpan.TicksPerSecond;

    /// <summary>When the process with an id began; 0 when it runs and that is not known, null when there is none.</summary>
    private static long? StartOf(int id) => OperatingSystem.IsLinux() ? StartOnLinux(id) : StartElsewhere(id);

    private static long? StartOnLinux(int id)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            bool hasEnded = fields[StateField] is "Z" or "X" or "x"; // killed, and not yet fetched by its parent
            return hasEnded ? null : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}")) ? 0 : null; // it ended while it was read
        }
    }

    private static long? StartElsewhere(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Exception error) when (error is Win32Exception or NotSupportedException)
        {
            return 0; // another user's
        }
    }

    private static string ThisHost()
    {
        string? space = null;
        if (OperatingSystem.IsLinux())
        {
            try
            {
                space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                space = "?";
            }
        }

        return space is null ? Environment.MachineName : $"{Environment.MachineName} {space}";
    }
}
