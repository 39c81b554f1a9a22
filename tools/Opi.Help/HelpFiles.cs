using System.Text;

namespace Opi.Help;

/// <summary>The files that Get-Help reads, made from the pages in docs/en-US and the cmdlets.</summary>
internal sealed class HelpFiles
{
    private const string AboutPage = "about_Opi";

    private readonly SortedDictionary<string, string> _contents = new(StringComparer.Ordinal);

    private HelpFiles()
    {
    }

    /// <summary>Makes the files in memory.</summary>
    /// <param name="cmdlets">The cmdlets of the module.</param>
    /// <param name="folder">The folder of the pages.</param>
    /// <exception cref="HelpException">A page is missing, has a wrong layout, or does not fit its cmdlet.</exception>
    public static HelpFiles Create(IEnumerable<CmdletDescription> cmdlets, string folder)
    {
        var pages = Directory.GetFiles(folder, "*.md").Select(MarkdownPage.Read).ToDictionary(page => page.Name);
        CmdletPage[] ofCmdlets = [.. cmdlets.Select(cmdlet => new CmdletPage(Take(pages, cmdlet.Name), cmdlet))];
        MarkdownPage about = Take(pages, AboutPage);
        if (pages.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } stray)
        {
            throw new HelpException($"docs/en-US/{stray}.md: there is no cmdlet of this name.");
        }

        return new HelpFiles
        {
            _contents =
            {
                ["Opi.PowerShell.dll-Help.xml"] = MamlWriter.Write(ofCmdlets),
                [$"{AboutPage}.help.txt"] = AboutText.Write(about),
            },
        };
    }

    /// <summary>Writes the files. Also those that did not change: the build compares their times with those of the pages.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in _contents)
        {
            File.WriteAllText(Path.Combine(folder, name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }

    private static MarkdownPage Take(Dictionary<string, MarkdownPage> pages, string name) =>
        pages.Remove(name, out MarkdownPage? page) ? page : throw new HelpException($"docs/en-US/{name}.md is missing.");
}
