using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Opi.Benchmarks;

/// <summary>Opening a large session.</summary>
internal static class OpenBenchmark
{
    private const int Rounds = 9;

    private const int FirstRounds = 15;

    private static readonly OpiCompactionPolicy NoCompaction = new() { NoCompaction = true };

    public static void Run()
    {
        string path = SessionFile.Large();
        double kilobytes = new FileInfo(path).Length / 1e3;

        new Comparison(
            Contender.Of("open for resume (SessionCoordinator)", () => ResumeWhole(path).Dispose()),
            Contender.Of("open for reading (SessionReader)", () => SessionReader.Open(path).Dispose()),
            Contender.Of("deserialise each line (source generated)", () => Deserialise(path)),
            Contender.Of("Utf8JsonReader over each line", () => Walk(path)),
            Contender.Of("find the lines", () => FindLines(path))).Run(Rounds, "a KB", kilobytes);
        Memory.Print("open for resume", () => ResumeWhole(path));
        Memory.Print("open for reading", () => SessionReader.Open(path));
    }

    public static void RunFirst()
    {
        string path = SessionFile.Large();
        double kilobytes = new FileInfo(path).Length / 1e3;
        new Comparison(
            FreshProcess.Contender("open for resume (SessionCoordinator)", nameof(FirstOpen)),
            FreshProcess.Contender("deserialise each line (source generated)", nameof(FirstDeserialise))).Run(FirstRounds, "a KB", kilobytes);
    }

    public static void FirstOpen() => ResumeWhole(SessionFile.LargePath).Dispose();

    public static void FirstDeserialise() => Deserialise(SessionFile.LargePath);

    public static void RunParts()
    {
        string path = SessionFile.Large();
        double kilobytes = new FileInfo(path).Length / 1e3;
        new Comparison(
            Contender.Of("open for reading (SessionReader)", () => SessionReader.Open(path).Dispose()),
            Contender.Of("find the lines", () => FindLines(path)),
            Contender.Of("... and check UTF-8", () => EachLine(path, static line => Utf8.IsValid(line))),
            Contender.Of("... and skip the JSON of each", () => EachLine(path, Skip)),
            Contender.Of("... and gather facts (all but the index)", () => EachLine(path, Inspect))).Run(Rounds, "a KB", kilobytes);
    }

    /// <summary>What a program does that has no index.</summary>
    public static long Deserialise(string path)
    {
        long tokens = 0;
        EachLine(path, line =>
        {
            PlainLine entry = JsonSerializer.Deserialize(line, PlainContext.Default.PlainLine)!;
            tokens += entry.Message?.Usage?.OutputTokens ?? 0;
            return true;
        });
        return tokens;
    }

    /// <summary>Opens a session as one that has no index beside it: all of the file is read.</summary>
    private static SessionCoordinator ResumeWhole(string path)
    {
        SessionIndexFile.Delete(path);
        return SessionCoordinator.OpenExisting(path, NoCompaction);
    }

    private static void Walk(string path) => EachLine(path, static line =>
    {
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
        }

        return true;
    });

    private static void FindLines(string path) => EachLine(path, static _ => true);

    private static bool Skip(ReadOnlySpan<byte> line)
    {
        var json = new JsonCursor(line);
        json.Skip();
        json.End();
        return true;
    }

    private static bool Inspect(ReadOnlySpan<byte> line)
    {
        var facts = new EntryFacts();
        EntryWire.Inspect(line, ref facts);
        return true;
    }

    /// <summary>Both sides read the file in the same way.</summary>
    private static void EachLine(string path, Func<ReadOnlySpan<byte>, bool> handle)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        using var lines = new LineReader(file);
        lines.Next(); // the header
        while (lines.Next())
        {
            if (!handle(lines.Line))
            {
                throw new InvalidDataException("the generated file is wrong");
            }
        }
    }
}
