using System.Text.RegularExpressions;

namespace Opi.Help;

/// <summary>A piece of a section's text. Inline marks are gone: it is plain text.</summary>
internal abstract record Block;

/// <summary>A paragraph, in one line.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>An item of a list, in one line.</summary>
internal sealed record ListItem(string Text) : Block;

/// <summary>A fenced block, as it is.</summary>
internal sealed record Code(string Language, string Text) : Block;

/// <summary>A row of a table; its headings are none.</summary>
internal sealed record TableRow(IReadOnlyList<string> Cells) : Block;

/// <summary>A heading and what stands below it.</summary>
internal sealed record Section(string Title, int Line)
{
    public List<Block> Blocks { get; } = [];

    public List<Section> Subsections { get; } = [];
}

/// <summary>A page of docs/en-US: one title, sections, and their subsections.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<Section> _sections = [];
    private string _file = "";

    private MarkdownPage(string name) => Name = name;

    /// <summary>The title, which is also the name of the file.</summary>
    public string Name { get; }

    /// <summary>The sections, in order.</summary>
    public IReadOnlyList<Section> Sections => _sections;

    /// <summary>Reads a page.</summary>
    /// <exception cref="HelpException">It has another layout.</exception>
    public static MarkdownPage Read(string path)
    {
        var page = new MarkdownPage(Path.GetFileNameWithoutExtension(path)) { _file = $"docs/en-US/{Path.GetFileName(path)}" };
        page.Parse(File.ReadAllLines(path));
        return page;
    }

    /// <summary>The section of a title.</summary>
    public Section? Find(string title) => _sections.Find(section => section.Title == title);

    /// <summary>The section of a title.</summary>
    /// <exception cref="HelpException">There is none.</exception>
    public Section Get(string title) => Find(title) ?? throw Fault(1, $"the section '## {title}' is missing");

    /// <summary>An error about this page.</summary>
    public HelpException Fault(int line, string message) => new($"{_file}:{line}: {message}.");

    private void Parse(string[] lines)
    {
        if (lines.Length == 0 || lines[0] != "# " + Name)
        {
            throw Fault(1, $"the page begins with '# {Name}'");
        }

        Section? current = null;
        for (int i = 1; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith('#'))
            {
                current = AddSection(line, i + 1);
            }
            else if (line.Trim().Length > 0)
            {
                List<Block> blocks = (current ?? throw Fault(i + 1, "text stands below a '## ' heading")).Blocks;
                i = line.StartsWith("```", StringComparison.Ordinal) ? ReadCode(lines, i, blocks)
                    : line.StartsWith('|') ? ReadRow(lines, i, blocks)
                    : ReadText(lines, i, blocks);
            }
        }
    }

    private Section AddSection(string line, int number)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        var section = new Section(Plain(line[(space + 1)..].Trim()), number);
        switch (space)
        {
            case 2:
                _sections.Add(section);
                break;
            case 3 when _sections.Count > 0:
                _sections[^1].Subsections.Add(section);
                break;
            default:
                throw Fault(number, "a heading is '## ' or, below one of these, '### '");
        }

        return section;
    }

    private int ReadCode(string[] lines, int start, List<Block> blocks)
    {
        int end = Array.FindIndex(lines, start + 1, line => line == "```");
        if (end < 0)
        {
            throw Fault(start + 1, "the code block has no end");
        }

        blocks.Add(new Code(lines[start][3..].Trim(), string.Join('\n', lines[(start + 1)..end]).TrimEnd()));
        return end;
    }

    private static int ReadRow(string[] lines, int at, List<Block> blocks)
    {
        string[] cells = [.. lines[at].Trim().Trim('|').Split('|').Select(cell => Plain(cell.Trim()))];
        if (cells.All(cell => cell.Length > 0 && cell.All(c => c is '-' or ':')))
        {
            blocks.RemoveAt(blocks.Count - 1); // what stands above the line are headings
        }
        else
        {
            blocks.Add(new TableRow(cells));
        }

        return at;
    }

    /// <summary>A paragraph or an item goes on to the next blank line, heading, item, fence or table.</summary>
    private static int ReadText(string[] lines, int start, List<Block> blocks)
    {
        int end = start;
        while (end + 1 < lines.Length && lines[end + 1].Trim().Length > 0 && !BlockStart().IsMatch(lines[end + 1]))
        {
            end++;
        }

        string text = string.Join(' ', lines[start..(end + 1)].Select(line => line.Trim()));
        blocks.Add(text.StartsWith("- ", StringComparison.Ordinal) ? new ListItem(Plain(text[2..])) : new Paragraph(Plain(text)));
        return end;
    }

    private static string Plain(string text) => InlineMark().Replace(text, match => match.Groups["text"].Value + match.Groups["code"].Value);

    [GeneratedRegex(@"^(#|- |```|\|)")]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"`(?<code>[^`]+)`|\[(?<text>[^\]]+)\]\([^)]+\)|\*\*(?<text>[^*]+)\*\*")]
    private static partial Regex InlineMark();
}
