using System.Text.Json;

namespace Opi.Tests;

/// <summary>What single servers write differently from the reference of their protocol.</summary>
public sealed class ServerVariantTests
{
    [Fact]
    public void A_call_of_Bedrock_that_says_it_is_the_clients_goes_back_with_its_result()
    {
        AssistantMessage answer = One(
            """{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"look","input":{"a":1},"type":"tool_use"}}]}},"stopReason":"tool_use","usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}""");
        ProviderRequest request = ProviderRequest.Build(
            [new UserMessage("q", 0), answer, new ToolResultMessage("t1", "look", [new TextContent("r")], 0)], Provider.Bedrock);

        Assert.Equal(StopReason.ToolUse, answer.StopReason);
        Assert.Equal("t1", request.Body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("toolUse").GetProperty("toolUseId").GetString());
        Assert.Empty(request.Warnings);
    }

    [Theory]
    [InlineData("""{"id":"msg_1","object":"thread.message","role":"user","content":[{"type":"text","text":{"value":"Hi","annotations":[]}}],"metadata":{}}""")]
    [InlineData("""{"id":"conv_1","object":"conversation","created_at":1,"metadata":{"topic":"x"}}""")]
    [InlineData("""[{"input":"q","metadata":{"case":"a"},"output":null},{"input":"r","metadata":{}}]""")]
    public void An_object_that_only_has_metadata_is_no_reply(string value)
    {
        Assert.Throws<UnknownReplyException>(() => ProviderReply.Parse(JsonDocument.Parse(value).RootElement));
    }

    [Fact]
    public void Generate_of_Ollama_has_its_text_thinking_and_counts()
    {
        AssistantMessage answer = One(
            """{"model":"qwen3:4b","created_at":"2026-01-01T00:00:00Z","response":"Hi.","thinking":"Greet.","done":true,"done_reason":"stop","context":[1,2],"prompt_eval_count":5,"eval_count":2}""");

        Assert.Equal(["[thinking: Greet.]", "Hi."], answer.Content.Select(block => block.ToString()));
        Assert.Equal((5, 2, StopReason.Stop), (answer.Usage.InputTokens, answer.Usage.OutputTokens, answer.StopReason));
        Assert.Equal("context", Assert.Single(answer.NotKept));
    }

    [Fact]
    public void Generate_of_Ollama_is_read_streamed_and_cut()
    {
        const string First = """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"Hi ","done":false}""";
        const string Last = """{"model":"m","created_at":"2026-01-01T00:00:01Z","response":"you.","done":true,"done_reason":"stop","prompt_eval_count":5,"eval_count":2}""";

        Assert.Equal("Hi you.", One($"{First}\n{Last}\n").Text);
        Assert.Equal((StopReason.Aborted, "Hi "), (One($"{First}\n").StopReason, One($"{First}\n").Text));
        Assert.True(ProviderReply.IsPiece(JsonDocument.Parse(First).RootElement, null));
    }

    [Fact]
    public void A_call_goes_back_with_the_id_that_the_provider_gave_it()
    {
        AssistantMessage answer = One(
            """{"id":"c","model":"kimi-k2","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"functions.look:0","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
            "moonshotai:kimi-k2");
        Message[] messages = [new UserMessage("q", 0), answer, new ToolResultMessage("functions.look:0", "look", [new TextContent("r")], 0)];

        string own = ProviderRequest.Build(messages, Provider.OpenAIChat, new RequestOptions { Model = "moonshotai:kimi-k2" }).Body.GetRawText();
        string other = ProviderRequest.Build(messages, Provider.OpenAIChat, new RequestOptions { Model = "openai:gpt-5" }).Body.GetRawText();

        Assert.Contains("\"tool_call_id\":\"functions.look:0\"", own, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"functions.look:0\"", own, StringComparison.Ordinal);
        Assert.DoesNotContain("functions.look:0", other, StringComparison.Ordinal);
    }

    [Fact]
    public void Vercels_gateway_states_what_it_charges()
    {
        AssistantMessage answer = One(
            """{"id":"g","object":"chat.completion","model":"anthropic/claude-sonnet-4","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,"cost":0.00045,"market_cost":0.00045,"is_byok":false}}""",
            "vercel:anthropic/claude-sonnet-4");

        Assert.Equal((0.00045m, "vercel"), (answer.Usage.Billing!.StatedCost, answer.Usage.Billing.StatedBy));
        Assert.Empty(answer.Usage.Billing.Unknown);
    }

    [Fact]
    public void Timings_of_mistral_rs_cost_nothing()
    {
        AssistantMessage answer = One(
            """{"id":"g","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6,"avg_tok_per_sec":9.5,"avg_prompt_tok_per_sec":20.5,"avg_compl_tok_per_sec":5.5,"total_time_sec":0.5,"total_prompt_time_sec":0.2,"total_completion_time_sec":0.3}}""",
            "mistralrs:m");

        Assert.Empty(answer.Usage.Billing?.Unknown ?? []);
    }

    [Fact]
    public void A_text_that_was_cut_for_citations_or_signatures_is_one_text()
    {
        AssistantMessage cited = One(
            """{"type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"The sky is "},{"type":"text","text":"blue","citations":[{"type":"char_location","cited_text":"blue","document_index":0}]},{"type":"text","text":"."}],"stop_reason":"end_turn"}""");
        AssistantMessage signed = One(
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"It is warm\",\"thoughtSignature\":\"c2ln\"}]},\"index\":0}]}\n\n"
                + "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\", and dry.\"}]},\"finishReason\":\"STOP\",\"index\":0}]}\n\n");

        Assert.Equal("The sky is blue.", cited.Text);
        Assert.Equal("It is warm, and dry.", signed.Text);
        Assert.Equal("a b", new AssistantMessage([new TextContent("a"), new TextContent("b")], "openai", "m", 0).Text);
    }

    [Theory]
    [InlineData(
        """{"type":"message_start","message":{"id":"ID","model":"m","content":[],"usage":{"input_tokens":3}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I am ID."}}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}""")]
    [InlineData(
        """{"type":"response.created","response":{"id":"ID","object":"response","status":"in_progress","output":[]}}""",
        """{"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"I am ID."}""",
        """{"type":"response.completed","response":{"id":"ID","object":"response","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}""",
        "")]
    [InlineData(
        """{"id":"ID","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"I am "},"finish_reason":null}]}""",
        """{"id":"ID","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"ID."},"finish_reason":"stop"}]}""",
        """{"id":"ID","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        "")]
    [InlineData(
        """{"type":"message-start","id":"ID","delta":{"message":{"role":"assistant"}}}""",
        """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":"I am ID."}}}}""",
        """{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":3,"output_tokens":2}}}}""",
        "")]
    [InlineData(
        """{"messageStart":{"role":"assistant"}}""",
        """{"contentBlockDelta":{"delta":{"text":"I am ID."},"contentBlockIndex":0}}""",
        """{"messageStop":{"stopReason":"end_turn"}}""",
        """{"metadata":{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5},"metrics":{"latencyMs":1}}}""")]
    public void Streams_that_follow_each_other_are_replies_of_their_own(params string[] events)
    {
        string[] ids = ["a", "b", "c"];
        string text = string.Concat(ids.SelectMany(id => events.Where(one => one.Length > 0)
            .Select(one => $"data: {one.Replace("ID", id, StringComparison.Ordinal)}\n\n")));
        AssistantMessage[] answers = [.. ProviderReply.Parse(JsonSerializer.SerializeToElement(text)).Cast<AssistantMessage>()];

        Assert.Equal(["I am a.", "I am b.", "I am c."], answers.Select(answer => answer.Text));
        Assert.All(answers, answer => Assert.Equal((3, 2, StopReason.Stop), (answer.Usage.InputTokens, answer.Usage.OutputTokens, answer.StopReason)));
    }

    [Fact]
    public void Chunks_that_each_have_an_id_of_their_own_are_one_reply()
    {
        string[] chunks =
        [
            """{"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}]}""",
            """{"id":"2","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}""",
            """{"id":"3","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        ];

        Assert.Equal("ab", One(string.Concat(chunks.Select(chunk => $"data: {chunk}\n\n"))).Text);
    }

    private static AssistantMessage One(string text, string? model = null) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text), null, model)));
}
