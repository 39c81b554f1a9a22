using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Opi.Tests;

/// <summary>
/// The folders of Opi.Core are rooms: a room uses only those that stand before it in the list. The test asks the compiler which type each
/// name in the sources means.
/// </summary>
public sealed class RoomTests
{
    private const int LongestFile = 450;
    private const int LongestLine = 150;

    private static readonly string[] Rooms =
    [
        "Json", "Files", "Usage", "Messages", "Tokens", "Redaction", "Prices", "Providers", "Compaction", "Sessions", "Logs", "Ledger", "Costs",
        "Turns", "Integrity", "Search", "Reports",
    ];

    /// <summary>Types that every room may use stand beside the rooms.</summary>
    private static readonly string[] Shared = ["OpiException"];

    private static string Library => Path.Combine(Repository.Root, "src", "Opi.Core");

    [Fact]
    public void Every_file_of_the_library_is_in_a_room() =>
        Assert.All(Sources(Library), source => Assert.True(
            RoomOf(source) is { } room ? Rooms.Contains(room) : Shared.Contains(Path.GetFileNameWithoutExtension(source)),
            $"{Name(source)} is in no room"));

    [Fact]
    public void A_room_uses_only_rooms_before_it()
    {
        List<string> against = [.. Uses().Where(use => Rank(use.User) < Rank(use.Used)).Select(
            use => $"{use.UserName} uses {use.UsedName}").Distinct()];

        Assert.True(against.Count == 0, $"{against.Count} uses of a later room:\n{string.Join('\n', against)}");
    }

    [Fact]
    public void The_measure_sees_the_doors_that_are_used()
    {
        HashSet<(string, string)> doors = [.. Uses().Select(use => (use.User, use.Used))];

        Assert.Contains(("Messages", "Json"), doors);
        Assert.Contains(("Sessions", "Compaction"), doors);
        Assert.Contains(("Reports", "Costs"), doors);
    }

    [Theory]
    [InlineData("Opi.Core")]
    [InlineData("Opi.PowerShell")]
    public void A_file_has_one_type_named_like_it(string project) =>
        Assert.All(Sources(Path.Combine(Repository.Root, "src", project)), source =>
        {
            string[] types =
            [
                .. Parse(source).GetCompilationUnitRoot().DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
                    .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
                    .Select(
                        node => node is BaseTypeDeclarationSyntax type ? type.Identifier.Text : ((DelegateDeclarationSyntax)node).Identifier.Text),
            ];
            Assert.True(
                types is [{ } only] && only == Path.GetFileNameWithoutExtension(source).Split('.')[0],
                $"{Name(source)} has {string.Join(", ", types)}");
        });

    [Theory]
    [InlineData("src")]
    [InlineData("tools")]
    [InlineData("bench")]
    public void Lines_and_files_are_short_enough_to_read(string folder)
    {
        var tooLong = new List<string>();
        foreach (string source in Sources(Path.Combine(Repository.Root, folder)))
        {
            string[] lines = File.ReadAllLines(source);
            HashSet<int> data = DataLines(Parse(source));
            tooLong.AddRange(lines.Select((line, at) => (line, at)).Where(item => item.line.Length > LongestLine && !data.Contains(item.at))
                .Select(item => $"{Name(source)}:{item.at + 1} has {item.line.Length} columns"));
            if (folder == "src" && lines.Length > LongestFile)
            {
                tooLong.Add($"{Name(source)} has {lines.Length} lines");
            }
        }

        Assert.True(tooLong.Count == 0, $"{tooLong.Count}:\n{string.Join('\n', tooLong)}");
    }

    /// <summary>The lines that have part of a raw string: a line of a log or a reply, as it is written elsewhere, is not ours to break.</summary>
    private static HashSet<int> DataLines(SyntaxTree tree) =>
    [
        .. tree.GetRoot().DescendantTokens()
            .Where(token => token.Text.StartsWith("\"\"\"", StringComparison.Ordinal)
                || token.Parent is InterpolatedStringExpressionSyntax or InterpolatedStringTextSyntax
                && token.Parent.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>()!.StringStartToken.Text.EndsWith(
                    "\"\"\"", StringComparison.Ordinal))
            .Select(token => token.GetLocation().GetLineSpan())
            .SelectMany(span => Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1)),
    ];

    /// <summary>Each use of a type of one room in a file of another.</summary>
    private static IEnumerable<(string User, string UserName, string Used, string UsedName)> Uses()
    {
        string[] sources = Sources(Library);
        SyntaxTree[] trees = [.. sources.Select(Parse)];
        var compilation = CSharpCompilation.Create(
            "Opi.Core",
            [.. trees, CSharpSyntaxTree.ParseText(
                "global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;"
                + "global using System.Threading; global using System.Threading.Tasks;")],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(
                    path => Path.GetFileName(path) is { } name
                        && (name.StartsWith("System.", StringComparison.Ordinal) || name == "Microsoft.Win32.Primitives.dll"))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

        foreach (SyntaxTree tree in trees)
        {
            if (RoomOf(tree.FilePath) is not { } user)
            {
                continue;
            }

            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (
                SyntaxNode node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax))
            {
                if (model.GetSymbolInfo(node).Symbol is { } symbol
                    && (symbol as ITypeSymbol ?? symbol.ContainingType)?.OriginalDefinition is { DeclaringSyntaxReferences: [{ } declared, ..] } type
                    && RoomOf(declared.SyntaxTree.FilePath) is { } used
                    && used != user)
                {
                    yield return (user, Name(tree.FilePath), used, $"{type.Name} ({used})");
                }
            }
        }
    }

    private static int Rank(string room) => Array.IndexOf(Rooms, room);

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(File.ReadAllText(source), path: source);

    /// <summary>The folder of the library that a file is in; null for a file beside the folders.</summary>
    private static string? RoomOf(string source) =>
        Path.GetRelativePath(Library, source).Split(Path.DirectorySeparatorChar) is { Length: > 1 } parts ? parts[0] : null;

    private static string Name(string source) => Path.GetRelativePath(Repository.Root, source).Replace('\\', '/');

    private static string[] Sources(string folder) => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
}
