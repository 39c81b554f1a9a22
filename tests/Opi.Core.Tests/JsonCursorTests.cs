using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Opi.Tests;

/// <summary>The cursor against the framework's reader, over the same input.</summary>
public class JsonCursorTests
{
    private const int Mutations = 20_000;

    private static readonly byte[][] GoldenLines =
        [.. Golden.Cases("s*").SelectMany(name => Golden.Lines(name, "session.jsonl")).Distinct().Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData("null")]
    [InlineData(" true ")]
    [InlineData("\t[\r\n]\n")]
    [InlineData("""{"a":[{},[],{"b":[[]]}],"c":1}""")]
    [InlineData("[1,2,{\"a\":null},\"x\"]")]
    [InlineData("-0")]
    [InlineData("-0.0e-0")]
    [InlineData("1E+5")]
    [InlineData("\"\\u00e9\\n\\/\\ud83d\\ude00\"")]
    [InlineData("\"\u007f\u2028\"")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("{\"\":\"\"}")]
    public void Accepts_what_is_json(string json)
    {
        Assert.True(FrameworkAccepts(Encoding.UTF8.GetBytes(json)));
        Assert.True(CursorAccepts(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nul")]
    [InlineData("True")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("[1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("[")]
    [InlineData("[[]")]
    [InlineData("{\"a\":{}")]
    [InlineData("]")]
    [InlineData("[]]")]
    [InlineData("1 2")]
    [InlineData("\"a")]
    [InlineData("\"a\n\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u123\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud800\\ud800\"")]
    [InlineData("\"\\udc00\"")]
    [InlineData("\"\\ud800x\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("// c\n1")]
    [InlineData("1\0")]
    [InlineData("\0")]
    [InlineData("[\0]")]
    [InlineData("\ufeff1")]
    [InlineData("\u00a01")]
    public void Refuses_what_is_not_json(string json)
    {
        Assert.False(FrameworkAccepts(Encoding.UTF8.GetBytes(json)));
        Assert.False(CursorAccepts(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Objects_and_arrays_are_told_apart_at_each_level()
    {
        var random = new Random(7);
        for (int run = 0; run < 20; run++)
        {
            bool[] isObject = [.. Enumerable.Range(0, JsonCursor.MaxDepth).Select(_ => random.Next(2) == 0)];
            string text = string.Concat(isObject.Select(one => one ? "{\"a\":1,\"b\":" : "[1,")) + "2"
                + string.Concat(Enumerable.Reverse(isObject).Select(one => one ? ",\"c\":3}" : ",3]"));
            string wrong = text[..^1] + (isObject[0] ? "]" : "}");

            Assert.Equal(text.Length, SkipWhole(text));
            Assert.Throws<WireException>(() => SkipWhole(wrong));
        }

        static int SkipWhole(string text)
        {
            var cursor = new JsonCursor(Encoding.UTF8.GetBytes(text));
            int length = cursor.Skip().Length;
            cursor.End();
            return length;
        }
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"a\":", "}]")]
    public void Nests_127_levels_deep_and_no_deeper(string open, string close)
    {
        int levels = open.Contains('[', StringComparison.Ordinal) && open.Contains('{', StringComparison.Ordinal) ? 2 : 1;
        string whole = Nested(126 / levels);
        Assert.True(CursorAccepts(Encoding.UTF8.GetBytes($"[{whole}]")));
        Assert.True(FrameworkAccepts(Encoding.UTF8.GetBytes($"[{whole}]")));
        Assert.False(CursorAccepts(Encoding.UTF8.GetBytes($"[[{whole}]]")));
        Assert.False(FrameworkAccepts(Encoding.UTF8.GetBytes($"[[{whole}]]")));

        string Nested(int times) => string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(close, times));
    }

    [Fact]
    public void Accepts_of_mutated_lines_what_the_framework_accepts()
    {
        int accepted = 0;
        foreach (byte[] line in MutatedLines(seed: 1, Mutations))
        {
            bool expected = FrameworkAccepts(line);
            Assert.True(expected == CursorAccepts(line), $"framework {expected}: {Encoding.UTF8.GetString(line)}");
            accepted += expected ? 1 : 0;
        }

        Assert.InRange(accepted, Mutations / 20, Mutations * 19 / 20); // both sides were tried
    }

    [Fact]
    public void Inspecting_and_reading_a_mutated_line_agree()
    {
        int accepted = 0;
        foreach (byte[] line in MutatedLines(seed: 2, Mutations))
        {
            var facts = new EntryFacts();
            string? fault = Try(() => EntryWire.Read(line), out SessionEntry? entry);
            try
            {
                EntryWire.Inspect(line, ref facts);
                Assert.True(fault is null, $"only reading refuses ({fault}): {Encoding.UTF8.GetString(line)}");
            }
            catch (WireException refused)
            {
                Assert.True(fault == refused.Message, $"reading: {fault}, inspecting: {refused.Message}: {Encoding.UTF8.GetString(line)}");
                continue;
            }

            accepted++;
            Assert.Equal(entry!.Type, facts.Type);
            Assert.Equal(entry.Id, facts.Id.ToString());
            Assert.Equal(entry.ParentId, facts.HasParent ? facts.ParentId.ToString() : null);
            Assert.Equal(entry.Timestamp, facts.Timestamp.ToString());
            Message? message = (entry as MessageEntry)?.Message;
            Assert.Equal(message?.Role, facts.Message.Role == EntryRole.None ? null : facts.Message.Role == EntryRole.ToolResult ? "tool_result" : facts.Message.Role.ToString().ToLowerInvariant());
            Assert.Equal((message as AssistantMessage)?.Usage, facts.Message.Usage);
            Assert.Equal((entry as LeafEntry)?.EntryId ?? (entry as CompactionEntry)?.FirstKeptEntryId ?? "", facts.Target.ToString());
            if (entry is not UnknownEntry)
            {
                // What can be read can be written, and then reads the same.
                string written = Make.Line(entry);
                Assert.Equal(written, Make.Line(Make.ReadEntry(written)));
            }
        }

        Assert.InRange(accepted, Mutations / 20, Mutations * 19 / 20);
    }

    private static string? Try<T>(Func<T> read, out T? value)
    {
        value = default;
        try
        {
            value = read();
            return null;
        }
        catch (WireException fault)
        {
            return fault.Message;
        }
    }

    private static bool CursorAccepts(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        try
        {
            var json = new JsonCursor(bytes);
            json.Skip();
            json.End();
            return true;
        }
        catch (WireException)
        {
            return false;
        }
    }

    /// <summary>The framework takes an escape of half a surrogate pair until somebody asks for the text.</summary>
    private static bool FrameworkAccepts(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static IEnumerable<byte[]> MutatedLines(int seed, int count)
    {
        var random = new Random(seed);
        byte[] marks = "{}[]\",:\\u0e-.1 tn\0"u8.ToArray();
        for (int i = 0; i < count; i++)
        {
            List<byte> line = [.. GoldenLines[random.Next(GoldenLines.Length)]];
            for (int changes = random.Next(3); changes >= 0 && line.Count > 0; changes--)
            {
                int at = random.Next(line.Count);
                switch (random.Next(7))
                {
                    case 0: // flip a bit
                        line[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1: // cut the end
                        line.RemoveRange(at, line.Count - at);
                        break;
                    case 2: // cut a piece
                        line.RemoveRange(at, random.Next(Math.Min(8, line.Count - at)) + 1);
                        break;
                    case 3: // a mark of the grammar
                        line.Insert(at, marks[random.Next(marks.Length)]);
                        break;
                    case 4: // another line's end
                        byte[] other = GoldenLines[random.Next(GoldenLines.Length)];
                        line.RemoveRange(at, line.Count - at);
                        line.AddRange(other.AsSpan(random.Next(other.Length)));
                        break;
                    case 5: // change a letter or a digit, which often stays well formed
                        line[at] = char.IsAsciiLetterOrDigit((char)line[at]) ? (byte)"0189aefnrtuxz"[random.Next(13)] : line[at];
                        break;
                    default: // a member given twice, or an unknown one
                        string text = Encoding.UTF8.GetString([.. line]);
                        int comma = text.IndexOf(",\"", Math.Min(random.Next(text.Length + 1), text.Length), StringComparison.Ordinal);
                        string member = random.Next(2) == 0 ? ",\"x\":[1,{\"y\":\"\\n\"}]" : ",\"id\":\"again\"";
                        line = [.. Encoding.UTF8.GetBytes(comma < 0 ? text : text.Insert(comma, member))];
                        break;
                }
            }

            yield return [.. line];
        }
    }
}
