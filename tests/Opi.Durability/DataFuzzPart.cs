using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.CrashTests;

/// <summary>
/// Mutated logs of agents, ledgers, price files and replies, by a mutator that knows names, times, amounts and escapes: no crash, no hang, no
/// exception but Opi's own. A line that was not touched is still read, and a file that is refused stays as it is.
/// </summary>
internal sealed class DataFuzzPart : Part
{
    private const int SmallCases = 400;
    private const int FullCases = 4000;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The sources whose lines stand for themselves, so that one bad line may cost no other.</summary>
    private static readonly UsageSource[] LineByLine = [UsageSource.ClaudeCode, UsageSource.Pi];

    public override string Name => "datafuzz";

    public override string? Obstacle() => FuzzData.Find() is null ? "needs the test data of the sources" : null;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        string folder = Scratch.Create(inMemory: true);
        Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", Directory.CreateDirectory(Path.Combine(folder, "config")).FullName);
        try
        {
            var data = new FuzzData(Path.Combine(folder, "made"));
            (string Kind, Action<Random, string, Action<string>> Run)[] kinds =
            [
                ("log", (random, work, say) => Log(data, random, work, say)),
                ("log line", (random, work, say) => LogLine(data, random, work, say)),
                ("ledger", (random, work, say) => Ledger(data, random, work, say)),
                ("import of prices", (random, work, say) => Import(data, random, work, say)),
                ("own prices", (random, work, say) => OwnPrices(data, random, work, say)),
                ("reply", (random, work, say) => Reply(data, random, work, say)),
            ];
            int count = size == RoundSize.Small ? SmallCases : FullCases;
            for (int number = 0; number < count; number++)
            {
                var random = new Random(unchecked((seed * 1_000_003) + number));
                (string kind, Action<Random, string, Action<string>> run) = kinds[number % kinds.Length];
                string work = Directory.CreateDirectory(Path.Combine(folder, "case")).FullName;
                string what = "";
                Task task = Task.Factory.StartNew(
                    () => tally.Try($"{kind}, seed {Text(seed)}, case {Text(number)}", () =>
                    {
                        try
                        {
                            run(random, work, text => what = text);
                        }
                        catch (Exception error) when (error is not CheckFailedException)
                        {
                            throw new CheckFailedException($"{what}: {error}");
                        }
                    }),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
                tally.Faults++;
                if (!HangCheck.Wait(task))
                {
                    _ = tally.Try(kind, () => throw new CheckFailedException($"seed {Text(seed)}, case {Text(number)}: it did not end {HangCheck.Limits} ({what})"));
                    return; // its thread holds files of the folder
                }

                Directory.Delete(work, recursive: true);
            }

            foreach (string kind in kinds.Select(kind => kind.Kind))
            {
                tally.Note($"mutated: {kind}", count / kinds.Length);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPI_CONFIG_DIR", null);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Log(FuzzData data, Random random, string work, Action<string> say)
    {
        (UsageSource source, FuzzMutator mutator, string ending) = data.Logs[random.Next(data.Logs.Count)];
        (FuzzBase file, byte[] bytes, string what) = mutator.Mutate(random);
        say($"{source} {file.Name}: {what}");
        string path = Path.Combine(work, "log" + ending);
        File.WriteAllBytes(path, bytes);
        UsageScanResult result = Scan(source, path);
        var costs = new CostGroups([CostGrouping.Day, CostGrouping.Model], TimeZoneInfo.Utc, PricingCatalog.Default);
        foreach (OpiUsage row in result.Rows)
        {
            costs.Add(row);
        }

        _ = costs.ToRows().Count;
        _ = costs.ToTotal();
        Require.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), "reading changed the file");
    }

    /// <summary>One line is mutated: the responses of all others are found as without it.</summary>
    private static void LogLine(FuzzData data, Random random, string work, Action<string> say)
    {
        (UsageSource source, FuzzMutator mutator, string ending) = data.Logs[random.Next(data.Logs.Count)];
        if (!LineByLine.Contains(source))
        {
            return;
        }

        FuzzBase file = mutator.Bases[random.Next(mutator.Bases.Count)];
        string[] lines = FuzzBase.Lines(file.Bytes);
        int at = random.Next(1, lines.Length);
        (string changed, string what) = mutator.Mutate(random, lines[at]);
        say($"{source} {file.Name} line {Text(at + 1)}: {what}");
        string without = Path.Combine(work, "without" + ending), with = Path.Combine(work, "with" + ending);
        File.WriteAllText(without, string.Join('\n', lines.Where((_, i) => i != at)), Encoding.Latin1);
        File.WriteAllText(with, string.Join('\n', lines.Select((line, i) => i == at ? changed : line)), Encoding.Latin1);
        HashSet<string?> expected = Ids(Scan(source, without)), found = Ids(Scan(source, with));
        string?[] lost = [.. expected.Except(found)];
        Require.That(lost.Length == 0, $"{lost.Length} responses of other lines are lost, {lost.FirstOrDefault()} among them");
    }

    private static void Ledger(FuzzData data, Random random, string work, Action<string> say)
    {
        FuzzBase month = data.LedgerMonth;
        (_, byte[] bytes, string what) = data.Ledger.Mutate(random);
        say(what);
        string path = Path.Combine(work, month.Name);
        File.WriteAllBytes(path, bytes);
        var ledger = new UsageLedger(work);
        string[] lines = FuzzBase.Lines(bytes);
        // Of two lines of one response the later counts, so that a line counts here where no other may be of its response.
        string[] untouched = [.. lines.Intersect(FuzzBase.Lines(month.Bytes))
            .Where(line => line.Length > 0 && lines.Count(other => other.Contains(KeyOf(line), StringComparison.Ordinal)) == 1)];
        int damaged = 0;
        IReadOnlyCollection<OpiUsage> rows = ledger.Read(_ => damaged++);
        HashSet<string?> ids = [.. rows.Select(row => row.ResponseId)];
        Require.That(untouched.All(line => ids.Contains(IdOf(line))), "a line that was not touched was not read");
        try
        {
            _ = ledger.Add(LedgerWriterCommand.Rows(900, 903), LockTimeout);
        }
        catch (OpiException)
        {
            return; // refused, which is told
        }

        ids = [.. ledger.Read().Select(row => row.ResponseId)];
        Require.That(untouched.All(line => ids.Contains(IdOf(line))), "adding to the ledger lost a line that was not touched");
        Require.That(Enumerable.Range(900, 4).All(number => ids.Contains(Text(number))), "what was added is not there");

        static string KeyOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!;

        static string? IdOf(string line) => JsonDocument.Parse(line).RootElement.TryGetProperty("response_id", out JsonElement id) ? id.GetString() : null;
    }

    private static void Import(FuzzData data, Random random, string work, Action<string> say)
    {
        (FuzzBase file, byte[] bytes, string what) = data.PriceLists.Mutate(random);
        say($"{file.Name}: {what}");
        string path = Path.Combine(work, file.Name);
        File.WriteAllBytes(path, bytes);
        PricingCatalog before = PricingCatalog.Default;
        try
        {
            _ = PricingCatalog.Import(path);
            _ = PricingCatalog.Default.PricesAt().Count;
            Require.That(PricingCatalog.Default.Problems.Count == 0, "an import that was taken cannot be read");
        }
        catch (InvalidPriceFileException)
        {
            Require.That(PricingCatalog.Default.Date == before.Date, "a refused import changed the prices");
        }
        finally
        {
            _ = PricingCatalog.ResetImport();
        }
    }

    private static void OwnPrices(FuzzData data, Random random, string work, Action<string> say)
    {
        (_, byte[] bytes, string what) = data.OwnPrices.Mutate(random);
        say(what);
        string path = Path.Combine(Environment.GetEnvironmentVariable("OPI_CONFIG_DIR")!, "pricing.json");
        File.WriteAllBytes(path, bytes);
        try
        {
            bool isRead = PricingCatalog.Default.Problems.Count == 0;
            _ = PricingCatalog.Default.Find("own:model-1");
            try
            {
                _ = PricingCatalog.Set(new ModelPricing("own", "added", 1, 2, null, null, "User"));
                Require.That(isRead, "a file that cannot be read was replaced");
                Require.That(PricingCatalog.Default.Find("own:added")?.OutputPrice == 2, "a price that was set is not there");
            }
            catch (InvalidPriceFileException)
            {
                Require.That(!isRead, "a file that was read was refused when it was to be changed");
                Require.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), "a refused file was changed");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What is taken for a reply can be kept, is read again as it was, and makes requests for every provider.</summary>
    private static void Reply(FuzzData data, Random random, string work, Action<string> say)
    {
        (FuzzBase file, byte[] bytes, string what) = data.Replies.Mutate(random);
        say($"{file.Name}: {what}");
        IReadOnlyList<Message> messages;
        try
        {
            messages = ProviderReply.Parse(JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(bytes)));
        }
        catch (OpiException)
        {
            return; // refused, or an error of the provider's
        }

        using OpiSession session = OpiSession.Create(work, new SessionOptions { Compaction = new OpiCompactionPolicy { NoCompaction = true } });
        session.AddTurn([new UserMessage("q", 1), .. messages]);
        using SessionReader reader = SessionReader.Open(session.Path);
        AgentMessage[] read = [.. reader.ReadContext().Messages];
        Require.That(reader.Recovery.IsClean && read.Length == messages.Count + 1, "what was kept is not what is read");
        for (int i = 0; i < messages.Count; i++)
        {
            Require.That(read[i + 1].Text == messages[i].Text, "a text is not what it was");
        }

        foreach (Provider provider in Enum.GetValues<Provider>())
        {
            _ = ProviderRequest.Build(read, provider);
        }
    }

    private static UsageScanResult Scan(UsageSource source, string path) => UsageScan.Run(new UsageQuery { Sources = [source], Paths = [path] });

    private static HashSet<string?> Ids(UsageScanResult result) => [.. result.Rows.Select(row => row.ResponseId)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
