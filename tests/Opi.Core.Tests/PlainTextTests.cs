using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Opi.Tests;

/// <summary>The library has users without PowerShell: no text of it names a cmdlet or a parameter, and it asks a clock that can be given.</summary>
public sealed partial class PlainTextTests
{
    private static readonly string[] Files =
        Directory.GetFiles(Path.Combine(Repository.Root, "src", "Opi.Core"), "*.cs", SearchOption.AllDirectories);

    [Fact]
    public void No_text_or_comment_of_the_library_names_a_cmdlet_or_a_parameter()
    {
        string[] found =
        [
            .. Files.SelectMany(file => Texts(file).SelectMany(
                text => Named(text.Text).Select(name => $"{Path.GetFileName(file)}:{text.Line} {name}"))),
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("Resume-OpiSession opens it again.", "Resume-OpiSession")]
    [InlineData("give another -Destination", "-Destination")]
    [InlineData("-NoClobber", "-NoClobber")]
    [InlineData("ConvertTo-Json cuts at a depth of 2", "ConvertTo-Json")]
    [InlineData("use Get-ChildItem", "Get-ChildItem")]
    public void The_search_finds_names_of_commands_and_parameters(string text, string name) => Assert.Contains(name, Named(text));

    [Theory]
    [InlineData("default-src 'none'; Content-Security-Policy")]
    [InlineData(@"\b[A-Za-z0-9_-]{20,}")]
    [InlineData("a Retry-After header, sk-Ant, x -1, Unix-like")]
    public void The_search_takes_other_words_for_what_they_are(string text) => Assert.Empty(Named(text));

    [Fact]
    public void The_library_reads_no_clock_but_a_time_provider()
    {
        string[] found =
        [
            .. Files.SelectMany(file => File.ReadLines(file).Select((line, at) => (line, at))
                .Where(item => ClockRead().IsMatch(item.line)).Select(item => $"{Path.GetFileName(file)}:{item.at + 1} {item.line.Trim()}")),
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void A_public_member_promises_errors_of_the_librarys_own_family()
    {
        string[] found =
        [
            .. Files.SelectMany(file => CSharpSyntaxTree.ParseText(SharedText.ReadAllText(file)).GetRoot().DescendantNodes()
                .OfType<MemberDeclarationSyntax>()
                .Where(member => member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(part => part.Modifiers.Any(SyntaxKind.PublicKeyword)))
                .SelectMany(member => FrameworkError().Matches(member.GetLeadingTrivia().ToFullString()))
                .Select(match => $"{Path.GetFileName(file)} {match.Value}")),
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> Named(string text) => CommandOrParameter().Matches(text).Select(match => match.Value);

    /// <summary>The string literals, the texts between the holes of the interpolated ones, and the comments of a file.</summary>
    private static IEnumerable<(string Text, int Line)> Texts(string file)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(SharedText.ReadAllText(file)).GetRoot();
        IEnumerable<(string Text, Location Place)> literals = root.DescendantTokens()
            .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.Utf8StringLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
            .Select(token => (token.Text, token.GetLocation()));
        IEnumerable<(string Text, Location Place)> comments = root.DescendantTrivia()
            .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
            .Select(trivia => (trivia.ToFullString(), trivia.GetLocation()));
        return literals.Concat(comments).Select(item => (item.Text, item.Place.GetLineSpan().StartLinePosition.Line + 1));
    }

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+-Opi[A-Z]\w*|\b(?:Get|Set|New|Add|Remove|Clear|Out|Write|Read|Invoke|Import|Export|Start|Stop|Test|Measure|Select|Where|ForEach|"
        + @"ConvertTo|ConvertFrom|Register|Install)-[A-Z][a-z]\w*|(?<![\w\-\\\]])-[A-Z][a-z]\w*")]
    private static partial Regex CommandOrParameter();

    /// <summary>Errors of files and formats. Those of a wrong argument are a programmer's.</summary>
    [GeneratedRegex(@"exception cref=""(?:IOException|UnauthorizedAccessException|FormatException|File\w+Found\w+|JsonException)")]
    private static partial Regex FrameworkError();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:UtcNow|Now|Today)|\bStopwatch\b|\bEnvironment\.TickCount")]
    private static partial Regex ClockRead();
}
