using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>The reply of OpenAI's /responses/compact: its output is the next input as a whole.</summary>
public sealed class ResponsesCompactionTests
{
    private const string Output = """
        [{"type":"message","id":"msg_1","status":"completed","role":"user","content":[{"type":"input_text","text":"Find it."}]},{"type":"compaction","id":"cmp_1","encrypted_content":"RW5j"}]
        """;

    private static readonly AgentMessage[] Before = [new UserMessage("Find it.", 0), new AssistantMessage([new TextContent("Found.")], "openai", "gpt-5.4", 0)];

    [Fact]
    public void It_is_an_answer_without_words_whose_tokens_are_billed_and_are_no_context()
    {
        AssistantMessage answer = Read();

        Assert.Equal(("openai:gpt-5.4", "resp_1", StopReason.Stop, ""), (answer.ModelSpec, answer.ResponseId, answer.StopReason, answer.Text));
        Assert.Equal("response.compaction", Assert.IsType<OpaqueContent>(Assert.Single(answer.Content)).Kind);
        Assert.Equal((3000, 200, 1000, 0), (answer.Usage.InputTokens, answer.Usage.OutputTokens, answer.Usage.CacheReadTokens, answer.Usage.ContextTokens));
        Assert.Empty(answer.Usage.Billing!.Unknown);
    }

    [Fact]
    public void Its_output_takes_the_place_of_everything_before_it()
    {
        JsonElement body = ProviderRequest.Build([.. Before, Read(), new UserMessage("And?", 0)], Provider.OpenAIResponses, new RequestOptions { System = "Be brief." }).Body;

        JsonElement[] input = [.. body.GetProperty("input").EnumerateArray()];
        Assert.True(JsonElement.DeepEquals(Json(Output), JsonSerializer.SerializeToElement(input[..^1])), body.ToString());
        Assert.Equal("""{"role":"user","content":"And?"}""", input[^1].GetRawText());
        Assert.Equal("Be brief.", body.GetProperty("instructions").GetString());
    }

    [Theory]
    [InlineData(Provider.Anthropic)]
    [InlineData(Provider.OpenAIChat)]
    [InlineData(Provider.Gemini)]
    public void Others_get_the_messages_that_it_compacted(Provider provider)
    {
        ProviderRequest request = ProviderRequest.Build([.. Before, Read(), new UserMessage("And?", 0)], provider);

        Assert.All((string[])["Find it.", "Found.", "And?"], text => Assert.Contains(text, request.Body.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("RW5j", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
    }

    private static AssistantMessage Read() => (AssistantMessage)ProviderReply.FromSession(
        Assert.Single(ProviderReply.Parse(Json($$$"""
            {"id":"resp_1","object":"response.compaction","created_at":1764967971,"output":{{{Output}}},
             "usage":{"input_tokens":4000,"input_tokens_details":{"cached_tokens":1000},"output_tokens":200,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":4200}}
            """))),
        "openai:gpt-5.4");

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
