using System.Diagnostics;

namespace Opi.Benchmarks;

/// <summary>Reading the usage of Claude Code's logs by day, against ccusage's native program on the same files.</summary>
internal static class UsageBenchmark
{
    private const int Rounds = 15;
    private const int WarmUps = 12;
    private const long CorpusLength = 200_000_000;
    private const int Sessions = 120;

    /// <summary>Runs the comparison. The corpus is generated where none is named.</summary>
    /// <param name="options"><c>--ccusage</c> with the native program, <c>--corpus</c> with a folder that holds <c>projects</c>.</param>
    public static void Run(string[] options)
    {
        string? ccusage = Option(options, "--ccusage");
        string corpus = Option(options, "--corpus") ?? Generate();
        FileInfo[] files = [.. new DirectoryInfo(corpus).EnumerateFiles("*.jsonl", SearchOption.AllDirectories)];
        Comparison.Line(
            $"{files.Sum(file => file.Length) / 1e6:0} MB in {files.Length} files, the largest {files.Max(file => file.Length) / 1e6:0} MB");
        for (int i = 0; i < WarmUps; i++)
        {
            ByDay(corpus);
        }

        PrintMemory(corpus);
        PrintStopping(corpus);
        Contender[] others = ccusage is null ? [] : [Contender.Of("ccusage claude daily --json --offline", () => RunCcusage(ccusage, corpus))];
        new Comparison(Contender.Of("Opi, usage by day", () => ByDay(corpus)), others).Run(Rounds, "a run", 1);
    }

    private static Dictionary<DateOnly, decimal> ByDay(string corpus)
    {
        UsageScanResult result = UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [corpus] });
        return result.Rows.GroupBy(
            row => DateOnly.FromDateTime(row.Timestamp!.Value.LocalDateTime)).ToDictionary(day => day.Key, day => day.Sum(row => row.Cost ?? 0));
    }

    /// <summary>The most that the managed heap grows while a scan runs, looked at every two milliseconds.</summary>
    private static void PrintMemory(string corpus)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true), most = before;
        using var done = new CancellationTokenSource();
        var watcher = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                Thread.Sleep(2);
            }
        });
        watcher.Start();
        ByDay(corpus);
        done.Cancel();
        watcher.Join();
        Comparison.Line($"the managed heap grows by at most {(most - before) / 1e6:0} MB");
    }

    private static void PrintStopping(string corpus)
    {
        using var stop = new CancellationTokenSource();
        Task scan = Task.Run(() => UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [corpus] }, null, stop.Token));
        Thread.Sleep(20);
        long start = Stopwatch.GetTimestamp();
        stop.Cancel();
        bool stopped = false;
        try
        {
            scan.Wait();
        }
        catch (AggregateException)
        {
            stopped = true;
        }

        string end = stopped ? "stopped" : "had ended before it was stopped";
        Comparison.Line($"{end}, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms after the request");
    }

    private static void RunCcusage(string program, string corpus)
    {
        var start = new ProcessStartInfo(program, ["claude", "daily", "--json", "--offline"]);
        start.Environment["CLAUDE_CONFIG_DIR"] = corpus;
        if (ChildProcess.Run(start).Length < 100)
        {
            throw new InvalidDataException("ccusage found nothing");
        }
    }

    private static string Generate()
    {
        string folder = Path.Combine(Path.GetTempPath(), "opi-bench-claude");
        if (!Directory.Exists(folder))
        {
            ClaudeCorpus.Write(folder, seed: 1, CorpusLength, Sessions);
        }

        return folder;
    }

    private static string? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;
}
