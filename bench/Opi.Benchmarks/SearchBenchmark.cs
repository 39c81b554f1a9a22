using System.Diagnostics;

namespace Opi.Benchmarks;

/// <summary>Searching 1 GB of Claude Code's logs for a text, against ripgrep counting its lines in the same files.</summary>
internal static class SearchBenchmark
{
    private const int Rounds = 15;
    private const int Sessions = 400;
    private const long CorpusLength = 1_000_000_000;
    private const string Rare = "deadlock detected";
    private const int EveryLine = 500; // a text of so many has it

    /// <summary>Runs the comparison. The corpus is generated where it is not there.</summary>
    public static void Run()
    {
        string corpus = Generate();
        FileInfo[] files = [.. new DirectoryInfo(corpus).EnumerateFiles("*.jsonl", SearchOption.AllDirectories)];
        int lines = Ripgrep(corpus, Rare, []);
        Comparison.Line($"{files.Sum(file => file.Length) / 1e6:0} MB in {files.Length} files");
        Comparison.Line($"{lines} lines with '{Rare}', {Search(Rare, corpus)} found");
        PrintFirst(corpus);
        new Comparison(
            Contender.Of("Opi, case does not count", () => Search(Rare, corpus)),
            Contender.Of("rg -c -F", () => Ripgrep(corpus, Rare, [])),
            Contender.Of("rg -c -F -i", () => Ripgrep(corpus, Rare, ["-i"]))).Run(Rounds, "a run", 1);
    }

    private static int Search(string text, string corpus) =>
        SearchScan.Run(
            new SearchRequest { Text = text, Sources = [UsageSource.ClaudeCode], Paths = [corpus] }, null, CancellationToken.None).Hits.Count;

    /// <summary>How long the first hit takes, and how long a search goes on after it is stopped.</summary>
    private static void PrintFirst(string corpus)
    {
        var first = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            SearchScan.Stream(
                new SearchRequest { Text = Rare, Sources = [UsageSource.ClaudeCode], Paths = [corpus] }, _ => false, null, CancellationToken.None);
            first.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Comparison.Line($"the first hit, and the end of the search after it: {Comparison.Spread([.. first.Order()])} ms");
    }

    private static int Ripgrep(string corpus, string text, string[] options)
    {
        string counts = ChildProcess.Run(new ProcessStartInfo("rg", ["-c", "-F", .. options, "--no-ignore", "--hidden", text, corpus]));
        return counts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => int.Parse(line[(line.LastIndexOf(':') + 1)..], null));
    }

    private static string Generate()
    {
        string folder = Path.Combine(Path.GetTempPath(), "opi-bench-search");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        ClaudeCorpus.Write(folder, seed: 2, CorpusLength, Sessions);
        int line = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray())
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Contains("\"thinking\":\"", StringComparison.Ordinal) && ++line % EveryLine == 0)
                {
                    lines[i] = lines[i].Replace("\"thinking\":\"", $"\"thinking\":\"{Rare} ", StringComparison.Ordinal);
                }
            }

            File.WriteAllText(file, string.Join('\n', lines) + "\n");
        }

        return folder;
    }
}
