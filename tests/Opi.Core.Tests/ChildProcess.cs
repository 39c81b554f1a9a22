using System.Diagnostics;
using System.Text;

namespace Opi.Tests;

/// <summary>Runs a program to its end. Nothing that it printed is lost, not even when it does not end.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program.</summary>
    /// <param name="start">The program; its output and errors are read here.</param>
    /// <param name="patience">How long it may take on a busy machine. It is there only so that a program that hangs does not hang the tests.</param>
    /// <param name="input">What it reads.</param>
    /// <exception cref="TimeoutException">It did not end, and was killed. The message has what it printed.</exception>
    public static async Task<ProcessRun> Run(ProcessStartInfo start, TimeSpan patience, string input = "")
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = new StringBuilder();
        var errors = new StringBuilder();
        Task reading = Task.WhenAll(Read(process.StandardOutput, output), Read(process.StandardError, errors));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            await reading.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await Task.WhenAny(reading, Task.Delay(LastOutput, CancellationToken.None));
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {patience}."
                + $" It printed:\n{Text(output)}\nand as errors:\n{Text(errors)}");
        }

        return new ProcessRun(process.ExitCode, Text(output), Text(errors));
    }

    private static async Task Read(StreamReader from, StringBuilder into)
    {
        char[] buffer = new char[4096];
        for (int read; (read = await from.ReadAsync(buffer)) > 0;)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }

    private static string Text(StringBuilder printed)
    {
        lock (printed)
        {
            return printed.ToString();
        }
    }
}
