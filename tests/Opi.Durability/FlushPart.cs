using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// The order of flushes, by strace: the folder that has a file's name is flushed before anything in the file is acknowledged, whoever made
/// the file. And an operation that was done is told as done where only the flush of the folder failed after it.
/// </summary>
internal sealed class FlushPart : Part
{
    public override string Name => "flush";

    public override string? Obstacle() => Machine.CannotTrace;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        InOrder(tally, "a new session", "*.jsonl", folder => ["write", folder, "--turns", "1"]);
        InOrder(tally, "a session that a copy made", "*.jsonl", folder =>
        {
            string other = Scratch.Create();
            using (OpiSession session = OpiSession.Create(other, new SessionOptions()))
            {
                File.Copy(session.Path, Path.Combine(folder, "copied.jsonl"));
            }

            Directory.Delete(other, recursive: true);
            return [BesideCommand.Name, Path.Combine(folder, "copied.jsonl"), "--turns", "1"];
        });
        InOrder(tally, "a month of the ledger", "*.jsonl", folder => ["ledgerwriter", folder, "--rows", "1"]);
        foreach (string operation in UnflushedCommand.Operations)
        {
            DoneButUnflushed(tally, operation);
        }
    }

    private static void InOrder(Tally tally, string what, string files, Func<string, string[]> prepare) => tally.TryIn(what, root =>
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, "files")).FullName;
        string log = Path.Combine(root, "strace");
        using ChildProcess child = ChildProcess.StartTraced(log, "openat,fsync,fdatasync", [], prepare(folder));
        Require.That(child.Wait() == 0 && child.Numbers.Count == 1, "nothing was acknowledged: " + child.Errors);
        tally.Faults++;
        tally.Acknowledged++;
        string[] calls = File.ReadAllLines(log);
        int flushed = FlushOf(calls, folder);
        Require.That(flushed >= 0, "the folder was not flushed");
        int last = Array.FindLastIndex(calls, call => call.Contains("sync(", StringComparison.Ordinal));
        Require.That(flushed <= last && Directory.GetFiles(folder, files).Length == 1, "the folder was flushed after the last flush of the file");
    });

    /// <summary>Where a folder is opened and then flushed; -1 for nowhere.</summary>
    private static int FlushOf(string[] calls, string folder)
    {
        for (int open = 0; open < calls.Length; open++)
        {
            if (calls[open].Contains($"openat(AT_FDCWD, \"{folder}\"", StringComparison.Ordinal))
            {
                string flush = $"fsync({calls[open][(calls[open].LastIndexOf('=') + 1)..].Trim()})";
                int next = Array.FindIndex(calls, open, call => call.Contains(flush, StringComparison.Ordinal) && call.EndsWith("= 0", StringComparison.Ordinal));
                if (next >= 0)
                {
                    return next;
                }
            }
        }

        return -1;
    }

    private static void DoneButUnflushed(Tally tally, string operation) => tally.TryIn($"{operation}, and the folder cannot be flushed", root =>
    {
        string log = Path.Combine(root, "strace");
        using ChildProcess child = ChildProcess.StartTraced(log, "fsync", ["fsync:error=EIO:when=2"], UnflushedCommand.Name, operation, root);
        int exitCode = child.Wait();
        tally.Faults++;
        Require.That(File.ReadAllText(log).Contains("(INJECTED)", StringComparison.Ordinal), "nothing was injected");
        Require.That(exitCode == 0 && child.Lines is ["done 1"], $"it said '{string.Join(" | ", child.Lines)}' {child.Errors}");
    });
}

/// <summary>Does one operation that writes a file whole, and prints whether it was done and how many files are said to be unflushed.</summary>
internal static class UnflushedCommand
{
    public const string Name = "unflushed";

    private static readonly Dictionary<string, Func<string, string, string>> All = new(StringComparer.Ordinal)
    {
        ["fork"] = (source, folder) =>
        {
            using SessionReader reader = SessionReader.Open(source);
            return SessionFork.Create(reader, folder);
        },
        ["repair"] = (source, folder) => SessionRepair.Repair(source, Path.Combine(folder, "repaired.jsonl")).Path,
        ["export"] = (source, folder) =>
        {
            string path = Path.Combine(folder, "session.md");
            using SessionReader reader = SessionReader.Open(source);
            SessionExport.Write(reader, path, new SessionExportOptions { Format = ExportFormat.Markdown });
            return path;
        },
        ["price"] = (_, folder) =>
        {
            Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", folder);
            PricingCatalog.Set(new ModelPricing[] { new("own", "model", 1, 2, null, null, "User") });
            return Path.Combine(folder, "pricing.json");
        },
    };

    public static IEnumerable<string> Operations => All.Keys;

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args);
        string folder = options[1];
        string source = Path.Combine(folder, "source.jsonl");
        File.WriteAllText(source, """{"type":"session","version":1,"id":"source","timestamp":"2026-01-01T00:00:00Z","cwd":"/repo","parent_session":null}""" + "\n");
        string made = All[options[0]](source, folder);
        Console.WriteLine(File.Exists(made)
            ? string.Create(CultureInfo.InvariantCulture, $"done {UnflushedFiles.Take().Count}")
            : "not done");
        return 0;
    }
}
