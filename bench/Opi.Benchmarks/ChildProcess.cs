using System.Diagnostics;

namespace Opi.Benchmarks;

/// <summary>A program whose time is taken. One that fails has no time: its error would pass for a fast run.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end and gives what it printed.</summary>
    /// <exception cref="InvalidDataException">It ended with another exit code than 0.</exception>
    public static string Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start) ?? throw new InvalidDataException($"{start.FileName} did not start");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidDataException($"{start.FileName} ended with exit code {process.ExitCode}");
    }
}
