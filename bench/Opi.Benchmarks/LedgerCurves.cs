using System.Globalization;

namespace Opi.Benchmarks;

/// <summary>The curves of the ledger, and of what is asked of logs since a time.</summary>
internal static class LedgerCurves
{
    private const int PerMonth = 100_000;
    private const int News = 10_000;

    private static readonly DateTimeOffset ThisMonthBegan = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many rows a ledger has.</summary>
    public static readonly int[] Rows = [100_000, 1_000_000, 5_000_000];

    /// <summary>Old chats beside ten new ones.</summary>
    public static Action Since(string folder, int size)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string text = new('x', 10_000);
        for (int i = 0; i < size + 10; i++)
        {
            DateTimeOffset time = i < size ? now.AddDays(-30) : now;
            string path = Path.Combine(folder, $"session-{i}.json");
            using (StreamWriter file = File.CreateText(path))
            {
                file.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"sessionId\":\"s-{i}\",\"projectHash\":\"p\",\"messages\":["));
                for (int message = 0; message < 10; message++)
                {
                    file.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(message == 0 ? "" : ",")}{{\"id\":\"m{message}\",\"type\":\"gemini\",\"timestamp\":\"{time:O}\","));
                    file.Write("\"tokens\":{\"input\":10,\"output\":5,\"cached\":0,\"thoughts\":0,\"tool\":0,\"total\":15},");
                    file.Write($"\"model\":\"gemini-2.5-pro\",\"content\":\"{text}\"}}");
                }

                file.Write("]}");
            }

            File.SetLastWriteTimeUtc(path, time.UtcDateTime);
        }

        return Costs(new UsageQuery { Sources = [UsageSource.Gemini], Paths = [folder], Since = now.AddDays(-1) });
    }

    /// <summary>An update with nothing new of the costs of 1,000 sessions, as Update-OpiLedger does it.</summary>
    public static Action Idle(string folder, int size)
    {
        string sessions = Directory.CreateDirectory(Path.Combine(folder, "sessions")).FullName;
        Environment.SetEnvironmentVariable("OPI_SESSIONS_DIR", Curves.Many(sessions, 1_000));
        foreach (FileInfo file in new SessionStore(SessionStore.DefaultFolder()).Files())
        {
            file.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-1);
        }

        UsageLedger ledger = Ledger(folder, size);
        var query = new UsageQuery { Sources = [UsageSource.Opi] };
        Update(isFirst: true);
        return () => Update(isFirst: false);

        void Update(bool isFirst)
        {
            var logs = LogStates.Of(query, TimeProvider.System, default);
            IReadOnlyCollection<UsageSource> known = ledger.KnownSources(logs);
            if (known.Count == 0 != isFirst)
            {
                throw new InvalidOperationException("the state beside the ledger is not believed");
            }

            _ = ledger.Update(isFirst ? UsageScan.Run(query).Rows : [], logs, known, TimeSpan.Zero, null, default);
        }
    }

    /// <summary>An update with news of a month, each time others.</summary>
    public static Action Add(string folder, int size)
    {
        UsageLedger ledger = Ledger(folder, size);
        int runs = 0;
        return () =>
        {
            runs++;
            _ = ledger.Add(Enumerable.Range(0, News).Select(i => Row(runs, i)), TimeSpan.Zero);
        };
    }

    /// <summary>The cost of a month.</summary>
    public static Action ThisMonth(string folder, int size) =>
        Costs(new UsageQuery { Sources = [UsageSource.Ledger], Paths = [Ledger(folder, size).Folder], Since = ThisMonthBegan });

    private static UsageLedger Ledger(string folder, int size)
    {
        string ledgers = Path.Combine(folder, "ledgers");
        FleetLedgers.Write(ledgers, machines: 1, months: size / PerMonth, size);
        return new UsageLedger(Directory.GetDirectories(ledgers).Single());
    }

    private static OpiUsage Row(int run, int number) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"claude:new-{run}-{number}"),
        Timestamp = ThisMonthBegan.AddDays(5).AddSeconds(number * 60),
        Source = UsageSource.ClaudeCode,
        Provider = "anthropic",
        Model = "claude-opus-4-5",
        InputTokens = 10,
        OutputTokens = 10,
        TotalTokens = 20,
    };

    private static Action Costs(UsageQuery query) => () =>
    {
        var groups = new CostGroups([CostGrouping.Day], TimeZoneInfo.Utc, PricingCatalog.Default);
        _ = UsageScan.Stream(query, groups.Add);
        _ = groups.ToRows().Count;
    };
}
