namespace Opi.Help;

/// <summary>An example: what to type, what comes, and what to say of it.</summary>
internal sealed record Example(string Title, IReadOnlyList<Block> Introduction, string Command, string Output, IReadOnlyList<Block> Remarks);

/// <summary>The page of a cmdlet, which says something of all that the cmdlet has and of nothing else.</summary>
internal sealed class CmdletPage
{
    private const int MinExamples = 2;

    private static readonly string[] Titles =
        ["Synopsis", "Description", "Parameters", "Examples", "Inputs", "Outputs", "Errors", "Notes", "Related"];

    private readonly MarkdownPage _page;

    /// <summary>Takes a page for a cmdlet.</summary>
    /// <exception cref="HelpException">The page does not fit the cmdlet.</exception>
    public CmdletPage(MarkdownPage page, CmdletDescription cmdlet)
    {
        _page = page;
        Cmdlet = cmdlet;
        foreach (Section section in page.Sections.Where(section => !Titles.Contains(section.Title)))
        {
            throw page.Fault(section.Line, $"'## {section.Title}' is none of the sections {string.Join(", ", Titles)}");
        }

        Synopsis = ReadSynopsis();
        Description = page.Get("Description").Blocks;
        Parameters = ReadNamed("Parameters", cmdlet.Parameters.Select(parameter => "-" + parameter.Name));
        Inputs = ReadNamed("Inputs", null);
        Outputs = ReadNamed("Outputs", cmdlet.OutputTypes);
        Examples = [.. page.Get("Examples").Subsections.Select(ReadExample)];
        if (Examples.Count < MinExamples)
        {
            throw page.Fault(page.Get("Examples").Line, $"a cmdlet has at least {MinExamples} examples, this one {Examples.Count}");
        }

        Errors = page.Find("Errors") is { } errors ? [.. errors.Blocks.OfType<TableRow>()] : [];
        Notes = page.Find("Notes")?.Blocks ?? [];
        Related = [.. page.Get("Related").Blocks.OfType<ListItem>().Select(item => item.Text)];
    }

    public CmdletDescription Cmdlet { get; }

    public string Synopsis { get; }

    public IReadOnlyList<Block> Description { get; }

    /// <summary>The texts of the parameters by name, with the hyphen.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Block>> Parameters { get; }

    /// <summary>What can be piped in, by type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Block>> Inputs { get; }

    /// <summary>What comes out, by type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Block>> Outputs { get; }

    public IReadOnlyList<Example> Examples { get; }

    /// <summary>An error's id, its meaning, and what to do.</summary>
    public IReadOnlyList<TableRow> Errors { get; }

    public IReadOnlyList<Block> Notes { get; }

    public IReadOnlyList<string> Related { get; }

    private string ReadSynopsis()
    {
        Section section = _page.Get("Synopsis");
        return section.Blocks is [Paragraph paragraph] ? paragraph.Text : throw _page.Fault(section.Line, "the synopsis is one paragraph");
    }

    /// <summary>A section whose subsections are names: all that are expected, and no other.</summary>
    private Dictionary<string, IReadOnlyList<Block>> ReadNamed(string title, IEnumerable<string>? expected)
    {
        Section section = _page.Get(title);
        var texts = new Dictionary<string, IReadOnlyList<Block>>();
        foreach (Section item in section.Subsections)
        {
            if (item.Blocks.Count == 0 || !item.Blocks.All(block => block is Paragraph or ListItem))
            {
                throw _page.Fault(item.Line, $"'{item.Title}' has no text, or something else than paragraphs and lists");
            }

            if (expected?.Contains(item.Title) == false)
            {
                throw _page.Fault(item.Line, $"{_page.Name} has no '{item.Title}'");
            }

            texts.Add(item.Title, item.Blocks);
        }

        return expected?.FirstOrDefault(name => !texts.ContainsKey(name)) is { } missing
            ? throw _page.Fault(section.Line, $"'{missing}' has no text")
            : texts;
    }

    private Example ReadExample(Section section)
    {
        List<Block> blocks = section.Blocks;
        int at = blocks.FindIndex(block => block is Code);
        if (at < 0 || blocks[at] is not Code { Language: "powershell" } command)
        {
            throw _page.Fault(section.Line, "an example has a block of powershell");
        }

        Code? output = blocks.ElementAtOrDefault(at + 1) as Code;
        IReadOnlyList<Block> remarks = blocks[(at + (output is null ? 1 : 2))..];
        return output is { Language: not "output" } || remarks.Any(block => block is Code)
            ? throw _page.Fault(section.Line, "an example has one block of powershell and one of output, in this order")
            : new Example(section.Title, blocks[..at], command.Text, output?.Text ?? "", remarks);
    }
}
