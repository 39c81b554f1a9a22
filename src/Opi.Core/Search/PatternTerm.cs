using System.Text.RegularExpressions;

namespace Opi;

/// <summary>A pattern that is looked for.</summary>
internal sealed class PatternTerm(Regex pattern) : SearchTerm
{
    /// <summary>How long one text may take. Only patterns with look-arounds or references need a limit.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Reads a pattern. Most are run without stepping back, so that none takes forever.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="caseSensitive">Whether upper and lower case differ.</param>
    /// <exception cref="ArgumentException">It is not a pattern; the message says why.</exception>
    public static Regex Read(string pattern, bool caseSensitive)
    {
        RegexOptions options = RegexOptions.CultureInvariant | (caseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, Limit);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It takes too long on the text.</exception>
    public override (int Start, int Length) Find(string text, int from)
    {
        try
        {
            Match match = pattern.Match(text, from);
            return match.Success ? (match.Index, match.Length) : (0, -1);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new IOException($"the pattern takes more than {Limit.TotalSeconds:0} s for one text of it", error);
        }
    }
}
