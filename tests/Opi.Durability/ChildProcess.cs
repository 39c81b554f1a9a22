using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Opi.CrashTests;

/// <summary>This program again, with another command: its lines are read as they come, and it can be stopped, gone on with, and killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private const int ExitTimeout = 600_000; // a machine that does much else is slow

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Thread _reading;
    private readonly Thread _readingErrors;
    private string _errors = "";

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        _reading = new Thread(ReadLines) { IsBackground = true };
        _readingErrors = new Thread(() => _errors = _process.StandardError.ReadToEnd()) { IsBackground = true };
        _reading.Start();
        _readingErrors.Start();
    }

    /// <summary>The process; that of strace where it runs under it.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to its error output, once it has ended.</summary>
    public string Errors => _errors;

    /// <summary>The whole lines that it printed so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The lines that are numbers: turns that were acknowledged.</summary>
    public HashSet<int> Numbers => [.. Lines.Where(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    public static ChildProcess Start(params string[] arguments) => Start([], arguments);

    /// <summary>With some environment variables set.</summary>
    public static ChildProcess Start((string Name, string Value)[] variables, string[] arguments)
    {
        string[] command = Command(arguments);
        var start = new ProcessStartInfo(command[0], command[1..]);
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new(start);
    }

    /// <summary>Under strace, which injects faults and logs the calls.</summary>
    public static ChildProcess StartTraced(string log, string calls, IReadOnlyCollection<string> injections, params string[] arguments)
    {
        // With the filter, which makes it fast, strace injects errors but no signals.
        string[] filter = injections.Any(injection => injection.Contains("signal=", StringComparison.Ordinal)) ? [] : ["--seccomp-bpf"];
        IEnumerable<string> inject = injections.SelectMany(injection => new[] { "-e", "inject=" + injection });
        return new(new ProcessStartInfo("strace", ["-f", .. filter, "-q", "-o", log, "-e", "trace=" + calls, .. inject, .. Command(arguments)]));
    }

    /// <summary>Waits until it has printed so many lines; false when it ends before.</summary>
    public bool WaitForLines(int count)
    {
        lock (_lines)
        {
            while (_lines.Count < count)
            {
                if (!_reading.IsAlive)
                {
                    return false;
                }

                Monitor.Wait(_lines, 50);
            }

            return true;
        }
    }

    /// <summary>Lets a process that waits for a line of input go on.</summary>
    public void Go()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
    }

    /// <summary>Halts it. False when it has ended.</summary>
    public bool Stop() => Send(StopSignal);

    /// <summary>Lets it go on. False when it has ended.</summary>
    public bool Continue() => Send(ContinueSignal);

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            End(_process);
        }

        _ = Wait();
    }

    /// <summary>
    /// Ends a process at once, elsewhere than on Windows with those that it started. There the framework would ask all processes of the
    /// machine when they began, and fails when one has no such time, as Wine gives none for one that is just ending.
    /// </summary>
    public static void End(Process process) => process.Kill(entireProcessTree: !OperatingSystem.IsWindows());

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public int Wait()
    {
        if (!_process.WaitForExit(ExitTimeout))
        {
            End(_process);
            throw new CheckFailedException($"a process did not end within {ExitTimeout / 1000} s");
        }

        _reading.Join();
        _readingErrors.Join();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static string[] Command(string[] arguments)
    {
        string self = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        return isHost ? [self, Environment.GetCommandLineArgs()[0], .. arguments] : [self, .. arguments];
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private bool Send(int signal) => SendSignal(Id, signal) == 0;

    private void ReadLines()
    {
        // A line counts with its end only: without it, a number may be the beginning of a longer one.
        var line = new System.Text.StringBuilder();
        char[] buffer = new char[4096];
        int read;
        while ((read = _process.StandardOutput.Read(buffer)) > 0)
        {
            lock (_lines)
            {
                foreach (char c in buffer.AsSpan(0, read))
                {
                    if (c == '\n')
                    {
                        _lines.Add(line.ToString().TrimEnd('\r'));
                        line.Clear();
                    }
                    else
                    {
                        line.Append(c);
                    }
                }

                Monitor.PulseAll(_lines);
            }
        }
    }
}
