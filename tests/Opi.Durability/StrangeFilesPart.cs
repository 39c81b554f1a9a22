using System.Diagnostics;
using System.Globalization;

namespace Opi.CrashTests;

/// <summary>
/// What is not a regular file of the user's where a file is looked for: pipes, folders, devices, links to other files, in the folders of
/// sessions, logs, ledger, prices. Nothing hangs, the other files are read, and no target of a link changes.
/// </summary>
internal sealed class StrangeFilesPart : Part
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public override string Name => "strange";

    public override string? Obstacle() => OperatingSystem.IsWindows() ? "needs pipes, devices and links" : null;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        foreach ((string what, Action<string> make) in Kinds())
        {
            Sessions(tally, what, make);
            Logs(tally, what, make);
            Locks(tally, what, make);
            Ledger(tally, what, make);
            Prices(tally, what, make);
        }

        Sparse(tally);
    }

    private static IEnumerable<(string What, Action<string> Make)> Kinds() =>
    [
        ("a pipe", path => Shell("mkfifo", path)),
        ("a folder", path => Directory.CreateDirectory(path)),
        ("a link to a device", path => File.CreateSymbolicLink(path, "/dev/zero")),
        ("a link to nothing", path => File.CreateSymbolicLink(path, path + ".nowhere")),
        ("a link to itself", path => File.CreateSymbolicLink(path, path)),
        ("a link to a file", path => File.CreateSymbolicLink(path, Victim(path))),
    ];

    private static void Sessions(Tally tally, string what, Action<string> make) => Case(tally, $"{what} as a session", folder =>
    {
        string good;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            good = session.Id;
            session.AddTurn(new NumberedTurns(1, TurnKind.Text).Make(1));
        }

        string path = Path.Combine(folder, "strange.jsonl");
        make(path);
        _ = Require.Throws<OpiException>($"opening {what}", () => SessionReader.Open(path).Dispose());
        _ = Require.Throws<OpiException>($"resuming {what}", () => OpiSession.Resume(path, new SessionOptions()).Dispose());
        int read = 0;
        foreach (FileInfo file in new SessionStore(folder).Files())
        {
            try
            {
                read += OpiSessionInfo.Read(file.FullName).Id == good ? 1 : 0;
            }
            catch (OpiException)
            {
                tally.Note("files that are not sessions, named in a listing");
            }
        }

        Require.That(read == 1, "the session beside it was not listed");
        Require.That(UsageScan.Run(new UsageQuery { Paths = [folder] }).Rows.Count == 1, "the cost of the session beside it was not found");
    });

    private static void Logs(Tally tally, string what, Action<string> make) => Case(tally, $"{what} as a log", folder =>
    {
        File.WriteAllText(
            Path.Combine(folder, "good.jsonl"),
            """{"type":"assistant","timestamp":"2026-03-01T10:00:00Z","sessionId":"s","requestId":"r","message":{"id":"m","model":"claude-sonnet-4-5","usage":{"input_tokens":7,"output_tokens":3}}}""" + "\n");
        make(Path.Combine(folder, "strange.jsonl"));
        UsageScanResult result = UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder] });
        Require.That(result.Rows.Sum(row => row.InputTokens) == 7, "the log beside it was not read");
    });

    private static void Locks(Tally tally, string what, Action<string> make) => Case(tally, $"{what} as a lock file", folder =>
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, new SessionOptions()))
        {
            path = session.Path;
        }

        File.Delete(path + ".lock");
        make(path + ".lock");
        byte[] before = File.ReadAllBytes(path);
        try
        {
            OpiSession.Resume(path, new SessionOptions()).Dispose();
        }
        catch (OpiException)
        {
            Require.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(before), "a refused session was changed");
        }
    });

    private static void Ledger(Tally tally, string what, Action<string> make) => Case(tally, $"{what} in the ledger", folder =>
    {
        var ledger = new UsageLedger(folder);
        OpiUsage[] rows = [.. LedgerWriterCommand.Rows(1, 3)];
        _ = ledger.Add(rows, Patience);
        string month = ledger.Files()[0];
        File.Delete(month);
        make(month);
        try
        {
            _ = ledger.Add(rows, Patience);
            Require.That(ledger.Read().Count == 3, "the ledger said that it had the rows, and has not");
        }
        catch (OpiException)
        {
            tally.Note("updates of a ledger that were refused");
        }
    });

    private static void Prices(Tally tally, string what, Action<string> make) => Case(tally, $"{what} as own prices", folder =>
    {
        Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", folder);
        make(Path.Combine(folder, "pricing.json"));
        var price = new ModelPricing("own", "model", 1, 2, null, null, "User");
        try
        {
            _ = PricingCatalog.Set(price);
            Require.That(PricingCatalog.Default.Find("own:model")?.InputPrice == 1, "a price was set and is not there");
        }
        catch (Exception error) when (error is OpiException or IOException or UnauthorizedAccessException)
        {
            _ = PricingCatalog.Default.Problems.Count;
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", null);
        }
    });

    /// <summary>A file of 6 GB that is one line of nothing.</summary>
    private static void Sparse(Tally tally) => Case(tally, "a file of 6 GB without a line", folder =>
    {
        string path = Path.Combine(folder, "huge.jsonl");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(6L << 30);
        }

        long before = GC.GetTotalAllocatedBytes();
        _ = Require.Throws<OpiException>("opening it", () => SessionReader.Open(path).Dispose());
        _ = UsageScan.Run(new UsageQuery { Paths = [folder] });
        long megabytes = (GC.GetTotalAllocatedBytes() - before) >> 20;
        Require.That(megabytes < 100, $"it took {megabytes.ToString(CultureInfo.InvariantCulture)} MB");
    });

    /// <summary>Runs a case in time, and asserts that the file that a link may lead to is as before.</summary>
    private static void Case(Tally tally, string what, Action<string> action) => tally.TryIn(what, folder =>
    {
        string files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        tally.Faults++;
        Task run = Task.Factory.StartNew(() => action(files), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Require.That(run.ContinueWith(_ => { }, TaskScheduler.Default).Wait(Patience), "it hangs");
        run.GetAwaiter().GetResult();
        foreach (string victim in Directory.GetFiles(folder, "victim.txt"))
        {
            Require.That(File.ReadAllText(victim) == Precious, "the target of a link was changed");
        }
    });

    private const string Precious = "precious\n";

    /// <summary>A file outside of the folder that is looked at.</summary>
    private static string Victim(string path)
    {
        string victim = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path))!, "victim.txt");
        File.WriteAllText(victim, Precious);
        return victim;
    }

    private static void Shell(string command, string path)
    {
        using Process process = Process.Start(command, [path]);
        process.WaitForExit();
        Require.That(process.ExitCode == 0, $"{command} failed");
    }
}
