using System.Text;

namespace Opi.Help;

/// <summary>Writes a page as the plain text that Get-Help shows for an about topic.</summary>
internal static class AboutText
{
    private const int Width = 78;
    private const string Indent = "    ";

    /// <summary>The text, with LF line ends.</summary>
    public static string Write(MarkdownPage page)
    {
        var text = new StringBuilder($"TOPIC\n{Indent}{page.Name}\n");
        foreach (Section section in page.Sections)
        {
            text.Append('\n').Append(section.Title.ToUpperInvariant()).Append('\n');
            WriteBlocks(text, section.Blocks);
            foreach (Section subsection in section.Subsections)
            {
                text.Append('\n')
                    .Append(Indent)
                    .Append(subsection.Title)
                    .Append('\n')
                    .Append(Indent)
                    .Append('-', subsection.Title.Length)
                    .Append('\n');
                WriteBlocks(text, subsection.Blocks);
            }
        }

        return text.ToString();
    }

    private static void WriteBlocks(StringBuilder text, List<Block> blocks)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            if (i > 0 && !(blocks[i] is ListItem && blocks[i - 1] is ListItem))
            {
                text.Append('\n');
            }

            switch (blocks[i])
            {
                case Paragraph paragraph:
                    Wrap(text, Indent, Indent, paragraph.Text);
                    break;
                case ListItem item:
                    Wrap(text, Indent + "- ", Indent + "  ", item.Text);
                    break;
                case Code code:
                    foreach (string line in code.Text.Split('\n'))
                    {
                        text.Append((Indent + Indent + line).TrimEnd()).Append('\n');
                    }

                    break;
                default:
                    throw new HelpException($"A {blocks[i].GetType().Name} has no place in an about topic.");
            }
        }
    }

    private static void Wrap(StringBuilder text, string first, string next, string words)
    {
        string line = first;
        bool empty = true;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = next;
                empty = true;
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        text.Append(line).Append('\n');
    }
}
