using System.Text;

namespace Opi.Help;

/// <summary>The files that Get-Help reads, as the pages in docs/en-US and the cmdlets make them.</summary>
internal sealed class HelpFiles
{
    private const string AboutPage = "about_Opi";

    private readonly string _root;
    private readonly SortedDictionary<string, string> _contents = new(StringComparer.Ordinal);

    private HelpFiles(string root) => _root = root;

    /// <summary>Makes the files in memory.</summary>
    /// <param name="root">The folder of Opi.psd1.</param>
    /// <exception cref="HelpException">A page is missing, is not as it should be, or does not fit its cmdlet.</exception>
    public static HelpFiles Create(string root)
    {
        var pages = Directory.GetFiles(Path.Combine(root, "docs", "en-US"), "*.md")
            .Select(MarkdownPage.Read)
            .ToDictionary(page => page.Name);
        var cmdlets = new List<CmdletPage>();
        foreach (CmdletDescription cmdlet in CmdletDescription.All())
        {
            cmdlets.Add(new CmdletPage(Take(pages, cmdlet.Name), cmdlet));
        }

        MarkdownPage about = Take(pages, AboutPage);
        if (pages.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } stray)
        {
            throw new HelpException($"docs/en-US/{stray}.md: there is no cmdlet of this name.");
        }

        return new HelpFiles(root)
        {
            _contents =
            {
                ["src/Opi.PowerShell/en-US/Opi.PowerShell.dll-Help.xml"] = MamlWriter.Write(cmdlets),
                [$"src/Opi.PowerShell/en-US/{AboutPage}.help.txt"] = AboutText.Write(about),
            },
        };
    }

    /// <summary>The folder of Opi.psd1, above this program.</summary>
    public static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Opi.psd1")))
            {
                return folder.FullName;
            }
        }

        throw new HelpException("No Opi.psd1 above this program: run it from the project's folder.");
    }

    /// <summary>The files that are not on disk as they should be, from the root.</summary>
    public IEnumerable<string> Outdated() =>
        _contents.Where(file => !File.Exists(PathOf(file.Key)) || File.ReadAllText(PathOf(file.Key)) != file.Value).Select(file => file.Key);

    /// <summary>Writes those.</summary>
    public IReadOnlyList<string> WriteOutdated()
    {
        string[] outdated = [.. Outdated()];
        foreach (string name in outdated)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllText(PathOf(name), _contents[name], new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        return outdated;
    }

    private static MarkdownPage Take(Dictionary<string, MarkdownPage> pages, string name) =>
        pages.Remove(name, out MarkdownPage? page) ? page : throw new HelpException($"docs/en-US/{name}.md is missing.");

    private string PathOf(string name) => Path.Combine(_root, name);
}
