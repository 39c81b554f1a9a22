using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Several processes that update one ledger with the same responses, some of them killed: none is lost, none is there twice.</summary>
internal sealed class LedgerPart : Part
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override string Name => "ledger";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        Update(tally, seed, writers: 2, rows: small ? 1_000 : 3_000, kills: small ? 3 : 20);
        Update(tally, seed + 1, writers: small ? 3 : 6, rows: small ? 600 : 2_000, kills: 0);
    }

    private static void Update(Tally tally, int seed, int writers, int rows, int kills) => tally.TryIn($"{writers} writers", folder =>
    {
        var random = new Random(seed);
        var ledger = new UsageLedger(folder);
        int acknowledged = 0, torn = 0;
        List<ChildProcess> processes = [.. Enumerable.Range(0, writers).Select(_ => Start(1))];
        try
        {
            for (int killed = 0; killed < kills; killed++)
            {
                int victim = random.Next(processes.Count);
                if (!processes[victim].WaitForLines(1))
                {
                    break; // it had ended
                }

                Thread.Sleep(random.Next(60));
                processes[victim].Kill();
                tally.Faults++;
                acknowledged = Math.Max(acknowledged, processes[victim].Numbers.DefaultIfEmpty().Max());
                processes[victim].Dispose();
                CheckRead(ledger, acknowledged, ref torn);
                processes[victim] = Start(acknowledged + 1);
            }

            foreach (ChildProcess process in processes)
            {
                Require.That(process.Wait() == 0, "a writer failed: " + process.Errors);
                acknowledged = Math.Max(acknowledged, process.Numbers.DefaultIfEmpty().Max());
            }
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }

        Require.That(acknowledged == rows, $"only {acknowledged} responses were acknowledged");
        tally.Acknowledged += acknowledged;
        tally.Note("unfinished ends of ledger files that were seen after a kill", torn);
        CheckRead(ledger, rows, ref torn);
        Require.That(ledger.Add(LedgerWriterCommand.Rows(1, rows), Patience) is { Added: 0, Updated: 0 }, "an update at the end found something to add");
        int lines = ledger.Files().Sum(path => SharedText.ReadAllLines(path).Length);
        Require.That(lines == rows, $"there are {lines} lines of {rows} responses");

        ChildProcess Start(int first) => ChildProcess.Start("ledgerwriter", folder, "--first", Text(first), "--rows", Text(rows));
    }, inMemory: true);

    /// <summary>What was acknowledged is there, and nothing is damaged but an end that was being written.</summary>
    private static void CheckRead(UsageLedger ledger, int acknowledged, ref int torn)
    {
        int seen = 0;
        HashSet<string?> ids = [.. ledger.Read(finding =>
        {
            Require.That(finding.IsTornTail, $"a damaged line: {finding}");
            seen++;
        }).Select(row => row.ResponseId)];
        torn += seen;
        int missing = Enumerable.Range(1, acknowledged).Count(number => !ids.Contains(Text(number)));
        Require.That(missing == 0, $"{missing} of {acknowledged} acknowledged responses are missing");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Adds responses to a ledger, some at a time, each time with those before, and prints the last one that was acknowledged.</summary>
internal static class LedgerWriterCommand
{
    private const int AtOnce = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "first", "rows");
        int rows = options.Number("rows", 1);
        var ledger = new UsageLedger(options[0]);
        for (int next = options.Number("first", 1); next <= rows; next += AtOnce)
        {
            int last = Math.Min(next + AtOnce - 1, rows);
            _ = ledger.Add(Rows(Math.Max(1, next - AtOnce), last), Patience);
            Console.WriteLine(last.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>The responses of some numbers, in three months.</summary>
    public static IEnumerable<OpiUsage> Rows(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => new OpiUsage
    {
        ResponseId = number.ToString(CultureInfo.InvariantCulture),
        Timestamp = Start.AddMonths(number % 3).AddSeconds(number),
        Source = UsageSource.Codex,
        SessionId = "größe",
        Model = "gpt-5",
        InputTokens = number,
        TotalTokens = number,
    });
}
