using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.CrashTests;

/// <summary>
/// Many processes run turns against one budget, some of them killed: what their sessions record is never more than the budget, all of it can be
/// spent, and nobody waits forever.
/// </summary>
internal sealed class BudgetPart : Part
{
    /// <summary>The most that is left over: less than a request and its margin.</summary>
    private const decimal Left = 0.01m;

    public override string Name => "budget";

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        bool small = size == RoundSize.Small;
        Spend(tally, seed, writers: small ? 6 : 40, budget: small ? 0.03m : 5, kills: small ? 3 : 40);
    }

    private static void Spend(Tally tally, int seed, int writers, decimal budget, int kills) => tally.TryIn($"{writers} writers", folder =>
    {
        var random = new Random(seed);
        string sessions = Directory.CreateDirectory(Path.Combine(folder, "sessions")).FullName;
        int started = 0;
        List<ChildProcess> ended = [];
        List<ChildProcess> processes = [.. Enumerable.Range(0, writers).Select(_ => Start())];
        try
        {
            for (int killed = 0; killed < kills; killed++)
            {
                int victim = random.Next(processes.Count);
                if (!processes[victim].WaitForLines(processes[victim].Lines.Count + random.Next(1, 20)))
                {
                    break; // the budget is used up
                }

                Thread.Sleep(random.Next(20));
                processes[victim].Kill();
                tally.Faults++;
                ended.Add(processes[victim]);
                processes[victim] = Start();
            }

            foreach (ChildProcess process in processes)
            {
                while (process.WaitForLines(process.Lines.Count + 1))
                {
                }

                Require.That(process.Wait() == 0, "a writer failed: " + process.Errors);
            }

            decimal billed = processes.Concat(ended).SelectMany(process => process.Lines).Sum(line => decimal.Parse(line, CultureInfo.InvariantCulture));
            int turns = processes.Concat(ended).Sum(process => process.Lines.Count);
            CostGroup spent = PeriodCost.Of(new UsageQuery { Paths = [sessions] }, CostPeriod.Month, TimeZoneInfo.Utc, DateTimeOffset.UtcNow, CancellationToken.None);
            tally.Acknowledged += turns;
            tally.Note("answers that a killed process was billed for and did not record", turns - (int)spent.Cost.Responses);
            tally.Note("hundredths of a cent that were recorded", (int)(spent.KnownCost * 10_000));
            tally.Note("hundredths of a cent that were billed", (int)(billed * 10_000));
            Require.That(spent.IsComplete, "the cost is not known");
            Require.That(spent.KnownCost <= budget, Text($"{spent.KnownCost} of {budget} were recorded"));
            Require.That(spent.KnownCost >= budget - Left, Text($"only {spent.KnownCost} of {budget} could be spent"));
            Require.That(billed - spent.KnownCost <= Left * (ended.Count + 1), Text($"{billed} were billed, and {spent.KnownCost} recorded"));
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
            ended.ForEach(process => process.Dispose());
        }

        ChildProcess Start() => ChildProcess.Start(
            BudgetWriterCommand.Name, folder, "--seed", Text($"{seed + ++started}"), "--cents", Text($"{(int)(budget * 100)}"));
    }, inMemory: true);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>Runs turns until the budget is used up, and prints what each was billed, before it is recorded.</summary>
internal static class BudgetWriterCommand
{
    public const string Name = "budgetwriter";

    private const int TurnsOfSession = 5;
    private const int MostTokens = 40;
    private const string Model = "anthropic:claude-haiku-4-5";

    public static int Run(IEnumerable<string> args)
    {
        var options = new Arguments(args, "seed", "cents");
        string sessions = Path.Combine(options[0], "sessions");
        decimal budget = options.Number("cents", 500) / 100m;
        var sender = new Sender(new Random(options.Number("seed", 1)));
        var query = new UsageQuery { Paths = [sessions] };
        var reservations = new BudgetReservations(
            new BudgetFile(options[0], sessions),
            CostPeriod.Month,
            budget,
            now => PeriodCost.Of(query, CostPeriod.Month, TimeZoneInfo.Utc, now, CancellationToken.None))
        {
            TimeZone = TimeZoneInfo.Utc,
            Patience = TimeSpan.FromMinutes(10),
            Wait = TimeSpan.FromMinutes(10),
        };
        var turn = new TurnOptions
        {
            Provider = Provider.Anthropic,
            Body = JsonDocument.Parse(FormattableString.Invariant($$"""{"max_tokens":{{MostTokens}}}""")).RootElement,
            Budget = new TurnBudget(reservations, CostPeriod.Month, budget, CancellationToken.None),
        };
        while (true)
        {
            using OpiSession session = OpiSession.Create(sessions, new SessionOptions { Model = Model, Durability = Durability.Buffered });
            for (int i = 0; i < TurnsOfSession; i++)
            {
                try
                {
                    new TurnLoop(session, sender, turn).Run([new UserMessage("Say something short.", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())], CancellationToken.None);
                }
                catch (BudgetException refused) when (refused.IsOver)
                {
                    return 0;
                }
            }
        }
    }

    /// <summary>Stands for a provider: it bills the tokens of the request, and an answer of up to the limit.</summary>
    private sealed class Sender(Random random) : ITurnSender
    {
        private readonly Stream _billed = Console.OpenStandardOutput();

        public void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken)
        {
            var usage = new Usage(TokenEstimator.CountText(request.Body.GetRawText()), random.Next(1, MostTokens + 1));
            Thread.Sleep(random.Next(3));
            decimal cost = PricingCatalog.Default.Find(Model, DateTimeOffset.UtcNow)!.CostOf(usage)!.TotalCost;
            _billed.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{cost}\n")));
            var reply = new JsonObject
            {
                ["id"] = Guid.NewGuid().ToString("n"),
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = "claude-haiku-4-5",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "Well." }),
                ["stop_reason"] = "end_turn",
                ["usage"] = new JsonObject { ["input_tokens"] = usage.InputTokens, ["output_tokens"] = usage.OutputTokens },
            };
            received(new TurnPiece(JsonDocument.Parse(reply.ToJsonString()).RootElement));
        }
    }
}
