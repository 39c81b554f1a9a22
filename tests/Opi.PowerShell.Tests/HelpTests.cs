using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using Shell = System.Management.Automation.PowerShell;

namespace Opi.PowerShell.Tests;

/// <summary>What Get-Help says, as a user with the module imported sees it, and the pages it is made from.</summary>
public sealed partial class HelpTests(HelpTests.HelpEngine engine) : IClassFixture<HelpTests.HelpEngine>
{
    private const int MinExamples = 2;

    private static readonly string Root = FindRoot();

    public static TheoryData<string> Cmdlets => [.. CmdletNames()];

    public static TheoryData<string> Pages => [.. PageNames()];

    [Fact]
    public void Every_exported_cmdlet_has_a_page()
    {
        IEnumerable<string> exported = engine.Run("Get-Command -Module Opi").Select(command => ((CommandInfo)command.BaseObject).Name);

        Assert.Equal(exported.Order(StringComparer.Ordinal), CmdletNames());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_has_a_synopsis_and_a_description(string cmdlet)
    {
        PSObject help = engine.Help(cmdlet);

        // Without a help file Get-Help puts the syntax there.
        string synopsis = Text(help, "Synopsis");
        Assert.EndsWith(".", synopsis, StringComparison.Ordinal);
        Assert.DoesNotContain(cmdlet, synopsis, StringComparison.Ordinal);
        Assert.NotEmpty(Texts(help, "description"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_describes_every_parameter(string cmdlet)
    {
        var command = (CommandInfo)engine.Run("Get-Command $name", cmdlet).Single().BaseObject;
        IEnumerable<string> parameters = command.Parameters.Keys.Except(Cmdlet.CommonParameters).Except(Cmdlet.OptionalCommonParameters);

        IEnumerable<string> described = Items(Member(engine.Help(cmdlet), "parameters"), "parameter")
            .Where(parameter => Texts(parameter, "description").All(text => text.Length > 0) && Texts(parameter, "description").Any())
            .Select(parameter => Text(parameter, "name"))
            .Except(Cmdlet.OptionalCommonParameters);

        Assert.Equal(parameters.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_has_examples_with_their_output(string cmdlet)
    {
        PSObject[] examples = [.. Items(Member(engine.Help(cmdlet), "examples"), "example")];

        Assert.True(examples.Length >= MinExamples, $"{examples.Length} examples");
        Assert.All(examples, example => Assert.Matches(@"Example \d+: \w", Text(example, "title")));
        Assert.All(examples, example => Assert.Contains("Opi", Text(example, "code"), StringComparison.Ordinal));
        Assert.Contains(examples, example => Text(example, "code").Contains("\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Get_Help_Examples_shows_the_code()
    {
        PSObject help = engine.Run("Get-Help Add-OpiTurn -Examples").Single();

        Assert.Contains(Items(Member(help, "examples"), "example"), example =>
            Text(example, "code").Contains("Import-Csv turns.csv | Add-OpiTurn -Session $session", StringComparison.Ordinal));
    }

    [Fact]
    public void Get_Help_has_the_about_topic()
    {
        string topic = engine.Run("Get-Help about_Opi").Single().ToString();

        Assert.Contains("LONG DESCRIPTION", topic, StringComparison.Ordinal);
        Assert.Contains("OPI_SESSIONS_DIR", topic, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_parse_and_name_commands_and_parameters_that_exist(string page)
    {
        foreach (string code in CodeOf(page))
        {
            ScriptBlockAst script = Parser.ParseInput(code, out _, out ParseError[] errors);
            Assert.Empty(errors);
            foreach (CommandAst call in script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (call.GetCommandName() is { } name && name.Contains("-Opi", StringComparison.Ordinal))
                {
                    var command = (CommandInfo)engine.Run("Get-Command $name", name).Single().BaseObject;
                    Assert.All(call.CommandElements.OfType<CommandParameterAst>(), given => Assert.Contains(given.ParameterName, command.Parameters.Keys));
                }
            }
        }
    }

    private static string ErrorsOf(string page)
    {
        string text = File.ReadAllText(page);
        string errors = text[text.IndexOf("\n## Errors", StringComparison.Ordinal)..];
        int next = errors.IndexOf("\n## ", 1, StringComparison.Ordinal);
        return next < 0 ? errors : errors[..next];
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Error_ids_equal_the_sources(string cmdlet)
    {
        string source = string.Concat(Directory.GetFiles(Path.Combine(Root, "src", "Opi.PowerShell"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] ids = [.. ErrorRow().Matches(ErrorsOf(PageOf(cmdlet))).Select(row => row.Groups["id"].Value)];

        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Contains($"\"{id}\"", source, StringComparison.Ordinal));
    }

    /// <summary>The build makes the help again only when something it is made of has changed: it has to know all of that.</summary>
    [Fact]
    public async Task Help_beside_the_manifest_is_made_from_the_pages_and_the_cmdlets_of_today()
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string generator = Path.Combine(Root, "artifacts", "bin", "Opi.Help", configuration, "Opi.Help.dll");
        string module = typeof(OpiCmdlet).Assembly.Location;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("opi-tests-");
        try
        {
            string[] arguments = [generator, module, Path.Combine(Root, "docs", "en-US"), folder.FullName];
            using Process making = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true })!;
            string errors = await making.StandardError.ReadToEndAsync();
            await making.WaitForExitAsync();

            Assert.Equal((0, ""), (making.ExitCode, errors));
            Assert.Equal(2, folder.GetFiles().Length);
            Assert.All(folder.GetFiles(), file =>
                Assert.Equal(File.ReadAllText(file.FullName), File.ReadAllText(Path.Combine(Root, "en-US", file.Name))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> PageNames() =>
        Directory.GetFiles(Path.Combine(Root, "docs", "en-US"), "*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> CmdletNames() => PageNames().Where(name => !name.StartsWith("about_", StringComparison.Ordinal));

    private static string PageOf(string name) => Path.Combine(Root, "docs", "en-US", name + ".md");

    private static IEnumerable<string> CodeOf(string page) => Fence().Matches(File.ReadAllText(PageOf(page))).Select(fence => fence.Groups["code"].Value);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opi.psd1")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds Opi.psd1.");
    }

    private static object? Member(PSObject item, string name) => item.Properties[name]?.Value;

    private static string Text(PSObject item, string name) => Member(item, name)?.ToString()?.Trim() ?? "";

    /// <summary>The one or the many objects of a property.</summary>
    private static IEnumerable<PSObject> Items(object? parent, string name)
    {
        object? value = parent is null ? null : Member(PSObject.AsPSObject(parent), name);
        return value is null ? [] : LanguagePrimitives.GetEnumerable(value)?.Cast<object>().Select(PSObject.AsPSObject) ?? [PSObject.AsPSObject(value)];
    }

    private static IEnumerable<string> Texts(PSObject item, string name) => Items(item, name).Select(paragraph => Text(paragraph, "Text"));

    [GeneratedRegex(@"^```powershell\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| (?<id>[A-Z][A-Za-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    /// <summary>The real engine with the module imported by its manifest.</summary>
    public sealed class HelpEngine : IDisposable
    {
        private readonly Runspace _runspace;

        public HelpEngine()
        {
            var state = InitialSessionState.CreateDefault2();
            state.ThrowOnRunspaceOpenError = true;
            state.ImportPSModule([Path.Combine(Root, "Opi.psd1")]);
            if (OperatingSystem.IsWindows())
            {
                state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned; // as pwsh has it by its settings
            }

            _runspace = RunspaceFactory.CreateRunspace(state);
            _runspace.Open();
        }

        public PSObject Help(string cmdlet) => Run("Get-Help $name", cmdlet).Single();

        public IReadOnlyCollection<PSObject> Run(string script, string? name = null)
        {
            using var shell = Shell.Create(_runspace);
            return shell.AddScript($"param($name) $ErrorActionPreference = 'Stop'; {script}").AddArgument(name).Invoke();
        }

        public void Dispose() => _runspace.Dispose();
    }
}
