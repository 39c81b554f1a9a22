using System.Text.Json;

namespace Opi.Tests;

/// <summary>Halves of surrogate pairs, which models emit and streams make. U+1F600 is \ud83d \ude00.</summary>
public class JsonHalvesTests
{
    private const string Smile = "\U0001F600";

    [Theory]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"text","text":"bad \ud82d end"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"bad \ud82d end"}}]}""")]
    [InlineData("""{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"bad \ud82d end"}]}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"bad \ud82d end"}]}}]}""")]
    [InlineData("""{"output":{"message":{"content":[{"text":"bad \ud82d end"}]}}}""")]
    [InlineData("""{"model":"m","message":{"content":"bad \ud82d end"},"done":true}""")]
    public void A_half_in_a_reply_becomes_U_FFFD_as_text_and_as_a_value(string reply)
    {
        Assert.Equal("bad \uFFFD end", TextOf(JsonSerializer.SerializeToElement(reply)));
        Assert.Equal("bad \uFFFD end", TextOf(JsonDocument.Parse(reply).RootElement));
    }

    [Fact]
    public void Two_halves_of_deltas_one_after_the_other_are_joined_at_their_own_place()
    {
        string[] events =
        [
            """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":5,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a \ud83d"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b \ud83d"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ude00\ud83d"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lost"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ude00 done"}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}""",
        ];

        AssistantMessage message = Read(JsonSerializer.SerializeToElement(string.Join("\n\n", events.Select(item => "data: " + item))));
        AssistantMessage piped = Read(ProviderReply.Join(events.Select(item => JsonDocument.Parse(item).RootElement)));

        Assert.Equal([$"a {Smile}{Smile} done", "b \uFFFDlost"], message.Content.OfType<TextContent>().Select(text => text.Text));
        Assert.Equal(message.Text, piped.Text);
    }

    [Fact]
    public void A_backslash_that_is_escaped_is_not_an_escape()
    {
        const string Reply = """{"choices":[{"message":{"content":"C:\\udata \\ud83d \ud83d\ude00 \\\ud83d"}}]}""";

        Assert.Equal($"C:\\udata \\ud83d {Smile} \\\uFFFD", TextOf(JsonDocument.Parse(Reply).RootElement));
    }

    [Fact]
    public void Arguments_names_errors_and_request_messages_have_none()
    {
        AssistantMessage message = Read(JsonDocument.Parse(
            """{"choices":[{"message":{"tool_calls":[{"id":"c\ud83d","function":{"name":"f\ud83d","arguments":"{\"a\":\"\\ud83d\"}"}}]}}]}""").RootElement);
        ToolCallContent call = Assert.Single(message.ToolCalls);
        Assert.Equal(("c\uFFFD", "f\uFFFD", "\uFFFD"), (call.Id, call.Name, JsonDocument.Parse(call.Arguments).RootElement.GetProperty("a").GetString()));

        var error = Assert.Throws<ContextOverflowException>(() => ProviderReply.Parse(JsonSerializer.SerializeToElement(
            """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 214676 tokens > 200000 maximum \ud82d"}}""")));
        Assert.Equal(214676, error.RequestedTokens);

        Message asked = Assert.Single(ProviderMessages.TryParse(JsonDocument.Parse("""{"messages":[{"role":"user","content":"x \ude00"}]}""").RootElement)!.Messages);
        Assert.Equal("x \uFFFD", asked.Text);
    }

    [Fact]
    public void Details_of_a_tool_with_a_half_can_be_stored()
    {
        using var folder = new TempFolder();
        using OpiSession session = OpiSession.Create(folder.Path, new SessionOptions());
        JsonElement details = JsonDocument.Parse("""{"a":"\ud83d"}""").RootElement;

        session.AddTurn([new ToolResultMessage("c", "t", [new TextContent("x")], 1) { Details = details }]);

        Assert.Equal("\uFFFD", ((ToolResultMessage)session.ReadContext().Single()).Details!.Value.GetProperty("a").GetString());
    }

    private static string TextOf(JsonElement reply) => Read(reply).Text;

    private static AssistantMessage Read(JsonElement reply) => (AssistantMessage)Assert.Single(ProviderReply.Parse(reply));
}
