using System.Text;

namespace Opi.CrashTests;

/// <summary>A file to mutate, and what stands in it.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Version">The format version; 0 when it is not a session to begin with.</param>
/// <param name="EntryIds">The lines that are entries, by their bytes (as Latin-1 text), and the ids of those.</param>
internal sealed record FuzzBase(string Name, byte[] Bytes, int Version, IReadOnlyDictionary<string, string> EntryIds)
{
    private const string GoldenFolder = "golden";

    public string Header { get; } = Lines(Bytes).FirstOrDefault() ?? "";

    /// <summary>The lines of a file, as Latin-1 text: a character a byte.</summary>
    public static string[] Lines(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split('\n');

    /// <summary>The folder of golden files; null where this program is away from its sources.</summary>
    public static string? FindGolden()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string golden = Path.Combine(folder, "tests", GoldenFolder);
            if (Directory.Exists(golden))
            {
                return golden;
            }
        }

        return null;
    }

    /// <summary>The golden files, and some that are made here: version 2, branches and metadata, long lines.</summary>
    public static IReadOnlyList<FuzzBase> Collect(string work)
    {
        var bases = new List<FuzzBase>();
        foreach (string file in Directory.GetFiles(FindGolden()!, "session.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            bases.Add(Read(Path.GetFileName(Path.GetDirectoryName(file)!), file));
        }

        bases.Add(Make("version-2", work, 2, branches: false));
        bases.Add(Make("version-2-branches", work, 2, branches: true));
        bases.Add(Make("branches", work, 1, branches: true));
        bases.Add(MakeLong("long-lines", work));
        bases.Add(WithHugeNumbers(bases.First(made => made.Name == "branches"), work));
        return bases;
    }

    private static FuzzBase Read(string name, string path)
    {
        byte[] bytes = SharedText.ReadAllBytes(path);
        var ids = new Dictionary<string, string>();
        int version = 0;
        try
        {
            using SessionReader reader = SessionReader.Open(path);
            version = reader.Header.Version;
            string[] lines = Lines(bytes);
            foreach (IndexedEntry entry in reader.Entries)
            {
                ids[lines[entry.Line - 1]] = entry.Id;
            }
        }
        catch (OpiException)
        {
            // A golden file that is not a session: nothing in it needs to be found again.
        }

        return new FuzzBase(name, bytes, version, ids);
    }

    private static FuzzBase Make(string name, string work, int version, bool branches)
    {
        string path;
        using (OpiSession session = OpiSession.Create(Path.Combine(work, name), new SessionOptions { FormatVersion = version, WorkingDirectory = "/repo" }))
        {
            path = session.Path;
            IReadOnlyList<string> first = AddTurn(session, 1).EntryIds;
            AddTurn(session, 2);
            if (branches)
            {
                session.Update(new SessionUpdate { Name = "a name", Model = "openai:gpt-5", ThinkingLevel = ThinkingLevel.High, AddLabels = ["one", "two"] });
                session.SwitchBranch(first[^1], "what was tried");
                AddTurn(session, 3);
                session.Update(new SessionUpdate { RemoveLabels = ["one"] });
            }

            session.Compact();
            AddTurn(session, 4);
        }

        return Read(name, path);
    }

    /// <summary>Numbers that no double holds: they can be read past, but not written again.</summary>
    private static FuzzBase WithHugeNumbers(FuzzBase source, string work)
    {
        string path = Path.Combine(work, "huge-numbers.jsonl");
        File.WriteAllText(path, Encoding.UTF8.GetString(source.Bytes).Replace("1e300", "1e400", StringComparison.Ordinal));
        return Read("huge-numbers", path);
    }

    private static FuzzBase MakeLong(string name, string work)
    {
        string path;
        using (OpiSession session = OpiSession.Create(Path.Combine(work, name), new SessionOptions { WorkingDirectory = "/repo" }))
        {
            path = session.Path;
            var turns = new NumberedTurns(1, TurnKind.Tools);
            for (int number = 1; number <= 6; number++)
            {
                session.AddTurn(turns.Make(number));
            }
        }

        return Read(name, path);
    }

    private static OpiTurn AddTurn(OpiSession session, int number) => session.AddTurn(
    [
        new UserMessage([new TextContent($"prompt {number}"), new ImageContent(ImageSource.FromUrl("http://localhost/a.png"), "image/png")], number),
        new AssistantMessage([new ThinkingContent("hm"), new ToolCallContent($"c{number}", "bash", "{\"command\":\"ls {}\"}")], "anthropic", "claude-sonnet-4-5", number)
        {
            StopReason = StopReason.ToolUse,
            Usage = new Usage(number, 2),
        },
        new ToolResultMessage($"c{number}", "bash", [new TextContent("a\n\"b\" \\ \u0001 漢字 😀")], number)
        {
            Details = System.Text.Json.JsonSerializer.SerializeToElement(new { z = new object[] { 1, 2.5, true, "x" }, a = new { b = 1e300 } }),
        },
        new AssistantMessage([new TextContent("done")], "anthropic", "claude-sonnet-4-5", number) { Usage = new Usage(5, number) },
    ]);
}
