using System.Text.Json;

namespace Opi.Tests;

/// <summary>The replies in tests/data/replies are written by hand to the providers' published schemas; none is a recording.</summary>
public class ProviderReplyTests
{
    private const string Thought = "The file has to be read.";
    private const string Said = "I read the file.";

    private static readonly ToolCallContent Read1 = new("toolu_01", "read", """{"path":"a b.txt","lines":[1,2]}""");

    [Theory]
    [InlineData("anthropic.json")]
    [InlineData("anthropic.sse")]
    public void Anthropic_whole_and_streamed(string file)
    {
        AssistantMessage message = Read(file);

        HasContent(message, new ThinkingContent(Thought) { Signature = "EqQB" }, new ThinkingContent("") { EncryptedContent = "Eo4D" }, new TextContent(Said), Read1, new ToolCallContent("toolu_02", "list", "{}"));
        Assert.Equal(("anthropic", "claude-sonnet-4-5-20250929", ModelApi.Anthropic), (message.Provider, message.Model, message.Api));
        Assert.Equal(("msg_01", "claude-sonnet-4-5-20250929", StopReason.ToolUse, null), (message.ResponseId, message.ResponseModel, message.StopReason, message.ErrorMessage));
        Assert.Equal(new Usage(21, 57, 4000, 300) { CacheWrite1hTokens = 100, ReasoningTokens = 12 }, message.Usage with { Billing = null });
    }

    [Theory]
    [InlineData("openai-chat.json")]
    [InlineData("openai-chat.sse")]
    public void OpenAI_chat_whole_and_streamed(string file)
    {
        AssistantMessage message = Read(file);

        HasContent(message, new TextContent(Said), new ToolCallContent("call_a", "read", """{"path": "a b.txt"}"""), new ToolCallContent("call_b", "list", "{}"));
        Assert.Equal(("openai", "gpt-4o-2024-08-06", ModelApi.OpenAi), (message.Provider, message.Model, message.Api));
        Assert.Equal(("chatcmpl-1", "gpt-4o-2024-08-06", StopReason.ToolUse), (message.ResponseId, message.ResponseModel, message.StopReason));
        Assert.Equal(new Usage(360, 57, 640) { ReasoningTokens = 12 }, message.Usage with { Billing = null });
    }

    [Fact]
    public void DeepSeek_counts_its_cache_under_a_name_of_its_own()
    {
        AssistantMessage message = Read("deepseek.json", model: "deepseek:deepseek-reasoner");

        HasContent(message, new ThinkingContent("Easy."), new TextContent("Oslo."));
        Assert.Equal(("deepseek:deepseek-reasoner", StopReason.Stop, "d-1"), (message.ModelSpec, message.StopReason, message.ResponseId));
        Assert.Equal(new Usage(36, 20, 64) { ReasoningTokens = 15 }, message.Usage with { Billing = null });
    }

    [Fact]
    public void OpenRouter_counts_what_it_wrote_to_the_cache_as_prompt()
    {
        AssistantMessage message = Read("openrouter.json", model: "openrouter:");

        HasContent(message, new ThinkingContent("Easy."), new TextContent("Os"));
        Assert.Equal(("openrouter:anthropic/claude-sonnet-4.5", StopReason.Length), (message.ModelSpec, message.StopReason));
        Assert.Equal(new Usage(50, 20, 300, 150), message.Usage with { Billing = null });
    }

    [Theory]
    [InlineData("openai-responses.json")]
    [InlineData("openai-responses.sse")]
    public void OpenAI_responses_whole_and_streamed(string file)
    {
        AssistantMessage message = Read(file);

        Assert.Equal(new ThinkingContent("The file\n\nhas to be read.") { Id = "rs_1", EncryptedContent = "gAAAAB" }, Assert.IsType<ThinkingContent>(message.Content[0]) with { ProviderData = null });
        Assert.Equal(("web_search_call", "[web_search]"), Assert.IsType<OpaqueContent>(message.Content[1]) switch { var search => (search.Kind, search.StandIn) });
        Assert.Equal(Said, Assert.IsType<TextContent>(message.Content[2]).Text);
        Assert.Equal(new ToolCallContent("call_a", "read", """{"path":"a b.txt"}"""), Assert.IsType<ToolCallContent>(message.Content[3]) with { ProviderData = null });
        var custom = Assert.IsType<ToolCallContent>(message.Content[4]);
        Assert.Equal(("call_b", "run", "print(\"hi\")"), (custom.Id, custom.Name, JsonDocument.Parse(custom.Arguments).RootElement.GetProperty("input").GetString()));
        Assert.Equal(5, message.Content.Length);
        Assert.Equal(("openai:gpt-5-2025-08-07", "resp_1", "gpt-5-2025-08-07", StopReason.ToolUse), (message.ModelSpec, message.ResponseId, message.ResponseModel, message.StopReason));
        Assert.Equal(new Usage(360, 57, 640) { ReasoningTokens = 12 }, message.Usage with { Billing = null });
    }

    [Fact]
    public void Gemini_has_thoughts_beside_its_candidates_and_calls_without_ids()
    {
        AssistantMessage message = Read("gemini.json");

        HasContent(
            message,
            new ThinkingContent(Thought),
            new TextContent(Said),
            new ToolCallContent("call-1", "read", """{"path":"a b.txt"}""") { Signature = "CsQB" },
            new ToolCallContent("fc-9", "list", "{}"),
            new ToolCallContent("call-3", "date", "{}"));
        Assert.Equal(("gemini:gemini-2.5-pro", ModelApi.Google, "g-1", StopReason.ToolUse), (message.ModelSpec, message.Api, message.ResponseId, message.StopReason));
        Assert.Equal(new Usage(367, 57, 640) { ReasoningTokens = 12 }, message.Usage with { Billing = null });
    }

    [Theory]
    [InlineData("gemini-interactions.json")]
    [InlineData("gemini-interactions.sse")]
    public void Interactions_of_Gemini_whole_and_streamed(string file)
    {
        AssistantMessage message = Read(file);

        Assert.Equal(new ThinkingContent(Thought) { Signature = "CsQB" }, Assert.IsType<ThinkingContent>(message.Content[0]) with { ProviderData = null });
        Assert.Equal(
            [new TextContent(Said), new ToolCallContent("fc-8", "read", """{"path":"a b.txt"}"""), new ToolCallContent("fc-9", "list", "{}")],
            message.Content.Skip(1));
        Assert.Equal(("gemini:gemini-2.5-pro", ModelApi.Google, "v1_a", StopReason.ToolUse), (message.ModelSpec, message.Api, message.ResponseId, message.StopReason));
        Assert.Equal(new Usage(367, 57, 640) { ReasoningTokens = 12 }, message.Usage with { Billing = null });
        Assert.Empty(message.Usage.Billing!.Unknown);
        Assert.Equal(1057, message.Usage.ContextTokens);
    }

    [Fact]
    public void Pieces_of_Gemini_are_one_reply()
    {
        AssistantMessage message = One("""
            [{"candidates":[{"content":{"parts":[{"text":"Let ","thought":true}]}}],"modelVersion":"gemini-2.5-pro","responseId":"g"},
             {"candidates":[{"content":{"parts":[{"text":"me.","thought":true}]}}]},
             {"candidates":[{"content":{"parts":[{"text":"Os"}]}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1}},
             {"candidates":[{"content":{"parts":[{"text":"lo."}]}}]},
             {"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}}]
            """);

        HasContent(message, new ThinkingContent("Let me."), new TextContent("Oslo."), new ThinkingContent("") { Signature = "c2ln" });
        Assert.Equal((StopReason.Stop, 5, 2), (message.StopReason, message.Usage.InputTokens, message.Usage.OutputTokens));
    }

    [Fact]
    public void Ollama_gives_no_ids()
    {
        AssistantMessage message = Read("ollama.json");

        HasContent(message, new ThinkingContent(Thought), new TextContent(Said), new ToolCallContent("call-1", "read", """{"path":"a b.txt"}"""), new ToolCallContent("call-2", "list", "{}"));
        Assert.Equal(("ollama:qwen3:8b", null, "qwen3:8b", StopReason.ToolUse), (message.ModelSpec, message.ResponseId, message.ResponseModel, message.StopReason));
        Assert.Equal(new Usage(26, 298), message.Usage with { Billing = null });
    }

    [Fact]
    public void Lines_of_Ollama_are_one_reply()
    {
        AssistantMessage message = One("""
            {"model":"m","created_at":"2026-11-24T13:45:00Z","message":{"role":"assistant","content":"Os"},"done":false}
            {"model":"m","created_at":"2026-11-24T13:45:01Z","message":{"role":"assistant","content":"lo."},"done":true,"done_reason":"length","prompt_eval_count":5,"eval_count":2}
            """);

        Assert.Equal(("Oslo.", StopReason.Length, new Usage(5, 2)), (message.Text, message.StopReason, message.Usage with { Billing = null }));
    }

    [Fact]
    public void Bedrock_names_no_model()
    {
        AssistantMessage message = Read("bedrock.json");

        HasContent(message, new ThinkingContent(Thought) { Signature = "EqQB" }, new TextContent(Said), new ToolCallContent("tooluse_1", "read", """{"path":"a b.txt"}"""));
        Assert.Equal(("bedrock", "", null, null, StopReason.ToolUse), (message.Provider, message.Model, message.ResponseModel, message.ResponseId, message.StopReason));
        Assert.Equal(new Usage(21, 57, 4000, 300) { CacheWrite1hTokens = 100 }, message.Usage with { Billing = null });
    }

    [Theory]
    [InlineData("anthropic.json", Provider.Anthropic)]
    [InlineData("anthropic.sse", Provider.Anthropic)]
    [InlineData("openai-chat.json", Provider.OpenAIChat)]
    [InlineData("openai-chat.sse", Provider.OpenAIChat)]
    [InlineData("deepseek.json", Provider.OpenAIChat)]
    [InlineData("openrouter.json", Provider.OpenAIChat)]
    [InlineData("openai-responses.json", Provider.OpenAIResponses)]
    [InlineData("openai-responses.sse", Provider.OpenAIResponses)]
    [InlineData("gemini.json", Provider.Gemini)]
    [InlineData("gemini-interactions.json", Provider.GeminiInteractions)]
    [InlineData("gemini-interactions.sse", Provider.GeminiInteractions)]
    [InlineData("ollama.json", Provider.Ollama)]
    [InlineData("bedrock.json", Provider.Bedrock)]
    public void A_shape_that_is_named_is_read_as_the_one_that_is_recognised_and_no_other_is(string file, Provider provider)
    {
        JsonElement reply = JsonSerializer.SerializeToElement(Text(file));

        Assert.Equal(Same(Read(file)), Same(Assert.Single(ProviderReply.Parse(reply, provider))));
        Assert.All(Enum.GetValues<Provider>().Where(other => other != provider), other =>
            Assert.Contains(other.ToString(), Assert.Throws<UnknownReplyException>(() => ProviderReply.Parse(reply, other)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"text","text":"x"}],"stop_reason":"REASON"}""", "end_turn:Stop stop_sequence:Stop pause_turn:PauseTurn compaction:Compaction max_tokens:Length model_context_window_exceeded:ContextWindowExceeded refusal:Refusal odd:Error")]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"REASON"}]}""", "stop:Stop length:Length tool_calls:ToolUse content_filter:Error")]
    [InlineData("""{"object":"response","status":"incomplete","incomplete_details":{"reason":"REASON"},"output":[]}""", "max_output_tokens:Length content_filter:Error")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"REASON"}]}""", "STOP:Stop MAX_TOKENS:Length CONTINUATION:PauseTurn SAFETY:Error MALFORMED_FUNCTION_CALL:Error")]
    [InlineData("""{"object":"interaction","status":"REASON","steps":[{"type":"model_output","content":[{"type":"text","text":"x"}]}]}""", "completed:Stop requires_action:ToolUse incomplete:Length budget_exceeded:Length on_fire:Error")]
    [InlineData("""{"message":{"content":"x"},"done":true,"done_reason":"REASON"}""", "stop:Stop length:Length")]
    [InlineData("""{"output":{"message":{"content":[{"text":"x"}]}},"stopReason":"REASON"}""", "end_turn:Stop stop_sequence:Stop max_tokens:Length model_context_window_exceeded:ContextWindowExceeded guardrail_intervened:Error content_filtered:Error")]
    public void Stop_reasons(string reply, string reasons)
    {
        Assert.All(reasons.Split(' '), pair =>
        {
            string[] parts = pair.Split(':');
            AssistantMessage message = One(reply.Replace("REASON", parts[0], StringComparison.Ordinal));
            Assert.Equal(parts[1], message.StopReason.ToString());
            Assert.Equal(parts[1] is "Error" or "Refusal" ? parts[0] : null, message.ErrorMessage);
            Assert.False(message.Usage.IsKnown);
        });
    }

    [Fact]
    public void A_server_that_calls_a_tool_call_a_plain_stop_is_understood() =>
        Assert.Equal(StopReason.ToolUse, One("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"finish_reason":"stop"}]}""").StopReason);

    [Fact]
    public void A_blocked_prompt_is_an_answer_that_failed_and_keeps_its_tokens()
    {
        AssistantMessage message = One("""{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9},"modelVersion":"gemini-2.5-pro"}""");

        Assert.Equal((StopReason.Error, "The prompt was blocked: SAFETY", 9), (message.StopReason, message.ErrorMessage, message.Usage.InputTokens));
        Assert.Empty(message.Content);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Over\nloaded"},"request_id":"r"}""", "anthropic", "overloaded_error", "Over loaded")]
    [InlineData("""{"error":{"message":"Bad key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", "openai", "invalid_request_error", "Bad key")]
    [InlineData("""{"error":{"message":"No credits","code":402}}""", "openai", "402", "No credits")]
    [InlineData("""{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}""", "", "", "too long")]
    [InlineData("""{"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"Down"},"output":[]}""", "openai", "server_error", "Down")]
    [InlineData("""{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}""", "gemini", "RESOURCE_EXHAUSTED", "Slow down")]
    [InlineData("""[{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}]""", "gemini", "RESOURCE_EXHAUSTED", "Slow down")]
    [InlineData("""{"error":"model 'x' not found"}""", "ollama", "", "model 'x' not found")]
    [InlineData("""{"__type":"com.amazon.coral#ThrottlingException","message":"Too many"}""", "bedrock", "ThrottlingException", "Too many")]
    [InlineData("""{"message":"Not allowed"}""", "bedrock", "", "Not allowed")]
    [InlineData("""{"choices":[{"error":{"code":502,"message":"Behind"},"message":{"content":""}}]}""", "openai", "502", "Behind")]
    [InlineData("data: {\"type\":\"message_start\",\"message\":{}}\n\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Broke\"}}\n", "anthropic", "api_error", "Broke")]
    [InlineData("data: {\"type\":\"response.created\",\"response\":{}}\n\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"c\",\"message\":\"Broke\"}}}\n", "openai", "c", "Broke")]
    [InlineData("data: {\"type\":\"error\",\"code\":\"c\",\"message\":\"Broke\",\"param\":null}\n", "openai", "c", "Broke")]
    public void An_error_is_not_a_message(string reply, string provider, string code, string words)
    {
        var error = Assert.Throws<ProviderErrorException>(() => One(reply));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(provider, error.Target, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("""{"answer":42}""", "answer")]
    [InlineData("{}", "whole body")]
    [InlineData("[]", "empty list")]
    [InlineData("[1]", "objects")]
    [InlineData("", "empty")]
    [InlineData("<html>502 Bad Gateway</html>", "Bad Gateway")]
    [InlineData("17", "a number")]
    [InlineData("""{"object":"response","id":"resp_1","status":"queued"}""", "queued")]
    public void What_is_not_a_reply_is_refused_in_one_line(string reply, string said)
    {
        var error = Assert.Throws<UnknownReplyException>(() => One(reply));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("anthropic.sse")]
    [InlineData("openai-chat.sse")]
    [InlineData("openai-responses.sse")]
    public void A_stream_is_taken_as_text_as_lines_and_as_chunks_and_may_lack_its_end(string file)
    {
        string[] lines = Text(file).Split('\n');
        JsonElement[] chunks = [.. lines.Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];
        string expected = Same(Read(file));

        Assert.Equal(expected, Same(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(lines)))));
        Assert.Equal(expected, Same(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(lines.Where(line => line.Length > 0))))));
        Assert.Equal(expected, Same(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(Text(file).Replace("\n", "\r\n", StringComparison.Ordinal))))));
        Assert.Equal(expected, Same(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(chunks)))));
        for (int count = 1; count < chunks.Length - 2; count++)
        {
            var cut = (AssistantMessage)Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(chunks.Take(count))));
            Assert.Equal((StopReason.Aborted, "The stream ended before the reply did."), (cut.StopReason, cut.ErrorMessage));
        }
    }

    [Fact]
    public void Lists_of_one_that_became_their_item_and_whole_doubles_are_read()
    {
        AssistantMessage anthropic = One("""{"type":"message","role":"assistant","content":{"type":"text","text":"x"},"usage":{"input_tokens":12.0,"output_tokens":1.5,"cache_read_input_tokens":null}}""");
        AssistantMessage chat = One("""{"choices":{"message":{"content":null,"tool_calls":{"id":"c","function":{"name":"f","arguments":"{}"}}},"finish_reason":"tool_calls"}}""");
        AssistantMessage gemini = One("""{"candidates":{"content":{"parts":{"text":"x"}},"finishReason":"STOP"}}""");
        AssistantMessage bedrock = One("""{"output":{"message":{"content":{"text":"x"}}},"stopReason":"end_turn"}""");

        Assert.Equal(("x", 12, 0), (anthropic.Text, anthropic.Usage.InputTokens, anthropic.Usage.OutputTokens));
        Assert.Equal("c", Assert.Single(chat.ToolCalls).Id);
        Assert.Equal(("x", "x"), (gemini.Text, bedrock.Text));
    }

    [Fact]
    public void Several_whole_replies_are_several_messages() =>
        Assert.Equal(2, ProviderReply.Parse(JsonDocument.Parse($"[{Text("anthropic.json")},{Text("openai-chat.json")}]").RootElement).Count);

    [Fact]
    public void The_session_says_who_answered_where_the_reply_cannot()
    {
        Assert.Equal("bedrock:anthropic.claude", Spec("bedrock.json", "bedrock:anthropic.claude"));
        Assert.Equal("deepseek:deepseek-reasoner", Spec("deepseek.json", "deepseek:deepseek-chat"));
        Assert.Equal("openai:gpt-4o-2024-08-06", Spec("openai-chat.json", "anthropic:claude-sonnet-4-5"));
        Assert.Equal("anthropic:claude-sonnet-4-5-20250929", Spec("anthropic.json", "openrouter:x"));

        static string? Spec(string file, string session) => ((AssistantMessage)ProviderReply.FromSession(Read(file), session)).ModelSpec;
    }

    [Fact]
    public void The_time_is_now_unless_given()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Assert.InRange(Read("ollama.json").TimestampMs, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(5, Assert.Single(ProviderReply.Parse(JsonDocument.Parse(Text("ollama.json")).RootElement, timestampMs: 5)).TimestampMs);
    }

    private static void HasContent(AssistantMessage message, params IAssistantContent[] content) => Assert.Equal(content, message.Content.ToArray());

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "replies", file));

    private static AssistantMessage Read(string file, string? model = null) => One(Text(file), model);

    private static AssistantMessage One(string text, string? model = null) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text), null, model)));

    /// <summary>All of a message but its time.</summary>
    private static string Same(Message message)
    {
        var answer = (AssistantMessage)message;
        return string.Join('|', answer.Content) + (answer with { Content = [], TimestampMs = 0 });
    }
}
