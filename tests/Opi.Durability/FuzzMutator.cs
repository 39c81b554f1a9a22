using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Opi.CrashTests;

/// <summary>Mutates files, in the ways in which the world does, and in some worse ones.</summary>
internal sealed partial class FuzzMutator(IReadOnlyList<FuzzBase> bases)
{
    private const int MostMutations = 4;
    private const int LongestRun = 5000;
    private const int DeepestNesting = 3000;

    private static readonly string[] Numbers =
        ["0", "-1", "-0", "1e400", "-1e400", "1e-400", "1E5", "0.1", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999999999999999999", "9007199254740993", "79228162514264337593543950335", "-0.0000001", "1e27", "00", "1.", ".5", "+1", "NaN", "null", "\"1\""];

    private static readonly string[] Snippets =
        ["\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r", "\r\n", "\n\n", "\0", "null", "true", " ", "\t", "\v", "\f", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\x", "\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00ef\u00bb\u00bf", "\u00e2\u0080\u00a8", "{}", "[]", "}{", "}\n{", "{\"type\":\"leaf\"}", "{\"type\":\"message\",\"id\":\"msg-1\"}", "\"type\":\"x\","];

    private static readonly string[] Values =
        ["null", "true", "0", "-1", "\"\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"a\":1}", "\"text\"", "\"1\"", "1.5"];

    private static readonly string[] Times =
        ["\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"10000-01-01T00:00:00Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-03-01T24:00:00Z\"", "\"2026-03-01\"", "\"\"", "0", "-1", "1e18", "253402300800000", "null", "{}"];

    /// <summary>The files.</summary>
    public IReadOnlyList<FuzzBase> Bases => bases;

    /// <summary>A mutated copy of a text.</summary>
    public (string Text, string What) Mutate(Random random, string text)
    {
        var what = new List<string>();
        List<(string Name, Func<Random, string, string> Mutation)> all = Mutations();
        for (int i = random.Next(MostMutations); i >= 0; i--)
        {
            (string name, Func<Random, string, string> mutation) = all[random.Next(all.Count)];
            text = mutation(random, text);
            what.Add(name);
        }

        return (text, string.Join(", ", what));
    }

    /// <summary>A mutated copy of one of the files.</summary>
    /// <returns>The file, the copy, and what was done.</returns>
    public (FuzzBase Base, byte[] Bytes, string What) Mutate(Random random)
    {
        FuzzBase source = bases[random.Next(bases.Count)];
        (string text, string what) = Mutate(random, Encoding.Latin1.GetString(source.Bytes));
        return (source, Encoding.Latin1.GetBytes(text), what);
    }

    private List<(string Name, Func<Random, string, string> Mutation)> Mutations() =>
    [
        ("bit flips", FlipBits),
        ("bytes set", SetBytes),
        ("cut", Cut),
        ("end cut", (random, text) => text[..random.Next(text.Length + 1)]),
        ("splice", (random, text) => text.Insert(random.Next(text.Length + 1), Piece(random, Other(random)))),
        ("overwritten", Overwrite),
        ("NUL run", NulRun),
        ("NUL run inserted", (random, text) => text.Insert(random.Next(text.Length + 1), new string('\0', random.Next(1, LongestRun)))),
        ("fused lines", Fuse),
        ("duplicated line", (random, text) => ChangeLines(random, text, (lines, line) => lines.Insert(random.Next(lines.Count + 1), line))),
        ("swapped lines", SwapLines),
        ("deleted line", (random, text) => ChangeLines(random, text, (lines, line) => lines.Remove(line))),
        ("foreign line", ForeignLine),
        ("CRLF", (_, text) => text.Replace("\n", "\r\n", StringComparison.Ordinal)),
        ("CR", (_, text) => text.Replace('\n', '\r')),
        ("one CR", OneCr),
        ("line break", (random, text) => text.Insert(random.Next(text.Length + 1), "\n")),
        ("snippets", InsertSnippets),
        ("number", ChangeNumber),
        ("escaped name", (random, text) => ReplaceOne(random, text, Name(), name => EscapeOne(random, name))),
        ("name", (random, text) => ReplaceOne(random, text, Name(), name => ChangeName(random, name))),
        ("time", (random, text) => ReplaceOne(random, text, Time(), _ => Times[random.Next(Times.Length)])),
        ("value of another type", (random, text) => ReplaceOne(random, text, Value(), _ => Values[random.Next(Values.Length)])),
        ("nesting", Nest),
        ("id", ChangeId),
        ("id", ChangeId),
        ("string", ChangeString),
        ("key twice", DoubleKey),
        ("BOM", (_, text) => "\u00ef\u00bb\u00bf" + text),
        ("long run", (random, text) => text.Insert(random.Next(text.Length + 1), new string("{[\"\\ \n,a"[random.Next(8)], random.Next(1, LongestRun)))),
    ];

    private string Other(Random random) => Encoding.Latin1.GetString(bases[random.Next(bases.Count)].Bytes);

    private static string Piece(Random random, string text)
    {
        int start = random.Next(text.Length + 1);
        return text.Substring(start, Math.Min(random.Next(LongestRun), text.Length - start));
    }

    private static string FlipBits(Random random, string text)
    {
        char[] changed = text.ToCharArray();
        for (int i = random.Next(8); i >= 0 && changed.Length > 0; i--)
        {
            changed[random.Next(changed.Length)] ^= (char)(1 << random.Next(8));
        }

        return new string(changed);
    }

    private static string SetBytes(Random random, string text)
    {
        char[] changed = text.ToCharArray();
        for (int i = random.Next(4); i >= 0 && changed.Length > 0; i--)
        {
            changed[random.Next(changed.Length)] = random.Next(3) == 0 ? (char)random.Next(256) : "\"\\{}[],:\n\r\0 0"[random.Next(13)];
        }

        return new string(changed);
    }

    private static string Cut(Random random, string text)
    {
        int start = random.Next(text.Length + 1);
        int length = random.Next(2) == 0 ? random.Next(20) : random.Next(LongestRun);
        return text.Remove(start, Math.Min(length, text.Length - start));
    }

    private string Overwrite(Random random, string text)
    {
        string piece = Piece(random, Other(random));
        int start = random.Next(text.Length + 1);
        int length = Math.Min(piece.Length, text.Length - start);
        return text.Remove(start, length).Insert(start, piece[..length]);
    }

    private static string NulRun(Random random, string text)
    {
        int start = random.Next(text.Length + 1);
        start = random.Next(2) == 0 ? start & ~511 : start;
        int length = Math.Min(random.Next(2) == 0 ? 512 : random.Next(1, LongestRun), text.Length - start);
        return text.Remove(start, length).Insert(start, new string('\0', length));
    }

    private static string Fuse(Random random, string text)
    {
        int at = text.IndexOf('\n', random.Next(text.Length + 1));
        return at < 0 ? text : text.Remove(at, 1);
    }

    private static string OneCr(Random random, string text)
    {
        int at = text.IndexOf('\n', random.Next(text.Length + 1));
        return at < 0 ? text : text.Insert(at, "\r");
    }

    private static string ChangeLines(Random random, string text, Action<List<string>, string> change)
    {
        List<string> lines = [.. text.Split('\n')];
        change(lines, lines[random.Next(lines.Count)]);
        return string.Join('\n', lines);
    }

    private static string SwapLines(Random random, string text)
    {
        string[] lines = text.Split('\n');
        (int left, int right) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[left], lines[right]) = (lines[right], lines[left]);
        return string.Join('\n', lines);
    }

    private string ForeignLine(Random random, string text)
    {
        string[] others = Other(random).Split('\n');
        return ChangeLines(random, text, (lines, _) => lines.Insert(random.Next(lines.Count + 1), others[random.Next(others.Length)]));
    }

    private static string InsertSnippets(Random random, string text)
    {
        for (int i = random.Next(3); i >= 0; i--)
        {
            text = text.Insert(random.Next(text.Length + 1), Snippets[random.Next(Snippets.Length)]);
        }

        return text;
    }

    private static string ChangeNumber(Random random, string text) =>
        ReplaceOne(random, text, Number(), _ => Numbers[random.Next(Numbers.Length)]);

    /// <summary>A character of a name as JSON may write it too.</summary>
    private static string EscapeOne(Random random, string name)
    {
        int at = random.Next(1, name.Length - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{name[..at]}\\u{(int)name[at]:x4}{name[(at + 1)..]}");
    }

    private static string ChangeName(Random random, string name) => random.Next(4) switch
    {
        0 => name.ToUpperInvariant(),
        1 => "\"" + name[2..],
        2 => name[..^1] + "s\"",
        _ => "\"\"",
    };

    private static string ChangeId(Random random, string text)
    {
        MatchCollection ids = Id().Matches(text);
        return ids.Count == 0 ? text : ReplaceOne(random, text, Id(), _ => random.Next(10) switch
        {
            0 => "\"msg-99999999999999999999999999999999999999999\"",
            1 => "\"msg-170141183460469231731687303715884105726\"",
            2 => "null",
            3 => "\"\"",
            4 => string.Create(CultureInfo.InvariantCulture, $"\"msg-{random.Next(100)}\""),
            _ => ids[random.Next(ids.Count)].Value,
        });
    }

    private static string ChangeString(Random random, string text)
    {
        MatchCollection strings = String().Matches(text);
        return strings.Count == 0 ? text : ReplaceOne(random, text, String(), _ => strings[random.Next(strings.Count)].Value);
    }

    private static string DoubleKey(Random random, string text) =>
        ReplaceOne(random, text, Member(), member => member + "," + member);

    private static string Nest(Random random, string text)
    {
        int depth = random.Next(4) == 0 ? random.Next(DeepestNesting) : random.Next(100, 135);
        (string open, string close) = random.Next(3) switch { 0 => ("[", "]"), 1 => ("{\"a\":", "}"), _ => ("[{\"type\":", "}]") };
        string nested = string.Concat(Enumerable.Repeat(open, depth)) + "0" + (random.Next(4) == 0 ? "" : string.Concat(Enumerable.Repeat(close, depth)));
        return random.Next(3) == 0 ? text.Insert(random.Next(text.Length + 1), nested) : ReplaceOne(random, text, Value(), _ => nested);
    }

    private static string ReplaceOne(Random random, string text, Regex pattern, Func<string, string> replacement)
    {
        MatchCollection matches = pattern.Matches(text);
        if (matches.Count == 0)
        {
            return text;
        }

        Match match = matches[random.Next(matches.Count)];
        return text.Remove(match.Index, match.Length).Insert(match.Index, replacement(match.Value));
    }

    [GeneratedRegex(@"(?<=[:,\[])-?[0-9][0-9.eE+-]*")]
    private static partial Regex Number();

    [GeneratedRegex("\"[A-Za-z_]{2,40}\"(?=:)")]
    private static partial Regex Name();

    [GeneratedRegex("\"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)\"|(?<=_ms\":)[0-9]+")]
    private static partial Regex Time();

    [GeneratedRegex("\"[a-z]+-[0-9]+\"")]
    private static partial Regex Id();

    [GeneratedRegex("\"[^\"\\\\\n]*\"")]
    private static partial Regex String();

    [GeneratedRegex("\"[a-z_]+\":(\"[^\"\\\\\n]*\"|[0-9]+|null|true|false)")]
    private static partial Regex Member();

    [GeneratedRegex("(?<=:)(null|true|false|[0-9]+|\"[^\"\\\\\n]*\")")]
    private static partial Regex Value();
}
