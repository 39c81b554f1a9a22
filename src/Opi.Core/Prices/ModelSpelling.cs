using System.Text;

namespace Opi;

/// <summary>The ways to write one model's name. The catalogue's rules know many of them; these are the rest.</summary>
internal static class ModelSpelling
{
    private static readonly string[] Aliases = ["-latest", "@latest", "@default", ":latest", ":0"];

    /// <summary>The name in lower case as it is, then without what providers and agents add to it. The first that has an entry counts.</summary>
    /// <param name="name">A name in lower case.</param>
    public static List<string> Of(string name)
    {
        var spellings = new List<string>();
        AddVariants(spellings, name);
        int bracket = name.IndexOf('[', StringComparison.Ordinal); // claude-opus-4-8[1m]
        string plain = bracket > 0 ? name[..bracket] : name;
        AddVariants(spellings, plain);

        // The last part of a path, as some providers have it in the name: models/gemini-2.5-pro,
        // arn:...:foundation-model/anthropic.claude-3-haiku.
        if (plain.Contains("models/", StringComparison.Ordinal) || plain.StartsWith("arn:", StringComparison.Ordinal))
        {
            AddVariants(spellings, plain[(plain.LastIndexOf('/') + 1)..]);
        }

        return spellings;
    }

    private static void AddVariants(List<string> spellings, string name)
    {
        Add(spellings, name);
        string dashed = name.Replace('@', '-'); // Vertex writes claude-sonnet-4@20250514
        Add(spellings, dashed);
        string? alias = null;
        foreach (string ending in Aliases)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                alias = ending;
                break;
            }
        }

        string stem = alias is null ? dashed : name[..^alias.Length];
        Add(spellings, stem);
        string undated = WithoutDate(stem);
        Add(spellings, undated);
        Add(spellings, BetweenDigits(stem, '.', '-'));
        Add(spellings, BetweenDigits(stem, '-', '.'));
        Add(spellings, BetweenDigits(undated, '.', '-'));
        Add(spellings, BetweenDigits(undated, '-', '.'));
    }

    private static void Add(List<string> spellings, string spelling)
    {
        if (spelling.Length > 0 && !spellings.Contains(spelling))
        {
            spellings.Add(spelling);
        }
    }

    /// <summary>Without -20250929 or -2025-09-29 at the end.</summary>
    private static string WithoutDate(string name) =>
        name.Length > 9 && IsDate(name.AsSpan(name.Length - 9)) ? name[..^9]
        : name.Length > 11 && IsDate(name.AsSpan(name.Length - 11)) ? name[..^11]
        : name;

    private static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text[0] != '-')
        {
            return false;
        }

        int digits = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                digits++;
            }
            else if (text[i] != '-')
            {
                return false;
            }
        }

        return digits == 8 && text[1] == '2' && text[2] == '0';
    }

    /// <summary>Between single digits: 4-5 and 4.5 are one version, but 2024-08 is not a version.</summary>
    private static string BetweenDigits(string name, char from, char to)
    {
        StringBuilder? text = null;
        for (int i = 1; i < name.Length - 1; i++)
        {
            if (name[i] == from && char.IsAsciiDigit(name[i - 1]) && char.IsAsciiDigit(name[i + 1])
                && (i < 2 || !char.IsAsciiDigit(name[i - 2])) && (i + 2 >= name.Length || !char.IsAsciiDigit(name[i + 2])))
            {
                text ??= new StringBuilder(name);
                text[i] = to;
            }
        }

        return text?.ToString() ?? name;
    }
}
