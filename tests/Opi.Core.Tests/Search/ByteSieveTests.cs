using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opi.Tests;

public sealed class ByteSieveTests
{
    private const string Alphabet = "abkKnu05-._@`~<éÉïЯя日本語ſ\u212A";

    /// <summary>No text is missed, whichever characters are escaped, and where JSON is in a text of JSON in turn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_text_is_found_however_it_is_spelled(int depth)
    {
        var random = new Random(depth);
        for (int i = 0; i < 6_000 / (depth * depth); i++)
        {
            bool caseSensitive = random.Next(2) == 0;
            string text = RandomText(random, random.Next(1, 8));
            string said = RandomText(random, random.Next(100)) + (caseSensitive ? text : OtherCase(text, random)) + RandomText(random, random.Next(100));
            string line = said;
            for (int level = 0; level < depth; level++)
            {
                line = "{\"x\":\"" + Escape(line, random) + "\"}";
            }

            string inner = line;
            for (int level = 0; level < depth; level++)
            {
                inner = JsonDocument.Parse(inner).RootElement.GetProperty("x").GetString()!;
            }

            Assert.Equal(said, inner);
            Assert.True(new ByteSieve(text, caseSensitive).Takes(Encoding.UTF8.GetBytes(line)), $"'{text}' is missed in {line}");
        }
    }

    /// <summary>What many bytes at once give is what a look at each place alone gives.</summary>
    [Fact]
    public void The_places_in_long_bytes_are_those_in_short_ones()
    {
        const int Short = 37; // too short for many at once, and long enough for the longest spelling
        string[] pieces = ["a", "b", "\\", "u", "0", "00", "\\u00", "\\u0061", "\\u003C", "\\u002d", "\\u65E5", "\\u672c", "-", "ab", "日", "本", "é", "\n"];
        string[] texts = ["a", "ab", "aBk", "a-b", "日", "日本", "é", "éa", "a0", "<a"];
        var random = new Random(4);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(150)).Select(_ => pieces[random.Next(pieces.Length)])));
            if (random.Next(2) == 0)
            {
                bytes = [.. bytes.Select(value => value == (byte)'a' || value >= 0x80 ? (byte)'x' : value)]; // so that places are rare
            }

            var sieve = new ByteSieve(texts[random.Next(texts.Length)], random.Next(2) == 0);
            int from = random.Next(bytes.Length + 1);
            int expected = Enumerable.Range(from, bytes.Length - from)
                .FirstOrDefault(at => sieve.Next(bytes.AsSpan(at, Math.Min(Short, bytes.Length - at)), 0) == 0, -1);

            Assert.Equal(expected, sieve.Next(bytes, from));
        }
    }

    /// <summary>Escapes that writers often use are no reason to read a line.</summary>
    [Theory]
    [InlineData("deadlock", "\\u003Cb\\u003e \\u0022dead\\u0022 lock \\u00e9 \\u001b[0m \\u0060x\\u0060")]
    [InlineData("dead-lock", "dead\\u002Dlog \\u002d \\u0022")]
    [InlineData("日本人", "\\u65e5\\u672C\\u8A9E 日本語")]
    [InlineData("naïve", "na\\u00EFf, na\\u00EF")]
    [InlineData("naïve", "na\\\\u00EFf")]
    public void A_line_with_other_escapes_is_left_out(string text, string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + new string(' ', 100) + line);

        Assert.False(new ByteSieve(text, caseSensitive: false).Takes(bytes));
    }

    /// <summary>The search gives what a reading of each line gives.</summary>
    [Fact]
    public void A_search_gives_what_a_reading_of_all_lines_gives()
    {
        using var folder = new TempFolder();
        var random = new Random(6);
        var log = new StringBuilder();
        var said = new List<string>();
        for (int i = 0; i < 1_000; i++)
        {
            said.Add(RandomText(random, random.Next(1, 60)) + " " + RandomText(random, random.Next(1, 30)));
            log.Append("{\"type\":\"user\",\"uuid\":\"").Append(i).Append("\",\"sessionId\":\"s\",\"cwd\":\"/w\",\"timestamp\":\"2026-11-24T10:00:00.000Z\",");
            log.Append("\"message\":{\"role\":\"user\",\"content\":\"").Append(Escape(said[^1], random)).Append("\"}}\n");
        }

        string path = folder.Write(log.ToString(), "log.jsonl");
        for (int i = 0; i < 40; i++)
        {
            string text = RandomText(random, random.Next(1, 4));
            bool caseSensitive = random.Next(2) == 0;
            StringComparison comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            string[] expected = [.. said.Select((words, at) => (words, at)).Where(line => line.words.Contains(text, comparison)).Select(line => $"{line.at}")];

            IReadOnlyList<OpiSearchHit> hits = Find.Of(
                new SearchRequest { Text = text, CaseSensitive = caseSensitive, Sources = [UsageSource.ClaudeCode], Paths = [path] });

            Assert.Equal(expected.Order(StringComparer.Ordinal), hits.Select(hit => hit.EntryId!).Order(StringComparer.Ordinal));
        }
    }

    private static string RandomText(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    private static string OtherCase(string text, Random random) => string.Concat(text.Select(c =>
    {
        char other = random.Next(2) == 0 ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c);
        return c.ToString().Equals(other.ToString(), StringComparison.OrdinalIgnoreCase) ? other : c;
    }));

    private static string Escape(string text, Random random)
    {
        int rarity = random.Next(1, 12);
        return string.Concat(text.Select(c => random.Next(rarity) == 0
            ? "\\u" + ((int)c).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)
            : c is '"' or '\\' ? "\\" + c : c.ToString()));
    }
}
