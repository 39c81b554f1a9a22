using System.Text;

namespace Opi;

/// <summary>The ways to write one model's name. The catalogue's rules know many of them; these are the rest.</summary>
internal static class ModelSpelling
{
    private static readonly string[] Aliases = ["-latest", "@latest", "@default", ":latest", ":0"];

    /// <summary>The name in lower case as it is, then without what providers and agents add to it. The first that meets a rule counts.</summary>
    /// <param name="name">A name in lower case.</param>
    public static IEnumerable<string> Of(string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string bare in Bare(name))
        {
            foreach (string spelling in Variants(bare))
            {
                if (spelling.Length > 0 && seen.Add(spelling))
                {
                    yield return spelling;
                }
            }
        }
    }

    // With its path, as some providers have it in the name; then the last part of it: models/gemini-2.5-pro,
    // arn:...:foundation-model/anthropic.claude-3-haiku.
    private static IEnumerable<string> Bare(string name)
    {
        yield return name;
        int bracket = name.IndexOf('[', StringComparison.Ordinal); // claude-opus-4-8[1m]
        string plain = bracket > 0 ? name[..bracket] : name;
        yield return plain;
        if (plain.Contains("models/", StringComparison.Ordinal) || plain.StartsWith("arn:", StringComparison.Ordinal))
        {
            yield return plain[(plain.LastIndexOf('/') + 1)..];
        }
    }

    private static IEnumerable<string> Variants(string name)
    {
        yield return name;
        string dashed = name.Replace('@', '-'); // Vertex writes claude-sonnet-4@20250514
        yield return dashed;
        string? alias = Array.Find(Aliases, alias => name.EndsWith(alias, StringComparison.Ordinal));
        string stem = alias is null ? dashed : name[..^alias.Length];
        yield return stem;
        string undated = WithoutDate(stem);
        yield return undated;
        foreach (string text in new[] { stem, undated })
        {
            yield return BetweenDigits(text, '.', '-');
            yield return BetweenDigits(text, '-', '.');
        }
    }

    /// <summary>Without -20250929 or -2025-09-29 at the end.</summary>
    private static string WithoutDate(string name) =>
        name.Length > 9 && IsDate(name[^9..]) ? name[..^9]
        : name.Length > 11 && IsDate(name[^11..]) ? name[..^11]
        : name;

    private static bool IsDate(string text) =>
        text[0] == '-' && text.Replace("-", "", StringComparison.Ordinal) is { Length: 8 } digits
        && digits.All(char.IsAsciiDigit) && digits.StartsWith("20", StringComparison.Ordinal);

    /// <summary>Between single digits: 4-5 and 4.5 are one version, but 2024-08 is no version.</summary>
    private static string BetweenDigits(string name, char from, char to)
    {
        var text = new StringBuilder(name);
        for (int i = 1; i < name.Length - 1; i++)
        {
            bool single = char.IsAsciiDigit(name[i - 1]) && char.IsAsciiDigit(name[i + 1])
                && (i < 2 || !char.IsAsciiDigit(name[i - 2])) && (i + 2 >= name.Length || !char.IsAsciiDigit(name[i + 2]));
            if (name[i] == from && single)
            {
                text[i] = to;
            }
        }

        return text.ToString();
    }
}
