using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opi.Benchmarks;

/// <summary>The curves that can be measured.</summary>
internal static class Curves
{
    private const string Model = "anthropic:claude-sonnet-4-5";

    private static readonly int[] Entries = [1_000, 10_000, 100_000, 1_000_000];
    private static readonly int[] Sessions = [1_000, 10_000, 50_000];
    private static readonly int[] Texts = [1_000, 10_000, 40_000];
    private static readonly int[] Responses = [10_000, 100_000, 1_000_000];
    private static readonly Message[] Turn =
    [
        new UserMessage("go on", 0),
        new AssistantMessage([new TextContent("done")], "anthropic", "claude-sonnet-4-5", 0) { Usage = new Usage(10, 2) },
    ];

    /// <summary>All of them.</summary>
    public static readonly Curve[] All =
    [
        new("turn", "a turn added by the session's path", "entries", Entries, (folder, size) => Add(Session(folder, size))),
        new("resume", "a session opened for writing and closed", "entries", Entries, (folder, size) => Resume(Session(folder, size))),
        new(
            "switch", "a switch of branches and a turn, by the session's path", "entries", Entries,
            (folder, size) => Switch(Session(folder, size), size)),
        new("fork", "a fork of the first ten entries by the session's path", "entries", Entries, (folder, size) => Fork(Session(folder, size))),
        new("shown", "a session as a list shows it, by its path", "entries", Entries, (folder, size) => Shown(Session(folder, size))),
        new("branches", "the branches by the session's path", "entries", Entries, (folder, size) => Branches(Session(folder, size))),
        new("last", "the last ten entries by the session's path", "entries", Entries, (folder, size) => Ends(Session(folder, size), last: 10)),
        new("first", "the first ten entries by the session's path", "entries", Entries, (folder, size) => Ends(Session(folder, size), first: 10)),
        new("follow", "a turn that a follower sees", "entries", Entries, (folder, size) => Follow(Session(folder, size))),
        new("forks", "branches of a session with so many forks, by its path", "branches", [100, 1_000, 4_000, 10_000], Forks),
        new("labels", "a session with so many labels listed", "labels", [1_000, 10_000, 50_000], Labels),
        new("threads", "4,000 turns from so many threads, each flushed", "threads", [1, 2, 4, 8, 16, 32], Threads),
        new("text", "a turn with a text of so many kB, with quotes and line ends", "kB", [1_000, 10_000, 50_000], Text),
        new(
            "core", "a compaction by opi's rule of so many messages of 4 kB", "messages", Texts,
            (f, n) => Compact(f, n, CompactionStrategy.Core)),
        new(
            "digest", "a compaction with a digest of so many messages of 4 kB", "messages", Texts,
            (f, n) => Compact(f, n, CompactionStrategy.Digest)),
        new(
            "export", "an export with redaction of so many messages of code-like text", "messages", [100, 1_000, 4_000],
            (f, n) => Export(f, n, ExportRedaction.Summary)),
        new("export-none", "the same without redaction", "messages", [100, 1_000, 4_000], (f, n) => Export(f, n, ExportRedaction.None)),
        new("prices", "10,000 responses priced with so many own prices", "prices", [1, 100, 1_000, 10_000], Prices),
        new("chain", "the usage of a chain of so many forks", "forks", [10, 30, 100, 300], Chain),
        new("remove", "20 sessions removed from a folder of so many", "sessions", [100, 1_000, 10_000], Remove),
        new("by-day", "the cost by day of so many sessions of ten turns", "sessions", Sessions, (f, n) => Costs(Many(f, n), CostGrouping.Day)),
        new("by-session", "the cost by session of the same", "sessions", Sessions, (f, n) => Costs(Many(f, n), CostGrouping.Session)),
        new("total", "their cost in one row", "sessions", Sessions, (f, n) => Costs(Many(f, n), null)),
        new(
            "since", "the cost since yesterday of so many old chats of Gemini of 100 kB beside ten new ones", "chats", [100, 1_000, 5_000],
            LedgerCurves.Since),
        new("ledger-idle", "an update with nothing new of a ledger of so many rows, 100,000 a month", "rows", LedgerCurves.Rows, LedgerCurves.Idle),
        new("ledger-add", "an update with 10,000 new responses of this month", "rows", LedgerCurves.Rows, LedgerCurves.Add),
        new("ledger-since", "the cost of this month by such a ledger", "rows", LedgerCurves.Rows, LedgerCurves.ThisMonth),
        new("list", "so many sessions of ten turns listed", "sessions", Sessions, List),
        new("responses", "the cost by day of so many short responses of Claude Code", "responses", Responses, SmallCosts),
        new("responses-rows", "the same responses as rows", "responses", Responses, SmallRows),
    ];

    private static SessionOptions Options(Durability durability = Durability.Buffered) =>
        new() { Model = Model, WorkingDirectory = "/repo", Durability = durability, Compaction = new OpiCompactionPolicy { NoCompaction = true } };

    private static Action Add(string path) => () =>
    {
        using OpiSession session = OpiSession.Resume(path, Options(Durability.Flush));
        session.AddTurn(Turn);
        _ = session.DescribeFindings();
    };

    private static Action Resume(string path) => () =>
    {
        using OpiSession session = OpiSession.Resume(path, Options());
        _ = (session.CompactionDue, session.Usage, session.DescribeFindings());
    };

    /// <summary>Back and forth between two places, each time with a turn there, as a script that tries two ways does it.</summary>
    private static Action Switch(string path, int size)
    {
        string[] tips = [$"msg-{size / 2}", $"msg-{size / 3}"];
        int runs = 0;
        return () =>
        {
            string tip = tips[runs++ % 2];
            using (OpiSession session = OpiSession.Resume(path, Options()))
            {
                session.SwitchBranch(tip);
                _ = session.ReadBranches().Count;
            }

            using (OpiSession session = OpiSession.Resume(path, Options()))
            {
                tips[(runs + 1) % 2] = session.AddTurn(Turn).EntryIds[1];
            }
        };
    }

    private static Action Fork(string path) => () =>
    {
        string folder = Path.GetDirectoryName(path)!;
        using KnownSession? known = KnownSession.TryOpen(path);
        if (known is not null && SessionFork.TryCreate(known, folder, "msg-10") is { } copy)
        {
            File.Delete(copy);
            return;
        }

        using SessionReader reader = SessionReader.Open(path);
        File.Delete(SessionFork.Create(reader, folder, "msg-10"));
    };

    private static Action Shown(string path) => () => _ = OpiSessionInfo.Read(path).Turns;

    private static Action Branches(string path) => () =>
    {
        using KnownSession? known = KnownSession.TryOpen(path);
        if (known?.ReadBranches() is { } branches)
        {
            _ = branches.Count();
            return;
        }

        using SessionReader reader = SessionReader.Open(path);
        _ = reader.ReadBranches().Count();
    };

    private static Action Ends(string path, int? first = null, int? last = null) => () =>
    {
        using KnownSession? known = KnownSession.TryOpen(path);
        if (known is not null)
        {
            _ = known.ReadEntries(null, first, last).Count();
            return;
        }

        using SessionReader reader = SessionReader.Open(path);
        _ = reader.ReadEntries().TakeLast(10).Count();
    };

    private static Action Follow(string path)
    {
        OpiSession session = OpiSession.Resume(path, Options());
        var reader = SessionReader.Open(path);
        var follower = new SessionFollower(reader);
        return () =>
        {
            session.AddTurn(Turn);
            follower.ReadAdded();
        };
    }

    private static Action Forks(string folder, int size)
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, Options()))
        {
            path = session.Path;
            string first = session.AddTurn(Turn).EntryIds[1];
            for (int fork = 0; fork < size; fork++)
            {
                session.SwitchBranch(first);
                session.AddTurn(Turn);
            }
        }

        return Branches(path);
    }

    private static Action Labels(string folder, int size)
    {
        string path;
        using (OpiSession session = OpiSession.Create(folder, Options()))
        {
            path = session.Path;
            session.Update(new SessionUpdate { AddLabels = [.. Enumerable.Range(0, size).Select(number => $"label {number}")] });
        }

        return () => _ = OpiSessionInfo.Read(path).Labels.Count;
    }

    private static Action Threads(string folder, int size) => () =>
    {
        using OpiSession session = OpiSession.Create(folder, Options(Durability.Flush));
        Thread[] threads = [.. Enumerable.Range(0, size).Select(_ => new Thread(() =>
        {
            for (int turn = 0; turn < 4_000 / size; turn++)
            {
                session.AddTurn(Turn);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    };

    private static Action Text(string folder, int size)
    {
        string text = string.Concat(Enumerable.Repeat("a \"quoted\" line of twenty\n", size * 1_000 / 26));
        return () =>
        {
            using OpiSession session = OpiSession.Create(folder, Options());
            session.AddTurn([new UserMessage(text, 0)]);
        };
    }

    private static Action Compact(string folder, int size, CompactionStrategy strategy)
    {
        string path = Session(folder, size, textLength: 4_000);
        return () =>
        {
            string copy = path + ".copy.jsonl";
            File.Copy(path, copy, overwrite: true);
            using OpiSession session = OpiSession.Resume(copy, Options());
            _ = session.Compact(CompactionReason.Manual, new OpiCompactionPolicy { Strategy = strategy });
        };
    }

    private static Action Export(string folder, int size, ExportRedaction redaction)
    {
        string path = Session(folder, size, textLength: 4_000), target = Path.Combine(folder, "export.html");
        return () =>
        {
            using SessionReader reader = SessionReader.Open(path);
            SessionExport.Write(
                reader, target, new SessionExportOptions { Format = ExportFormat.Html, Redact = redaction, Overwrite = Overwrite.Writable });
        };
    }

    private static Action Prices(string folder, int size)
    {
        ModelPricing[] prices = [.. Enumerable.Range(0, size).Select(number => new ModelPricing("own", $"model-{number}", 1, 2, 0.1m, null, ""))];
        string settings = Directory.CreateDirectory(Path.Combine(folder, "settings")).FullName;
        UserPricing.Set(Path.Combine(settings, "pricing.json"), prices);
        var pricer = new UsagePricer(new PricingCatalog(settings, TimeProvider.System));
        var answer = (AssistantMessage)Turn[1];
        return () =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                _ = pricer.CostOf(answer);
            }
        };
    }

    private static Action Chain(string folder, int size)
    {
        string path = Session(folder, 20);
        for (int fork = 0; fork < size; fork++)
        {
            using SessionReader reader = SessionReader.Open(path);
            path = SessionFork.Create(reader, folder);
        }

        return Costs(folder, CostGrouping.Day);
    }

    private static Action Remove(string folder, int size)
    {
        string text = File.ReadAllText(Session(folder, 2));
        for (int i = 0; i < size; i++)
        {
            Write(i);
        }

        return () =>
        {
            var tails = new SavedTails(); // as one pipeline of Remove-OpiSession has it
            for (int i = 0; i < 20; i++)
            {
                Write(i);
                SessionStore.Delete(Path.Combine(folder, $"s{i}.jsonl"), withoutLocks: false, tails);
            }
        };

        void Write(int i) => File.WriteAllText(Path.Combine(folder, $"s{i}.jsonl"), text);
    }

    /// <summary>Makes so many sessions of ten turns in a folder, and gives it.</summary>
    public static string Many(string folder, int size)
    {
        string one = Session(folder, 20);
        string text = File.ReadAllText(one);
        File.Delete(one);
        for (int i = 0; i < size; i++)
        {
            File.WriteAllText(
                Path.Combine(folder, $"s{i}.jsonl"), text.Replace("\"id\":\"bench\"", $"\"id\":\"s{i}\"", StringComparison.Ordinal));
        }

        return folder;
    }

    private static Action List(string folder, int size)
    {
        Many(folder, size);
        return () =>
        {
            foreach (FileInfo file in new SessionStore(folder).Files())
            {
                _ = OpiSessionInfo.Read(file.FullName).Turns;
            }
        };
    }

    private static Action SmallCosts(string folder, int size)
    {
        SmallResponses.Write(folder, size);
        return Costs(folder, CostGrouping.Day, UsageSource.ClaudeCode);
    }

    private static Action SmallRows(string folder, int size)
    {
        SmallResponses.Write(folder, size);
        return () => _ = UsageScan.Run(new UsageQuery { Sources = [UsageSource.ClaudeCode], Paths = [folder] }).Rows.Count;
    }

    private static Action Costs(string folder, CostGrouping? by, UsageSource source = UsageSource.Opi) => () =>
    {
        var groups = new CostGroups([by ?? CostGrouping.Source], TimeZoneInfo.Utc, PricingCatalog.Default);
        _ = PeriodCost.Read(new UsageQuery { Sources = [source], Paths = [folder] }, groups, null, CancellationToken.None);
        _ = by is null ? groups.ToTotal().Keys.Count : groups.ToRows().Count;
    };

    /// <summary>A session of so many short messages, a prompt and an answer in turn, and its index.</summary>
    private static string Session(string folder, int entries, int textLength = 60)
    {
        string path = Path.Combine(folder, "bench.jsonl");
        const string Code = "if (value == \"a=b: c\") { return key; }\n";
        string text = string.Concat(Enumerable.Repeat(Code, Math.Max(1, textLength / Code.Length)));
        var answer = (AssistantMessage)Turn[1] with { Content = [new TextContent(text)] };
        string[] lines = [Line(new UserMessage(text, 0)), Line(answer)];
        using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20))
        {
            file.Write(
                "{\"type\":\"session\",\"version\":1,\"id\":\"bench\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"cwd\":\"/repo\","
                    + "\"parent_session\":null}\n");
            for (int i = 1; i <= entries; i++)
            {
                string line = lines[(i + 1) % 2].Replace("@id", $"msg-{i}", StringComparison.Ordinal);
                file.Write(line.Replace(i == 1 ? "\"@parent\"" : "@parent", i == 1 ? "null" : $"msg-{i - 1}", StringComparison.Ordinal));
            }
        }

        OpiSession.Resume(path, Options()).Dispose();
        return path;
    }

    private static string Line(Message message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer);
        EntryWire.Write(writer, new MessageEntry("@id", "@parent", "2026-01-01T00:00:01Z", message));
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
