using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opi.Tests;

public class WireFormatTests
{
    [Fact]
    public void Every_character_is_escaped_as_serde_json_does()
    {
        var all = new StringBuilder();
        var expected = new StringBuilder();
        foreach (string text in Scalars())
        {
            Assert.Equal($"\"{Escaped(text)}\"", Written(text));
            Assert.Equal($"\"ab{Escaped(text)}cd\"", Written($"ab{text}cd"));
            all.Append(text);
            expected.Append(Escaped(text));
        }

        Assert.Equal($"\"{expected}\"", Written(all.ToString()));

        static IEnumerable<string> Scalars()
        {
            for (int c = 0; c <= 0xFFFF; c++)
            {
                if (!char.IsSurrogate((char)c))
                {
                    yield return ((char)c).ToString();
                }
            }

            foreach (int c in new[] { 0x10000, 0x1F642, 0x1F468, 0x20000, 0xE0001, 0x10FFFF })
            {
                yield return char.ConvertFromUtf32(c);
            }
        }

        static string Escaped(string text) => text[0] switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            < ' ' => "\\u00" + ((int)text[0]).ToString("x2", CultureInfo.InvariantCulture),
            _ => text,
        };
    }

    [Theory]
    [InlineData(@"a\ud800b")]
    [InlineData(@"a\udc00b")]
    [InlineData(@"a\ud800")]
    [InlineData(@"a\udc00\ud800b")]
    public void Half_a_surrogate_pair_becomes_the_replacement_character(string escaped)
    {
        // Escaped, because the test runner takes texts that differ in halves only for the same and drops all but one.
        string text = Regex.Unescape(escaped);

        Assert.Equal($"\"{Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))}\"", Written(text));
    }

    // 1, 13
    [Fact]
    public void A_users_message_has_the_keys_of_the_format_in_order()
    {
        var message = new UserMessage(
            [
                new TextContent("Read src/main.rs"),
                new ImageContent(ImageSource.FromUrl("https://x/y.png"), "image/png"),
                new ImageContent(ImageSource.FromBase64("iVBORw0KGgo="), "image/jpeg"),
                new ImageContent(ImageSource.FromBytes(new byte[] { 137, 80 }), "image/gif"),
            ],
            1000);

        Assert.Equal(
            """{"type":"message","id":"a1b2","parent_id":null,"timestamp":"T","message":{"role":"user","content":[{"type":"text","text":"Read src/main.rs"},"""
            + """{"type":"image","source":{"type":"url","url":"https://x/y.png"},"media_type":"image/png"},"""
            + """{"type":"image","source":{"type":"base64","data":"iVBORw0KGgo="},"media_type":"image/jpeg"},"""
            + """{"type":"image","source":{"type":"bytes","data":[137,80]},"media_type":"image/gif"}],"timestamp_ms":1000}}""",
            Make.Line(new MessageEntry("a1b2", null, "T", message)));
    }

    // 14
    [Fact]
    public void An_answer_has_its_optional_values_as_null()
    {
        AssistantMessage message = Make.Assistant("Hi", new Usage(100, 50, 10, 5)) with
        {
            Content = [new ThinkingContent("hm"), new TextContent("Hi"), new ToolCallContent("tc-1", "bash", """{"command":"ls"}""")],
            StopReason = StopReason.ToolUse,
        };

        Assert.Equal(
            """{"type":"message","id":"m","parent_id":"p","timestamp":"T","message":{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Hi"},"""
            + """{"type":"tool_call","tool_call":{"id":"tc-1","name":"bash","arguments":"{\"command\":\"ls\"}"}}],"api":"Anthropic","provider":"anthropic","model":"claude-sonnet-4","response_model":"""
            + """null,"response_id":null,"usage":{"input_tokens":100,"output_tokens":50,"cache_read_tokens":10,"cache_write_tokens":5},"stop_reason":"tool_use","error_message":null,"timestamp_ms":2000}}""",
            Make.Line(new MessageEntry("m", "p", "T", message)));
    }

    [Fact]
    public void A_tools_result_has_its_details_as_null()
    {
        Assert.Equal(
            """{"type":"message","id":"m","parent_id":"p","timestamp":"T","message":{"role":"tool_result","tool_call_id":"tc-1","tool_name":"bash","content":[{"type":"text","text":"done"}],"details":null,"is_error":false,"timestamp_ms":3000}}""",
            Make.Line(new MessageEntry("m", "p", "T", Make.Result("tc-1"))));
    }

    // 1, 2, 3, 4, 5, 6, 8, 11, 12, 16: what is read is written again in the same bytes.
    [Theory]
    [InlineData("""{"type":"message","id":"msg-1","parent_id":null,"timestamp":"T","message":{"role":"user","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"url","url":"u"},"media_type":"image/jpeg"}],"timestamp_ms":-1}}""")]
    [InlineData("""{"type":"message","id":"","parent_id":"","timestamp":"","message":{"role":"assistant","content":[],"api":"OpenAi","provider":"","model":"","response_model":"r","response_id":"i","usage":{"input_tokens":4294967296,"output_tokens":9223372036854775807,"cache_read_tokens":0,"cache_write_tokens":5,"cache_write_1h_tokens":0,"reasoning_tokens":7},"stop_reason":"length","error_message":"e","timestamp_ms":9223372036854775807}}""")]
    [InlineData("""{"type":"message","id":"m","parent_id":null,"timestamp":"T","message":{"role":"assistant","content":[],"api":"Google","provider":"g","model":"m","response_model":null,"response_id":null,"usage":{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0,"cache_write_tokens":0,"reported":true},"stop_reason":"error","error_message":null,"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","parent_id":null,"timestamp":"T","message":{"role":"assistant","content":[],"api":"Mistral","provider":"g","model":"m","response_model":null,"response_id":null,"usage":{"input_tokens":1,"output_tokens":0,"cache_read_tokens":0,"cache_write_tokens":0},"stop_reason":"aborted","error_message":null,"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","parent_id":null,"timestamp":"T","message":{"role":"tool_result","tool_call_id":"","tool_name":"","content":[{"type":"image","source":{"type":"bytes","data":[0,255]},"media_type":"image/webp"}],"details":{"a":[1,{"b":null,"c":true}],"z":"\u0000"},"is_error":true,"timestamp_ms":0}}""")]
    [InlineData("""{"type":"compaction","id":"c3d4","parent_id":"b2c3","timestamp":"T","summary":"S","first_kept_entry_id":"e","tokens_before":45000,"tokens_after":8000}""")]
    [InlineData("""{"type":"leaf","id":"leaf-1","parent_id":"entry-5","timestamp":"T","entry_id":"entry-5"}""")]
    [InlineData("""{"type":"extension_state","id":"state-4","parent_id":"msg-1","timestamp":"T","state":{"todo":{"items":[]}}}""")]
    [InlineData("""{"type":"extension_state","id":"state-4","parent_id":"msg-1","timestamp":"T","state":null}""")]
    [InlineData("""{"type":"session_info","id":"info-5","parent_id":null,"timestamp":"T","name":""}""")]
    [InlineData("""{"type":"model_change","id":"model-6","parent_id":null,"timestamp":"T","model":"anthropic:claude-sonnet-4-5"}""")]
    [InlineData("""{"type":"thinking_level_change","id":"t","parent_id":null,"timestamp":"T","level":"xhigh"}""")]
    [InlineData("""{"type":"label","id":"label-8","parent_id":null,"timestamp":"T","label":"bug","action":"add"}""")]
    [InlineData("""{"type":"label","id":"label-9","parent_id":null,"timestamp":"T","label":"bug","action":"remove"}""")]
    [InlineData("""{"type":"branch_summary","id":"bs-1","parent_id":"msg-2","timestamp":"T","summary":"Explored."}""")]
    public void An_entry_that_was_read_is_written_in_the_same_bytes(string line) =>
        Assert.Equal(line, Make.Line(Make.ReadEntry(line)));

    [Fact] // 8
    public void Every_golden_line_is_written_again_in_the_same_bytes()
    {
        string[] lines = [.. Golden.Cases("s*").SelectMany(name => Golden.Lines(name, "session.jsonl").Skip(1))];
        Assert.True(lines.Length > 150);
        Assert.All(lines, line => Assert.Equal(line, Make.Line(Make.ReadEntry(line))));
    }

    [Fact] // 11
    public void An_image_of_bytes_keeps_all_of_them()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var message = new UserMessage([new ImageContent(ImageSource.FromBytes(bytes), "image/png")], 0);
        var read = (MessageEntry)Make.ReadEntry(Make.Line(new MessageEntry("m", null, "T", message)));
        var image = (ImageContent)((UserMessage)read.Message).Content[0];
        Assert.Equal(bytes, image.Source.Bytes!.Value.ToArray());
    }

    [Fact]
    public void Keys_may_come_in_any_order_escaped_and_with_unknown_ones_between()
    {
        SessionEntry entry = Make.ReadEntry("""
            { "new": {"type":"x"}, "message": {"timestamp_ms": 5, "x": [1,{}], "content": [{"text": "\u0068i", "cache": 1, "type": "text"}], "r\u006fle": "user"},
              "timestamp": "T", "id": "m", "ty\u0070e": "mess\u0061ge" }
            """.ReplaceLineEndings(" "));
        var message = Assert.IsType<MessageEntry>(entry);
        Assert.Null(message.ParentId);
        Assert.Equal("hi", message.Message.Text);
    }

    [Theory] // 7
    [InlineData(null, "null")]
    [InlineData("parent-sess", "\"parent-sess\"")]
    public void A_header_has_its_parent_or_null(string? parent, string written)
    {
        var header = new SessionHeader("018f-abc", "2026-05-22T12:00:00Z", "/repo", parent);
        string line = Write(writer => SessionHeader.Write(writer, header));
        Assert.Equal($$"""{"type":"session","version":1,"id":"018f-abc","timestamp":"2026-05-22T12:00:00Z","cwd":"/repo","parent_session":{{written}}}""", line);
        Assert.Equal(header, SessionHeader.Read(Encoding.UTF8.GetBytes(line)));
    }

    [Theory]
    [InlineData("1e16", "1e16")]
    [InlineData("10000000000000000.0", "1e16")]
    [InlineData("1e15", "1000000000000000.0")]
    [InlineData("123456789012345.6", "123456789012345.6")]
    [InlineData("0.1", "0.1")]
    [InlineData("3.0", "3.0")]
    [InlineData("3.10", "3.1")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("-0", "-0.0")]
    [InlineData("0", "0")]
    [InlineData("0e5", "0.0")]
    [InlineData("1e-5", "0.00001")]
    [InlineData("1e-6", "1e-6")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("-1.5e-10", "-1.5e-10")]
    [InlineData("1e300", "1e300")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e308")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("2.5E+3", "2500.0")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552e19")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("-9223372036854775809", "-9.223372036854776e18")]
    [InlineData("0.30000000000000004", "0.30000000000000004")]
    public void Numbers_of_free_form_values_are_written_as_serde_json_does(string number, string expected) =>
        Assert.Equal($"[{expected}]", SerdeJson.ToText(Parse($"[{number}]")));

    [Theory]
    [InlineData("""{"b":1,"a":2,"B":3}""", """{"B":3,"a":2,"b":1}""")]
    [InlineData("""{"\uD83D\uDE00":1,"\uFFFF":2,"é":3,"z":4}""", "{\"z\":4,\"é\":3,\"\uFFFF\":2,\"😀\":1}")]
    [InlineData("""{"a":1,"b":2,"a":{"y":1,"x":2}}""", """{"a":{"x":2,"y":1},"b":2}""")]
    [InlineData(""" [ 1 , "\u002f\u0041" , [ ] , { } , null , true ] """, """[1,"/A",[],{},null,true]""")]
    public void Free_form_values_are_compact_with_sorted_keys(string json, string expected) =>
        Assert.Equal(expected, SerdeJson.ToText(Parse(json)));

    [Theory]
    [InlineData("""{"input_tokens":1,"output_tokens":2}""", 0, 0)] // 15
    [InlineData("""{"output_tokens":2,"cache_write_tokens":4,"input_tokens":1,"cache_read_tokens":3,"x":null}""", 3, 4)]
    public void Usage_needs_the_first_two_counts_only(string json, long read, long write)
    {
        Usage usage = Make.ReadUsage(json);
        Assert.Equal(new Usage(1, 2, read, write), usage);
        Assert.Null(usage.CacheWrite1hTokens);
        Assert.Null(usage.ReasoningTokens);
    }

    [Theory] // 17 (with 64 bits for 32: departure 4), and section 12
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("\"3\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("9223372036854775808")]
    [InlineData("01")]
    public void A_count_is_a_whole_number_of_64_bits(string count)
    {
        Assert.Throws<WireException>(() => Make.ReadUsage($$"""{"input_tokens":{{count}},"output_tokens":2}"""));
        Assert.Throws<WireException>(() => Make.ReadUsage($$"""{"input_tokens":1,"output_tokens":2,"cache_read_tokens":{{count}}}"""));
    }

    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(0, 0, false, false)]
    [InlineData(1, 0, true, false)]
    [InlineData(0, 1, true, false)]
    public void Reported_is_written_only_where_it_tells_a_zero_from_nothing(long input, long output, bool reported, bool written)
    {
        var usage = new Usage(input, output) { IsKnown = reported };
        string json = Write(writer => UsageWire.Write(writer, usage));
        Assert.Equal(written, json.Contains("reported", StringComparison.Ordinal));
        Assert.Equal(usage.IsKnown, Make.ReadUsage(json).IsKnown);
    }

    [Fact]
    public void The_later_counts_are_written_only_where_they_are_known_and_in_order() =>
        Assert.Equal(
            """{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0,"cache_write_tokens":0,"cache_write_1h_tokens":0,"reasoning_tokens":0,"reported":true}""",
            Write(writer => UsageWire.Write(writer, new Usage(0, 0) { CacheWrite1hTokens = 0, ReasoningTokens = 0 })));

    [Theory]
    [InlineData("""{"type":"message","id":"m","timestamp":"T"}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":null}""")]
    [InlineData("""{"type":"message","id":1,"timestamp":"T","message":{"role":"user","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":null,"message":{"role":"user","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"system","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","content":[],"timestamp_ms":0.5}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","content":"hi","timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","content":[{"type":"thinking","thinking":"x"}],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"},"media_type":"image/bmp"}],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","content":[{"type":"image","source":{"type":"bytes","data":[256]},"media_type":"image/png"}],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","id":"m","timestamp":"T","message":{"role":"user","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"m","timestamp":"T","message":{"role":"user","role":"user","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"message","id":"\ud800","timestamp":"T","message":{"role":"user","content":[],"timestamp_ms":0}}""")]
    [InlineData("""{"type":"label","id":"m","timestamp":"T","label":"x","action":"toggle"}""")]
    [InlineData("""{"type":"thinking_level_change","id":"m","timestamp":"T","level":"huge"}""")]
    [InlineData("""{"type":"leaf","id":"m","timestamp":"T","entry_id":null}""")]
    [InlineData("""{"type":"compaction","id":"m","timestamp":"T","summary":"s","first_kept_entry_id":"a","tokens_before":1}""")]
    [InlineData("""{"type":5,"id":"m"}""")]
    [InlineData("""{"id":"m"}""")]
    [InlineData("""[]""")]
    [InlineData("""{"type":"leaf","id":"m","timestamp":"T","entry_id":"e"} x""")]
    public void A_line_that_is_not_an_entry_is_refused(string line) =>
        Assert.Throws<WireException>(() => Make.ReadEntry(line));

    private static string Written(string text) => Write(writer => writer.WriteStringValue(text));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter writer = SerdeJson.CreateWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonElement Parse(string json) => SerdeJson.Parse(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void What_a_provider_needs_to_take_its_thinking_back_stands_in_keys_of_its_own()
    {
        var answer = new AssistantMessage(
            [new ThinkingContent("hm") { Id = "rs_1", Signature = "c2ln", EncryptedContent = "ZW5j" }, new ToolCallContent("c", "f", "{}") { Signature = "Yw==" }], "p", "m", 1);

        string line = Make.Line(new MessageEntry("msg-1", null, "t", answer));

        Assert.Contains("""{"type":"thinking","thinking":"hm","id":"rs_1","signature":"c2ln","encrypted_content":"ZW5j"}""", line, StringComparison.Ordinal);
        Assert.Contains("""{"id":"c","name":"f","arguments":"{}","signature":"Yw=="}""", line, StringComparison.Ordinal);
        Assert.Equal(answer.Content.ToArray(), ((AssistantMessage)((MessageEntry)Make.ReadEntry(line)).Message).Content.ToArray());
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"hm","signature":{"a":[1]},"id":7,"encrypted_content":null,"more":[]}""")]
    [InlineData("""{"signature":false,"thinking":"hm","id":null,"type":"thinking"}""")]
    public void Such_a_key_of_another_kind_counts_as_unknown(string block)
    {
        var message = (AssistantMessage)Make.ReadMessage($$"""{"role":"assistant","content":[{{block}}],"api":"OpenAi","provider":"p","model":"m","usage":{"input_tokens":0,"output_tokens":0},"stop_reason":"stop","timestamp_ms":1}""");

        Assert.Equal(new ThinkingContent("hm"), Assert.Single(message.Content));
    }

    [Theory]
    [InlineData("url", "url")]
    [InlineData("base64", "data")]
    [InlineData("bytes", "data")]
    public void An_image_source_without_its_field_is_an_error_that_names_the_field(string type, string field)
    {
        string image = $$"""{"type":"image","source":{"type":"{{type}}"},"mime_type":"image/png"}""";
        var error = Assert.Throws<WireException>(() => Make.ReadMessage($$"""{"role":"user","content":[{{image}}],"timestamp_ms":1}"""));

        Assert.Contains($"no '{field}'", error.Message, StringComparison.Ordinal);
    }
}
