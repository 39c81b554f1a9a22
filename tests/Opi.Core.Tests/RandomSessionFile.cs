namespace Opi.Tests;

/// <summary>
/// Session files as no program writes them on purpose: ids that stand twice, parents and leaves that point anywhere, compactions that keep
/// what is not there, branches, damaged lines, and none of it.
/// </summary>
internal static class RandomSessionFile
{
    public static string Make(Random random)
    {
        int entries = random.Next(0, 14);
        int ids = random.Next(3) == 0 ? Math.Max(2, entries / 2) : 1_000; // few ids stand twice
        bool isTree = random.Next(3) > 0;
        var lines = new List<string>();
        var known = new List<string>();
        for (int i = 0; i < entries; i++)
        {
            string id = ids < 1_000 ? $"msg-{random.Next(1, ids + 1)}" : $"msg-{i + 1}";
            string? parent = !isTree ? null
                : known.Count == 0 ? (random.Next(6) == 0 ? "msg-77" : null)
                : random.Next(8) > 0 ? known[^1]
                : random.Next(6) == 0 ? "msg-99"
                : known[random.Next(known.Count)];
            string target = known.Count == 0 || random.Next(8) == 0 ? $"msg-{random.Next(1, 40)}" : known[random.Next(known.Count)];
            lines.Add(random.Next(22) switch
            {
                0 or 1 => Tests.Make.CompactionLine(id, parent, target, $"summary {i}"),
                2 => Tests.Make.LeafLine($"leaf-{i + 1}", target),
                3 => Tests.Make.Line(new BranchSummaryEntry(id, parent, "t", $"left {i}")),
                4 => Tests.Make.Line(new LabelEntry(id, parent, "t", $"label {i}", Removed: false)),
                5 => Tests.Make.Line(new CompactionFailureEntry(id, parent, "t", "failed", new Usage(3, 1), Tests.Make.Sonnet)),
                13 => Tests.Make.Line(new PinEntry(id, parent, "t", [target, $"msg-{random.Next(1, 14)}"], Removed: random.Next(3) == 0)),
                14 => Tests.Make.Line(new ToolResultsClearedEntry(id, parent, "t", [target, $"msg-{random.Next(1, 14)}"])),
                15 => Tests.Make.Line(new MessageEntry(id, parent, "t", Tests.Make.Result($"c{random.Next(3)}", new string('x', random.Next(1_000))))),
                16 => Tests.Make.Line(new MessageEntry(id, parent, "t", Tests.Make.Calls([.. Enumerable.Range(0, random.Next(1, 3)).Select(call => $"c{call}")]))),
                6 => "{\"type\":\"message\",\"id\":\"msg-",
                7 => $$"""{"type":"of_the_future","id":"{{id}}","parent_id":{{(parent is null ? "null" : $"\"{parent}\"")}},"timestamp":"t"}""",
                < 13 => Tests.Make.UserLine(id, parent, $"question {i}"),
                _ => Tests.Make.AnswerLine(id, parent, new Usage(10, 1), $"answer {i}"),
            });
            known.Add(id);
        }

        string text = Tests.Make.File([.. lines]);
        return random.Next(6) == 0 ? text[..^1] : text;
    }
}
