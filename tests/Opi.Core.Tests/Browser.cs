using System.Diagnostics;

namespace Opi.Tests;

/// <summary>Chromium without a window and with a new profile each time.</summary>
internal static class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The program; null where it is not installed.</summary>
    public static string? Program { get; } = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The document of a page after it was loaded, as the browser understood it.</summary>
    /// <param name="page">The file.</param>
    /// <param name="log">What the browser wrote to its console: blocked loads and scripts stand there.</param>
    public static string Load(string page, out string log)
    {
        using var profile = new TempFolder();
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--enable-logging=stderr", "--user-data-dir=" + profile.File("profile"), "--dump-dom", new Uri(page).AbsoluteUri,
            },
        };
        if (Environment.IsPrivilegedProcess)
        {
            start.ArgumentList.Insert(0, "--no-sandbox");
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> document = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Program} did not end.");
        }

        log = string.Join('\n', errors.Result.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal)));
        return document.Result;
    }
}
