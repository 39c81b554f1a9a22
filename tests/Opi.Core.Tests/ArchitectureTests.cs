namespace Opi.Tests;

public class ArchitectureTests
{
    private const string Engine = "System.Management." + "Automation";

    [Fact]
    public void The_library_needs_nothing_but_the_framework()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(typeof(OpiSession).Assembly.GetReferencedAssemblies(), reference =>
        {
            Assert.NotEqual(Engine, reference.Name);
            Assert.True(File.Exists(Path.Combine(framework, reference.Name + ".dll")), reference.FullName);
        });
    }

    [Fact]
    public void No_source_of_the_library_names_the_shells_engine()
    {
        string folder = Path.Combine(Repository.Root, "src", "Opi.Core");
        string[] sources = [.. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories), .. Directory.GetFiles(folder, "*.csproj")];
        Assert.True(sources.Length > 30);
        Assert.All(sources, source =>
        {
            string text = SharedText.ReadAllText(source);
            Assert.DoesNotContain(Engine, text, StringComparison.Ordinal);
            Assert.All(
                text.Split("<PackageReference ")[1..], // only what looks at the sources while they are compiled
                reference => Assert.StartsWith(
                    "Include=\"Microsoft.CodeAnalysis.PublicApiAnalyzers\" PrivateAssets=\"all\" />", reference, StringComparison.Ordinal));
            Assert.DoesNotContain("PowerShellStandard", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_public_type_is_in_the_librarys_one_namespace() =>
        Assert.All(typeof(OpiSession).Assembly.GetExportedTypes(), type => Assert.Equal("Opi", type.Namespace));

    [Fact]
    public void Every_error_of_the_library_is_one_family_and_names_its_target() =>
        Assert.All(
            typeof(OpiSession).Assembly.GetExportedTypes().Where(type => typeof(Exception).IsAssignableFrom(type)),
            type => Assert.True(typeof(OpiException).IsAssignableFrom(type), type.Name));
}
