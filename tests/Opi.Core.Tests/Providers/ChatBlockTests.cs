using System.Text.Json;

namespace Opi.Tests;

/// <summary>Each part that a reply of Chat Completions, or of a server that speaks it, can have.</summary>
public sealed class ChatBlockTests
{
    private static readonly string[] Mistral =
    [
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"h"}]}]},"finish_reason":null}]}""",
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"m"}],"closed":true}]},"finish_reason":null}]}""",
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"content":"14"},"finish_reason":null}]}""",
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"content":[{"type":"reference","reference_ids":[3]}]},"finish_reason":null}]}""",
        """{"id":"a","object":"chat.completion.chunk","model":"magistral","choices":[{"index":0,"delta":{"content":"4"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}""",
    ];

    [Fact]
    public void Parts_of_Mistral_are_thinking_text_and_references_also_streamed_and_go_back_as_they_came()
    {
        AssistantMessage answer = One(Sse(Mistral), "mistral:magistral");

        Assert.Equal(["[thinking: hm]", "14", "[reference]", "4"], answer.Content.Select(block => block.ToString()));
        Assert.Equal("144", string.Concat(answer.Content.OfType<TextContent>().Select(text => text.Text)));
        Assert.Equal(11, answer.Usage.TotalTokens);
        Assert.Equal(
            """[{"type":"thinking","thinking":[{"type":"text","text":"hm"}],"closed":true},{"type":"text","text":"14"},{"type":"reference","reference_ids":[3]},{"type":"text","text":"4"}]""",
            Assistant(answer, "mistral:magistral").GetProperty("content").GetRawText());
        Assert.Equal("14\n4", Assistant(answer, "openai:gpt-5").GetProperty("content").GetString());
    }

    [Fact]
    public void Details_of_OpenRouters_reasoning_are_joined_and_go_back_to_the_same_model_only()
    {
        AssistantMessage answer = One(Sse(
            """{"id":"g","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"h","reasoning_details":[{"type":"reasoning.text","text":"h","format":"anthropic-claude-v1","index":0}]}}]}""",
            """{"id":"g","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"","reasoning":"m","reasoning_details":[{"type":"reasoning.text","text":"m","format":"anthropic-claude-v1","index":0}]}}]}""",
            """{"id":"g","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"","reasoning_details":[{"type":"reasoning.text","signature":"SIG","format":"anthropic-claude-v1","index":0}]}}]}""",
            """{"id":"g","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"","reasoning_details":[{"type":"reasoning.encrypted","data":"ENC","format":"openai-responses-v1","index":1}]}}]}""",
            """{"id":"g","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}"""),
            "openrouter:anthropic/claude-sonnet-4.5");

        Assert.Equal(["[thinking: hm]", "ok"], answer.Content.Select(block => block.ToString()));
        Assert.Equal(
            """[{"type":"reasoning.text","text":"hm","format":"anthropic-claude-v1","index":0,"signature":"SIG"},{"type":"reasoning.encrypted","data":"ENC","format":"openai-responses-v1","index":1}]""",
            Assistant(answer, "openrouter:anthropic/claude-sonnet-4.5").GetProperty("reasoning_details").GetRawText());
        foreach (string other in (string[])["openrouter:openai/gpt-5", "openai:gpt-5", "deepseek:deepseek-chat"])
        {
            Assert.DoesNotContain("SIG", Assistant(answer, other).GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DeepSeek_gets_its_reasoning_with_every_call_also_an_empty_one_and_without_calls_none()
    {
        AssistantMessage called = One("""{"choices":[{"message":{"content":null,"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"now","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "deepseek:deepseek-chat");
        AssistantMessage silent = called with { Content = [.. called.Content.Where(block => block is not ThinkingContent)] };
        AssistantMessage said = One("""{"choices":[{"message":{"content":"noon","reasoning_content":"so"},"finish_reason":"stop"}]}""", "deepseek:deepseek-chat");

        Assert.Equal("hm", Assistant(called, "deepseek:deepseek-chat").GetProperty("reasoning_content").GetString());
        Assert.Equal("", Assistant(silent, "deepseek:deepseek-chat").GetProperty("reasoning_content").GetString());
        Assert.False(Assistant(said, "deepseek:deepseek-chat").TryGetProperty("reasoning_content", out _));
        Assert.Equal("", Assistant(called, "deepseek:deepseek-reasoner").GetProperty("reasoning_content").GetString());
        Assert.False(Assistant(called, "openai:gpt-5").TryGetProperty("reasoning_content", out _));
    }

    [Theory]
    [InlineData(4102444800, true)]
    [InlineData(1, false)]
    public void A_spoken_answer_is_its_words_and_goes_back_by_its_id_until_it_expires(long expires, bool byId)
    {
        AssistantMessage answer = One($$$"""{"choices":[{"message":{"role":"assistant","content":null,"audio":{"id":"audio_1","data":"AAAA","expires_at":{{{expires}}},"transcript":"Good morning."}},"finish_reason":"stop"}]}""", "openai:gpt-4o-audio-preview");

        Assert.Equal("Good morning.", answer.Text);
        Assert.Equal("audio data", Assert.Single(answer.NotKept));
        JsonElement sent = Assistant(answer, "openai:gpt-4o-audio-preview");
        Assert.Equal(byId ? """{"id":"audio_1"}""" : "", sent.TryGetProperty("audio", out JsonElement audio) ? audio.GetRawText() : "");
        Assert.Equal(byId ? null : "Good morning.", sent.GetProperty("content").GetString());
        Assert.Equal("Good morning.", Assistant(answer, "groq:llama").GetProperty("content").GetString());
    }

    [Fact]
    public void Calls_keep_what_stands_beside_them_and_custom_and_old_calls_go_back_as_such()
    {
        AssistantMessage answer = One("""{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c1","type":"function","extra_content":{"google":{"thought_signature":"SIG"}},"function":{"name":"now","arguments":"{}"}},{"id":"c2","type":"custom","custom":{"name":"run","input":"print(1)"}}]},"finish_reason":"tool_calls"}]}""", "openai:gpt-5");
        AssistantMessage old = One("""{"choices":[{"message":{"content":null,"function_call":{"name":"now","arguments":"{}"}},"finish_reason":"function_call"}]}""", "openai:m");

        Assert.Equal(
            """[{"id":"c1","type":"function","function":{"name":"now","arguments":"{}"},"extra_content":{"google":{"thought_signature":"SIG"}}},{"id":"c2","type":"custom","custom":{"name":"run","input":"print(1)"}}]""",
            Assistant(answer, "openai:gpt-5").GetProperty("tool_calls").GetRawText());
        Assert.DoesNotContain("SIG", Assistant(answer, "openai:gpt-4o").GetRawText(), StringComparison.Ordinal);
        Assert.Equal((StopReason.ToolUse, """{"name":"now","arguments":"{}"}"""), (old.StopReason, Assistant(old, "openai:m").GetProperty("function_call").GetRawText()));
        Assert.Equal("""{"role":"function","name":"now","content":"noon"}""", Messages(old, "openai:m")[2].GetRawText());
        Assert.Equal("tool", Messages(old, "groq:m")[2].GetProperty("role").GetString());
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":{"title":"Apples"}},"finish_reason":"stop"}]}""", """{"title":"Apples"}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"refusal":"I cannot."},"finish_reason":"stop"}]}""", "I cannot.")]
    [InlineData("""{"id":"x","object":"text_completion","choices":[{"text":"The answer.","index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""", "The answer.")]
    [InlineData("""{"object":"chat.completion","choices":[{"finish_reason":"stop","message":{"content":"The answer."},"delta":{"role":"assistant","content":""}}]}""", "The answer.")]
    [InlineData("""{"choices":[{"index":1,"message":{"content":"second"}},{"index":0,"message":{"content":"first"},"finish_reason":"stop"}]}""", "first")]
    [InlineData("""{"choices":[{"message":{"content":"x","function_call":{"name":""},"tool_calls":[{"id":"","type":"function","function":{"name":"","arguments":""}}]},"finish_reason":"stop"}]}""", "x")]
    public void The_words_of_an_answer(string reply, string words)
    {
        AssistantMessage answer = One(reply);

        Assert.Equal((words, StopReason.Stop), (answer.Text, answer.StopReason));
        Assert.Empty(answer.ToolCalls);
    }

    [Fact]
    public void What_is_not_kept_is_reported_and_what_is_kept_beside_the_content_is_not()
    {
        AssistantMessage answer = One("""{"choices":[{"index":0,"message":{"content":"a","annotations":[{"type":"file","file":{"hash":"h"}}],"executed_tools":[{"type":"search"}],"new_member":{"x":1}},"logprobs":{"content":[{"token":"a"}]},"finish_reason":"stop"},{"index":1,"message":{"content":"b"}}],"citations":["https://example.org"]}""", "openrouter:m");

        Assert.Equal("further choices, logprobs", string.Join(", ", answer.NotKept));
        Assert.Equal("""{"annotations":[{"type":"file","file":{"hash":"h"}}],"executed_tools":[{"type":"search"}],"new_member":{"x":1},"citations":["https://example.org"]}""", answer.ProviderData!.Json);
        Assert.Equal("""[{"type":"file","file":{"hash":"h"}}]""", Assistant(answer, "openrouter:m").GetProperty("annotations").GetRawText());
        Assert.Equal(["role", "content"], Assistant(answer with { Provider = "openai" }, "openai:m").EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("""[{"index":0,"id":"0","function":{"name":"get_time","arguments":""}}]""", """[{"index":0,"id":"0","function":{"name":"get_time","arguments":"{}"}}]""", "0 get_time {}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"get_","arguments":"{\"x\":"}}]""", """[{"index":0,"function":{"name":"time","arguments":"1}"}}]""", "a get_time {\"x\":1}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]""", """[{"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]""", "a f {}, b g {}")]
    [InlineData("""[{"id":"a","function":{"name":"f","arguments":"{"}}]""", """[{"function":{"arguments":"}"}}]""", "a f {}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}]""", "[]", "a f {\"x\":1}")]
    public void Pieces_of_calls_are_put_together(string first, string second, string calls)
    {
        AssistantMessage answer = One(Sse(
            $$$"""{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":{{{first}}}}}]}""",
            $$$"""{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":{{{second}}}},"finish_reason":"tool_calls"}]}"""));

        Assert.Equal(calls, string.Join(", ", answer.ToolCalls.Select(call => $"{call.Id} {call.Name} {call.Arguments}")));
        Assert.Equal(StopReason.ToolUse, answer.StopReason);
    }

    [Fact]
    public void A_stream_that_is_cut_anywhere_is_reported_and_keeps_its_words()
    {
        for (int count = 1; count < Mistral.Length; count++)
        {
            AssistantMessage cut = One(Sse([.. Mistral.Take(count)], isEnded: false));
            Assert.Equal(StopReason.Aborted, cut.StopReason);
            Assert.StartsWith(string.Concat(cut.Content.OfType<TextContent>().Select(text => text.Text)), "144", StringComparison.Ordinal);
        }

        AssistantMessage ended = One(Sse([.. Mistral.Take(4)], isEnded: true));
        Assert.Equal((StopReason.Stop, null, "14"), (ended.StopReason, ended.ErrorMessage, ended.Text));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Overloaded","code":529}}""")]
    [InlineData("""{"id":"a","object":"chat.completion.chunk","error":{"code":502,"message":"Overloaded"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""")]
    [InlineData("""{"choices":[],"x_groq":{"error":"Overloaded"}}""")]
    public void An_error_in_the_midst_of_a_stream_keeps_the_words_so_far(string error)
    {
        AssistantMessage answer = One(Sse([.. Mistral.Take(4), error], isEnded: false));

        Assert.Equal((StopReason.Error, "14"), (answer.StopReason, answer.Text));
        Assert.Contains("Overloaded", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_chunk_of_Azure_and_the_last_one_of_completions_are_pieces()
    {
        JsonElement first = Json("""{"id":"","object":"","model":"","choices":[],"prompt_filter_results":[]}""");
        JsonElement text = Json("""{"id":"c","object":"text_completion","choices":[{"index":0,"text":"a","finish_reason":null}]}""");
        JsonElement last = Json("""{"id":"c","object":"text_completion","choices":[{"index":0,"text":"b","finish_reason":"stop"}]}""");

        Assert.True(ProviderReply.IsPiece(first, null));
        Assert.True(ProviderReply.IsPiece(text, null));
        Assert.True(ProviderReply.IsPiece(last, text));
        Assert.False(ProviderReply.IsPiece(last, last));
        Assert.Equal("ab", ((AssistantMessage)ProviderReply.Parse(ProviderReply.Join([text, last]))[0]).Text);
    }

    [Theory]
    [InlineData("mistral", 9, "^[a-zA-Z0-9]{9}$")]
    [InlineData("openai", 40, "^[a-zA-Z0-9_-]{1,40}$")]
    public void Ids_of_calls_have_the_servers_form(string server, int longest, string pattern)
    {
        string[] ids = ["toolu_01AbCdEf", "toolu_01AbCdEg", new string('x', 90), new string('x', 91), "abcDEF123"];
        var answer = new AssistantMessage(ids.Select(id => new ToolCallContent(id, "f", "{}")), "anthropic", "m", 0);
        Message[] messages = [new UserMessage("q", 0), answer, .. ids.Select(id => new ToolResultMessage(id, "f", [], 0))];

        JsonElement body = ProviderRequest.Build(messages, Provider.OpenAIChat, new RequestOptions { Model = $"{server}:m" }).Body;

        string[] sent = [.. body.GetProperty("messages")[1].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()!)];
        Assert.All(sent, id => Assert.Matches(pattern, id));
        Assert.Equal(5, sent.Distinct().Count());
        Assert.Equal("abcDEF123", sent[4]);
        Assert.All(sent, id => Assert.InRange(id.Length, 1, longest));
        Assert.Equal(sent, body.GetProperty("messages").EnumerateArray().Skip(2).Select(message => message.GetProperty("tool_call_id").GetString()));
    }

    [Fact]
    public void System_messages_in_the_middle_documents_and_details_go_where_they_are_taken()
    {
        const string Body = """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},{"role":"assistant","content":"a"},{"role":"developer","content":"Be kind."},{"role":"user","content":"go"}]}""";
        ProviderMessages read = ProviderMessages.TryParse(Json(Body))!;

        Assert.IsType<SystemMessage>(read.Messages[2]);
        JsonElement[] own = [.. ProviderRequest.Build([.. read.Messages], Provider.OpenAIChat).Body.GetProperty("messages").EnumerateArray()];
        Assert.True(JsonElement.DeepEquals(Json(Body).GetProperty("messages")[1], own[0]), own[0].GetRawText());
        Assert.Equal("""{"role":"system","content":"Be kind."}""", own[2].GetRawText());
        JsonElement[] mistral = [.. ProviderRequest.Build([.. read.Messages], Provider.OpenAIChat, new RequestOptions { Model = "mistral:m" }).Body.GetProperty("messages").EnumerateArray()];
        Assert.Equal("user", mistral[2].GetProperty("role").GetString());
        Assert.Contains("Be kind.", mistral[2].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"document_url\":\"data:application/pdf;base64,JVBERi0=\"", mistral[0].GetRawText(), StringComparison.Ordinal);
    }

    private static AssistantMessage One(string text, string? model = null) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text), null, model)));

    private static string Sse(params string[] events) => Sse(events, isEnded: true);

    private static string Sse(string[] events, bool isEnded) =>
        string.Concat(events.Select(one => $"data: {one}\n\n")) + (isEnded ? "data: [DONE]\n\n" : "");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static JsonElement[] Messages(AssistantMessage answer, string model)
    {
        IEnumerable<Message> results = answer.ToolCalls.Select(call => new ToolResultMessage(call.Id, call.Name, [new TextContent("noon")], 0));
        ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), answer, .. results], Provider.OpenAIChat, new RequestOptions { Model = model });
        return [.. request.Body.GetProperty("messages").EnumerateArray()];
    }

    private static JsonElement Assistant(AssistantMessage answer, string model) => Messages(answer, model)[1];
}
