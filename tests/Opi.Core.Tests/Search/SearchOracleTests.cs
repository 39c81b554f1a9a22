using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>
/// The search finds what somebody finds who decodes every line. The logs spell their texts in every way that JSON has, and many ways at once.
/// </summary>
public sealed class SearchOracleTests
{
    private static readonly string[] Queries =
    [
        "deadlock", "DeadLock", "lock", "k", "Zürich", "zÜRICH", "ошибка", "ОШИБ", "死锁", "x\"y", "a\\b", "\"", "\\", "/", "C:\\src\\opi", "it's <b>",
        "=>", "café au lait", "\u00e9\u00e9", "🚀", "go 🚀", "ſtraße", "ΣΊΣΥΦΟΣ", "tab\there", "two words", "1.5e3", "-", "&&", "\u212a", "İi", "u0041", "\\u0041",
    ];

    private static readonly string[] Pieces =
    [
        "deadlock", "DEADLOCK", "dead lock", "Zürich", "ZÜRICH", "ошибка", "Ошибка", "死锁", "x\"y", "a\\b", "C:\\src\\opi", "it's <b>", "=>", "café au lait",
        "éé", "ÉÉ", "🚀", "go 🚀", "ſtraße", "STRASSE", "Σίσυφος", "tab\there", "two\nwords", "two words", "1.5e3", "-", "&&", "\u212a", "K", "İi", "ii", "lorem",
        "ipsum/dolor", "u0041", "\\u0041", "A", "\u0001", "\r\n",
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void All_hits_are_found_and_no_others(int seed, bool caseSensitive)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        var texts = new List<(string Id, string Text)>();
        var log = new StringBuilder();
        for (int i = 0; i < 400; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)] + " \n"[random.Next(2)]));
            string id = $"id{i}";
            texts.Add((id, text));
            log.Append(Line(random, id, text)).Append('\n');
        }

        string path = folder.Write(log.ToString(), "log.jsonl");
        foreach (string query in Queries)
        {
            IEnumerable<string> expected = texts.Where(item => Has(item.Text, query, caseSensitive)).Select(item => item.Id);
            var found = Find.Of(new SearchRequest { Text = query, CaseSensitive = caseSensitive, Sources = [UsageSource.ClaudeCode], Paths = [path] });
            Assert.Equal((query, string.Join(' ', expected.Order())), (query, string.Join(' ', found.Select(hit => hit.EntryId).Distinct().Order())));
        }
    }

    [Fact]
    public void A_line_as_it_was_spelled_is_what_the_framework_decodes()
    {
        var random = new Random(7);
        foreach (string piece in Pieces)
        {
            using JsonDocument line = JsonDocument.Parse(Line(random, "x", piece));
            Assert.Contains(piece, DeepTexts(line.RootElement));
        }
    }

    [Fact]
    public void Only_a_letter_of_ASCII_is_the_same_as_one()
    {
        for (int i = 0x80; i <= char.MaxValue; i++)
        {
            for (char ascii = ' '; ascii < 0x7F; ascii++)
            {
                Assert.False(((char)i).ToString().Equals(ascii.ToString(), StringComparison.OrdinalIgnoreCase), $"U+{i:X4} and {ascii}");
            }
        }
    }

    /// <summary>A text, or the arguments of a call, which some agents encode as a text once more.</summary>
    private static string Line(Random random, string id, string text)
    {
        string content = random.Next(4) switch
        {
            0 => Spell(random, text),
            1 => "[{\"type\":\"text\",\"text\":" + Spell(random, text) + "}]",
            2 => "[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"t\",\"input\":{\"q\":" + Spell(random, text) + "}}]",
            _ => "[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"t\",\"input\":" + Spell(random, "{\"q\":" + Spell(random, text) + "}") + "}]",
        };
        return $$$"""{"type":"assistant","uuid":"{{{id}}}","sessionId":"s","isSidechain":false,"timestamp":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":{{{content}}}}}""";
    }

    /// <summary>A JSON string with each unit spelled at random: as it is, by a short escape, or by its number in any case.</summary>
    private static string Spell(Random random, string text)
    {
        int style = random.Next(4); // mostly plain, all escaped, half, only what is not ASCII
        var spelled = new StringBuilder("\"");
        foreach (char c in text)
        {
            bool must = c < ' ' || c is '"' or '\\';
            bool numbered = style switch { 1 => true, 2 => random.Next(2) == 0, 3 => c > '~', _ => char.IsControl(c) };
            int shortAt = "\"\\/\b\f\n\r\t".IndexOf(c, StringComparison.Ordinal);
            if (char.IsSurrogate(c) && style == 2)
            {
                numbered = true; // a half that is not escaped beside one that is cannot be written
            }

            if (shortAt >= 0 && (must || random.Next(3) == 0) && (!numbered || random.Next(2) == 0))
            {
                spelled.Append('\\').Append("\"\\/bfnrt"[shortAt]);
            }
            else if (numbered || must)
            {
                string digits = ((int)c).ToString("x4", CultureInfo.InvariantCulture);
                spelled.Append("\\u").Append(string.Concat(digits.Select(digit => random.Next(2) == 0 ? char.ToUpperInvariant(digit) : digit)));
            }
            else
            {
                spelled.Append(c);
            }
        }

        return spelled.Append('"').ToString();
    }

    /// <summary>The slow way: with each run of white space as one space.</summary>
    private static bool Has(string text, string query, bool caseSensitive) =>
        Flat(text).Contains(Flat(query), caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Flat(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\s+", " ");

    private static IEnumerable<string> DeepTexts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => DeepTexts(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(DeepTexts),
        JsonValueKind.String when value.GetString()!.StartsWith("{\"q\"", StringComparison.Ordinal) =>
            DeepTexts(JsonDocument.Parse(value.GetString()!).RootElement),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
