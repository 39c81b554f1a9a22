namespace Opi.Tests;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "any\nthing", true)]
    [InlineData("?", "", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*b*", "abc", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("claude-*-4-5", "CLAUDE-sonnet-4-5", true)]
    [InlineData("abc", "abc\n", false)]
    [InlineData("claude.x", "claude-x", false)] // a point is a point
    [InlineData("[a-c]x", "Bx", true)]
    [InlineData("[A-C]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("[^a]", "b", false)] // no set of what is not wanted
    [InlineData("[^a]", "^", true)]
    [InlineData("`*", "*", true)]
    [InlineData("`*", "x", false)]
    [InlineData("a`[1`]", "a[1]", true)]
    [InlineData("[`]a]", "]", true)]
    [InlineData("opus[1m]", "opus1", true)]
    [InlineData("opus[1m]", "opus[1m]", true)] // its own text
    [InlineData("/src/[id]/*", "/src/i/x", true)]
    [InlineData("FILE", "file", true)] // with the letter i of no culture
    public void A_pattern_takes_what_it_says(string pattern, string name, bool expected) =>
        Assert.Equal(expected, new Wildcard(pattern).IsMatch(name));

    [Theory]
    [InlineData("a[b", "not closed")]
    [InlineData("[", "not closed")]
    [InlineData("[]", "not closed")]
    [InlineData("[b-a]", "backwards")]
    [InlineData("a`", "backtick")]
    [InlineData("[a`", "backtick")]
    public void A_broken_pattern_is_an_error_that_says_why(string pattern, string reason)
    {
        InvalidWildcardException error = Assert.Throws<InvalidWildcardException>(() => new Wildcard(pattern));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{pattern}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_many_stars_is_not_a_trap()
    {
        var pattern = new Wildcard(string.Concat(Enumerable.Repeat("*a", 200)) + "b");

        Assert.False(pattern.IsMatch(new string('a', 5_000)));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("en-US")]
    public void Case_is_the_same_in_every_culture(string culture)
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo(culture);
        try
        {
            Assert.True(new Wildcard("GEMINI-*").IsMatch("gemini-2"));
            Assert.True(new Wildcard("[H-J]*").IsMatch("i"));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("sonnet", "anthropic", "sonnet", true)]
    [InlineData("anthropic:*", "anthropic", "sonnet", true)]
    [InlineData("anthropic:*", null, "sonnet", false)]
    [InlineData("sonnet", null, "sonnet", true)]
    [InlineData("*", null, null, true)]
    [InlineData("?*", null, null, false)]
    [InlineData("opus|sonnet", "anthropic", "sonnet", true)]
    [InlineData("opus|gpt*", "anthropic", "sonnet", false)]
    [InlineData("", "anthropic", "sonnet", true)] // no pattern
    public void Models_are_taken_by_any_of_the_patterns(string patterns, string? provider, string? model, bool expected) =>
        Assert.Equal(expected, new ModelFilter(patterns.Split('|', StringSplitOptions.RemoveEmptyEntries)).Takes(provider, model));

    [Theory]
    [InlineData(@"C:\src\app", "C:/src/app", true)]
    [InlineData("C:/src/app", @"c:\src\app", true)]
    [InlineData(@"C:\src\app\", @"C:\src\app", true)]
    [InlineData("/src/app/", "/src/app", true)]
    [InlineData("/src/app", "/src/app/", true)]
    [InlineData("/src/app", "/src/app2", false)]
    [InlineData(@"*\app", "/src/app", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/src", false)]
    [InlineData("/src/[id]", "/src/[id]", true)]
    [InlineData("*", null, true)]
    [InlineData("/src", null, false)]
    [InlineData("/a|/b", "/b", true)]
    public void Projects_are_taken_with_either_slash(string patterns, string? project, bool expected) =>
        Assert.Equal(expected, new ProjectFilter(patterns.Split('|')).Takes(project));
}
