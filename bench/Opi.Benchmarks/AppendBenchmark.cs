using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Opi.Benchmarks;

/// <summary>Adding turns to a session.</summary>
internal static class AppendBenchmark
{
    private const int FlushRounds = 40;
    private const int FlushTurns = 25;
    private const int BufferedRounds = 15;
    private const int BufferedTurns = 5_000;
    private const int MessagesOfTurn = 2;

    private static readonly Message[] Turn =
    [
        new UserMessage("List the failing tests, and say for each of them what it expected and what it got.", 1_767_225_600_000),
        new AssistantMessage(
            [new TextContent(
                "Three fail:\n\n1. `reads_a_torn_line` expected 12, got 11\n2. `keeps_the_order` timed out after 30 s\n3. `resumes` says \"no "
                    + "such file\"\n")],
            "anthropic",
            "claude-sonnet-4-5",
            1_767_225_604_000) { Usage = new Usage(1_200, 300) },
    ];

    /// <summary>Turn by turn in shuffled order, so that what the disk does at that moment falls on all.</summary>
    public static void Flush()
    {
        byte[] bytes = BytesOfTurn();
        int firstLine = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        Comparison.Line($"a turn of {MessagesOfTurn} messages, {bytes.Length} bytes");
        using var folder = new ScratchFolder();
        using OpiSession session = Create(folder.Path, Durability.Flush);
        using BareFile one = new(folder.File("one")), two = new(folder.File("two"));
        var all = new Action[]
        {
            () => session.AddTurn(Turn),
            () =>
            {
                one.Write(bytes);
                one.Flush();
            },
            () =>
            {
                two.Write(bytes.AsSpan(0, firstLine));
                two.Flush();
                two.Write(bytes.AsSpan(firstLine));
                two.Flush();
            },
        };
        var times = new TimeSpan[all.Length];
        int[] order = [.. Enumerable.Range(0, all.Length)];
        var random = new Random(1);
        new Comparison(
            new Contender("OpiSession.AddTurn", () =>
            {
                Array.Clear(times);
                for (int i = 0; i < FlushTurns; i++)
                {
                    random.Shuffle(order);
                    foreach (int chosen in order)
                    {
                        long start = Stopwatch.GetTimestamp();
                        all[chosen]();
                        times[chosen] += Stopwatch.GetElapsedTime(start);
                    }
                }

                return times[0];
            }),
            new Contender("bare write and flush", () => times[1]),
            new Contender("bare, a write and a flush a message", () => times[2])) { KeepOrder = true }.Run(FlushRounds, "a turn", FlushTurns);
    }

    public static void Buffered()
    {
        byte[] bytes = BytesOfTurn();
        int firstLine = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        using var folder = new ScratchFolder();
        int file = 0;
        var contenders = new List<Contender>
        {
            new("OpiSession.AddTurn, Buffered", () =>
            {
                using OpiSession session = Create(folder.Path, Durability.Buffered);
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < BufferedTurns; i++)
                {
                    session.AddTurn(Turn);
                }

                return Stopwatch.GetElapsedTime(start);
            }),
            new("bare write a turn", () =>
            {
                using var bare = new BareFile(folder.File($"bare{++file}"));
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < BufferedTurns; i++)
                {
                    bare.Write(bytes);
                }

                return Stopwatch.GetElapsedTime(start);
            }),
        };
        if (NodeAppends(folder, bytes, firstLine) is { } node)
        {
            contenders.Add(node);
        }
        else
        {
            Console.WriteLine("(no Node here: the comparison with its appendFileSync is left out)");
        }

        new Comparison(contenders[0], [.. contenders.Skip(1)]).Run(BufferedRounds, "a message", BufferedTurns * MessagesOfTurn);
        using OpiSession measured = Create(folder.Path, Durability.Buffered);
        measured.AddTurn(Turn);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < BufferedTurns; i++)
        {
            measured.AddTurn(Turn);
        }

        double perMessage = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)BufferedTurns / MessagesOfTurn;
        Comparison.Line($"allocated {perMessage:0} bytes a message, the index included");
    }

    private static OpiSession Create(string folder, Durability durability) =>
        OpiSession.Create(folder, new SessionOptions { Model = "anthropic:claude-sonnet-4-5", WorkingDirectory = "/repo", Durability = durability });

    /// <summary>What the turn is in the file, as it is somewhere in the middle.</summary>
    private static byte[] BytesOfTurn()
    {
        using var folder = new ScratchFolder();
        using OpiSession session = Create(folder.Path, Durability.Buffered);
        for (int i = 0; i < 500; i++)
        {
            session.AddTurn(Turn);
        }

        long before = new FileInfo(session.Path).Length;
        session.AddTurn(Turn);
        session.Close();
        return File.ReadAllBytes(session.Path)[(int)before..];
    }

    /// <summary>A message at a time as pi does it: to JSON, open, write, close. Node times itself, so that its start does not count.</summary>
    private static Contender? NodeAppends(ScratchFolder folder, byte[] bytes, int firstLine)
    {
        string script = folder.File("append.js");
        string first = folder.File("first.txt");
        string second = folder.File("second.txt");
        string target = folder.File("node.jsonl");
        File.WriteAllBytes(first, bytes[..firstLine]);
        File.WriteAllBytes(second, bytes[firstLine..]);
        File.WriteAllText(script, """
            const fs = require('fs');
            const [first, second, target, turns] = process.argv.slice(2);
            const entries = [first, second].map(path => JSON.parse(fs.readFileSync(path, 'utf8')));
            const append = count => {
              for (let i = 0; i < count; i++) for (const entry of entries) fs.appendFileSync(target, JSON.stringify(entry) + '\n');
            };
            append(500);
            fs.writeFileSync(target, '');
            const start = process.hrtime.bigint();
            append(turns);
            console.log(String(process.hrtime.bigint() - start));
            """);
        var options = new ProcessStartInfo("node", [script, first, second, target, BufferedTurns.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            _ = RunNode();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        return new Contender("Node, appendFileSync a message", RunNode);

        TimeSpan RunNode() => TimeSpan.FromMicroseconds(long.Parse(ChildProcess.Run(options), CultureInfo.InvariantCulture) / 1000.0);
    }

    /// <summary>A file and the offset of its end, and nothing else.</summary>
    private sealed class BareFile(string path) : IDisposable
    {
        private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        private long _length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(_file, bytes, _length);
            _length += bytes.Length;
        }

        public void Flush() => NativeFile.Flush(_file);

        public void Dispose() => _file.Dispose();
    }

    private sealed class ScratchFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("opi-benchmarks-").FullName;

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
