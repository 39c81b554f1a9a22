using System.Text.Json;
using System.Text.Json.Nodes;
using Opi.ProviderStub;

namespace Opi.Tests;

public sealed class ProviderRequestTests
{
    private static readonly AssistantMessage Asked = new(
        [new ThinkingContent("Hm.") { Signature = "c2ln" }, new TextContent("I look."), new ToolCallContent("c1", "read", """{"path":"a.txt"}"""), new ToolCallContent("c2", "list", "{}")],
        "anthropic",
        "claude-sonnet-4-5",
        0);

    private static readonly Message[] Conversation =
        [new UserMessage("What is in a.txt?", 0), Asked, Result("c2", "a.txt"), Result("c1", "hello"), new AssistantMessage([new TextContent("hello")], "anthropic", "m", 0)];

    public static TheoryData<Provider> Providers => [.. Enum.GetValues<Provider>()];

    [Theory]
    [InlineData(Provider.Anthropic, """
        {"messages":[
          {"role":"user","content":[{"type":"text","text":"What is in a.txt?"}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"text","text":"I look."},{"type":"tool_use","id":"c1","name":"read","input":{"path":"a.txt"}},{"type":"tool_use","id":"c2","name":"list","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"hello"}]},{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"a.txt"}]}]},
          {"role":"assistant","content":[{"type":"text","text":"hello"}]},
          {"role":"user","content":[{"type":"text","text":"And b.txt?"}]}],
         "system":"Be brief."}
        """)]
    [InlineData(Provider.OpenAIChat, """
        {"messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":"What is in a.txt?"},
          {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"read","arguments":"{\"path\":\"a.txt\"}"}},{"id":"c2","type":"function","function":{"name":"list","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"hello"},
          {"role":"tool","tool_call_id":"c2","content":"a.txt"},
          {"role":"assistant","content":"hello"},
          {"role":"user","content":"And b.txt?"}]}
        """)]
    [InlineData(Provider.OpenAIResponses, """
        {"input":[
          {"role":"user","content":"What is in a.txt?"},
          {"role":"assistant","content":"I look."},
          {"type":"function_call","call_id":"c1","name":"read","arguments":"{\"path\":\"a.txt\"}"},
          {"type":"function_call","call_id":"c2","name":"list","arguments":"{}"},
          {"type":"function_call_output","call_id":"c1","output":"hello"},
          {"type":"function_call_output","call_id":"c2","output":"a.txt"},
          {"role":"assistant","content":"hello"},
          {"role":"user","content":"And b.txt?"}],
         "instructions":"Be brief."}
        """)]
    [InlineData(Provider.Gemini, """
        {"contents":[
          {"role":"user","parts":[{"text":"What is in a.txt?"}]},
          {"role":"model","parts":[{"text":"I look."},{"functionCall":{"name":"read","args":{"path":"a.txt"}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"list","args":{}}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"read","response":{"output":"hello"}}},{"functionResponse":{"name":"list","response":{"output":"a.txt"}}}]},
          {"role":"model","parts":[{"text":"hello"}]},
          {"role":"user","parts":[{"text":"And b.txt?"}]}],
         "systemInstruction":{"parts":[{"text":"Be brief."}]}}
        """)]
    [InlineData(Provider.GeminiInteractions, """
        {"input":[
          {"type":"user_input","content":[{"type":"text","text":"What is in a.txt?"}]},
          {"type":"model_output","content":[{"type":"text","text":"I look."}]},
          {"type":"function_call","id":"c1","name":"read","arguments":{"path":"a.txt"}},
          {"type":"function_call","id":"c2","name":"list","arguments":{}},
          {"type":"function_result","call_id":"c1","name":"read","result":"hello"},
          {"type":"function_result","call_id":"c2","name":"list","result":"a.txt"},
          {"type":"model_output","content":[{"type":"text","text":"hello"}]},
          {"type":"user_input","content":[{"type":"text","text":"And b.txt?"}]}],
         "system_instruction":"Be brief."}
        """)]
    [InlineData(Provider.Bedrock, """
        {"messages":[
          {"role":"user","content":[{"text":"What is in a.txt?"}]},
          {"role":"assistant","content":[{"text":"I look."},{"toolUse":{"toolUseId":"c1","name":"read","input":{"path":"a.txt"}}},{"toolUse":{"toolUseId":"c2","name":"list","input":{}}}]},
          {"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"hello"}]}},{"toolResult":{"toolUseId":"c2","content":[{"text":"a.txt"}]}}]},
          {"role":"assistant","content":[{"text":"hello"}]},
          {"role":"user","content":[{"text":"And b.txt?"}]}],
         "system":[{"text":"Be brief."}]}
        """)]
    [InlineData(Provider.Ollama, """
        {"messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":"What is in a.txt?"},
          {"role":"assistant","content":"I look.","tool_calls":[{"function":{"name":"read","arguments":{"path":"a.txt"}}},{"function":{"name":"list","arguments":{}}}]},
          {"role":"tool","content":"hello","tool_name":"read"},
          {"role":"tool","content":"a.txt","tool_name":"list"},
          {"role":"assistant","content":"hello"},
          {"role":"user","content":"And b.txt?"}]}
        """)]
    public void A_conversation_in_the_shape_of_its_provider(Provider provider, string expected)
    {
        ProviderRequest request = ProviderRequest.Build(Conversation, provider, new RequestOptions { System = "Be brief.", Prompt = [new UserMessage("And b.txt?", 0)] });

        Assert.Empty(request.Warnings);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, request.Body), request.Body.ToString());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void An_interrupted_call_gets_a_result_that_says_so_or_is_left_out(Provider provider)
    {
        Message[] messages = [new UserMessage("q", 0), Asked, Result("c1", "hello"), new UserMessage("Go on.", 0)];

        ProviderRequest completed = ProviderRequest.Build(messages, provider);
        ProviderRequest strict = ProviderRequest.Build(messages, provider, new RequestOptions { Strict = true });

        Assert.Empty(ProviderRules.ValidateMessages(provider, completed.Body));
        Assert.Empty(ProviderRules.ValidateMessages(provider, strict.Body));
        Assert.Equal("1 tool call has no result and gets one that says so: list (c2)", Assert.Single(completed.Warnings));
        Assert.Equal("1 tool call has no result and is left out: list (c2)", Assert.Single(strict.Warnings));
        Assert.Contains("No result", completed.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("No result", strict.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("list", strict.Body.ToString(), StringComparison.Ordinal);
        Assert.Contains("hello", strict.Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_call_is_marked_as_an_error_where_there_is_a_mark()
    {
        Message[] messages = [new UserMessage("q", 0), Asked];

        Assert.Equal(2, Count(Provider.Anthropic, "\"is_error\":true"));
        Assert.Equal(2, Count(Provider.Bedrock, "\"status\":\"error\""));
        Assert.Equal(2, Count(Provider.Gemini, "\"error\":\"No result"));

        int Count(Provider provider, string mark) => ProviderRequest.Build(messages, provider).Body.GetRawText().Split(mark).Length - 1;
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_call_that_was_all_of_an_answer_leaves_nothing_behind_when_strict(Provider provider)
    {
        ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), Make.Calls("a"), new UserMessage("again", 0)], provider, new RequestOptions { Strict = true });

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        Assert.DoesNotContain("assistant", request.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("model", request.Body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_result_without_a_call_is_left_out_and_reported(Provider provider)
    {
        ProviderRequest request = ProviderRequest.Build([Result("gone", "SECRET"), new UserMessage("q", 0), Make.Calls("a"), Result("a", "one"), Result("a", "two")], provider);

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        Assert.DoesNotContain("SECRET", request.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("two", request.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal("2 tool results belong to no open call and are left out: bash (gone), bash (a)", Assert.Single(request.Warnings));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Calls_that_are_counted_anew_in_every_answer_keep_their_own_results(Provider provider)
    {
        Message[] messages = [new UserMessage("q", 0), Make.Calls("call-1"), Result("call-1", "first"), Make.Calls("call-1"), Result("call-1", "second")];

        ProviderRequest request = ProviderRequest.Build(messages, provider);

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        Assert.Equal(["first", "second"], ProviderMessages.TryParse(request.Body, provider)!.Messages.OfType<ToolResultMessage>().Select(result => result.Text));
        Assert.Equal(provider is Provider.Gemini or Provider.Ollama, !request.Body.ToString().Contains("call-1-2", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Summaries_are_the_users_text_with_a_line_before_them(Provider provider)
    {
        ProviderRequest request = ProviderRequest.Build(
            [new CompactionSummaryMessage("They built a shed.", "msg-9", 9, 9), new UserMessage("And now?", 0), Make.Assistant("Paint."), new BranchSummaryMessage("", "Red was bad.", 2), new UserMessage("Blue?", 0)],
            provider);

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        string[] said = [.. ProviderMessages.TryParse(request.Body, provider)!.Messages.OfType<UserMessage>().SelectMany(user => user.Content).Select(block => ((TextContent)block).Text)];
        Assert.Equal(["Summary of the conversation so far, in place of its earlier messages:\n\nThey built a shed.", "And now?", "Summary of another branch of this conversation, which was left:\n\nRed was bad.", "Blue?"], said);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void What_is_empty_is_left_out(Provider provider)
    {
        var failed = new AssistantMessage([], "x", "m", 0) { StopReason = StopReason.Error, ErrorMessage = "overloaded" };
        var thought = new AssistantMessage([new ThinkingContent("hm"), new TextContent(" \n")], "x", "m", 0) { StopReason = StopReason.Aborted };

        ProviderRequest request = ProviderRequest.Build([new UserMessage("", 0), new UserMessage("q", 0), failed, thought, new UserMessage("again", 0)], provider);

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        Assert.All(ProviderMessages.TryParse(request.Body, provider)!.Messages, message => Assert.IsType<UserMessage>(message));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void An_empty_context_is_reported(Provider provider)
    {
        Assert.Contains("no message to send", Assert.Single(ProviderRequest.Build([], provider).Warnings), StringComparison.Ordinal);
        Assert.Empty(ProviderRequest.Build([], provider, new RequestOptions { Prompt = [new UserMessage("q", 0)] }).Warnings);
    }

    [Fact]
    public void Thinking_goes_back_signed_in_every_turn_and_to_no_other_provider()
    {
        Message[] running = [.. Conversation[..4]];
        const string Thinking = """{"type":"thinking","thinking":"Hm.","signature":"c2ln"}""";

        Assert.Equal(Thinking, ProviderRequest.Build(running, Provider.Anthropic).Body.GetProperty("messages")[1].GetProperty("content")[0].GetRawText());
        Assert.Contains(Thinking, ProviderRequest.Build(running, Provider.Anthropic, new RequestOptions { Prompt = [new UserMessage("q", 0)] }).Body.GetRawText(), StringComparison.Ordinal);
        Assert.All(Enum.GetValues<Provider>()[1..], provider => Assert.DoesNotContain("c2ln", ProviderRequest.Build(running, provider).Body.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Provider.Anthropic, """{"type":"redacted_thinking","data":"ZGF0YQ=="}""", null, null, "ZGF0YQ==")]
    [InlineData(Provider.Bedrock, """{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2ln"}}}""", null, "c2ln", null)]
    [InlineData(Provider.Bedrock, """{"reasoningContent":{"redactedContent":"ZGF0YQ=="}}""", null, null, "ZGF0YQ==")]
    [InlineData(Provider.OpenAIResponses, """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"ZW5j"}""", "rs_1", null, "ZW5j")]
    [InlineData(Provider.Gemini, """{"text":"Hm.","thought":true,"thoughtSignature":"c2ln"}""", null, "c2ln", null)]
    public void Thinking_goes_back_as_the_provider_gave_it(Provider provider, string expected, string? id, string? signature, string? encrypted)
    {
        string text = encrypted is null || id is not null ? "Hm." : "";
        var answer = new AssistantMessage(
            [new ThinkingContent(text) { Id = id, Signature = signature, EncryptedContent = encrypted }, new ToolCallContent("c1", "read", "{}")], ProviderShape.Of(provider).Name, "m", 0);

        ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), answer, Result("c1", "hello")], provider);

        Assert.Contains(expected, request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
    }

    [Theory]
    [InlineData("deepseek", true)]
    [InlineData("openai", false)]
    public void Thinking_goes_back_to_servers_that_refuse_calls_without_it(string provider, bool goesBack)
    {
        var answer = new AssistantMessage([new ThinkingContent("Hm."), new ToolCallContent("c1", "read", "{}")], provider, "m", 0);

        ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), answer, Result("c1", "hello")], Provider.OpenAIChat, new RequestOptions { Model = $"{provider}:m" });

        Assert.Equal(goesBack, request.Body.GetRawText().Contains("\"reasoning_content\":\"Hm.\"", StringComparison.Ordinal));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.OpenAIChat, request.Body));
    }

    [Fact]
    public void Signatures_of_Gemini_go_back_on_the_part_that_they_came_with()
    {
        const string Parts = """[{"text":"I look."},{"functionCall":{"name":"read","args":{}},"thoughtSignature":"Yw=="},{"functionCall":{"name":"list","args":{}}}]""";
        const string Said = """[{"text":"Done.","thoughtSignature":"dA=="}]""";
        Message[] messages = [new UserMessage("q", 0), Reply(Parts), Result("call-1", "a"), Result("call-2", "b"), Reply(Said)];

        JsonElement contents = ProviderRequest.Build(messages, Provider.Gemini).Body.GetProperty("contents");

        Assert.Equal((Parts, Said), (contents[1].GetProperty("parts").GetRawText(), contents[3].GetProperty("parts").GetRawText()));

        static Message Reply(string parts) => ProviderReply.Parse(JsonDocument.Parse($$$"""{"candidates":[{"content":{"role":"model","parts":{{{parts}}}}}]}""").RootElement).Single();
    }

    [Theory]
    [InlineData(Provider.Gemini, "data:image/gif;base64,R0lGODlh", "image/gif")]
    [InlineData(Provider.Bedrock, "https://example.org/a.png", "image/png")]
    [InlineData(Provider.Ollama, "https://example.org/a.png", "image/png")]
    [InlineData(Provider.Anthropic, "s3://bucket/a.png", "image/png")]
    public void An_image_that_the_provider_cannot_take_is_named_and_reported(Provider provider, string url, string type)
    {
        ProviderRequest request = ProviderRequest.Build([new UserMessage([new ImageContent(ImageSource.FromUrl(url), type)], 0)], provider);

        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
        Assert.Contains($"[image: {type}", request.Body.ToString(), StringComparison.Ordinal);
        Assert.Contains(type, Assert.Single(request.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"path\": \"a.t")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public void Arguments_that_are_not_an_object_are_kept_as_text(string arguments)
    {
        var call = new AssistantMessage([new ToolCallContent("c1", "read", arguments)], "x", "m", 0);
        foreach (Provider provider in Enum.GetValues<Provider>())
        {
            ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), call, Result("c1", "r")], provider);

            Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
            Assert.Equal(arguments, Assert.Single(ProviderMessages.TryParse(request.Body, provider)!.Messages.OfType<AssistantMessage>().Single().ToolCalls).Arguments);
        }
    }

    [Fact]
    public void Arguments_may_nest_deep_and_name_a_member_twice()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        var call = new AssistantMessage([new ToolCallContent("c1", "read", deep), new ToolCallContent("c2", "read", """{"a":1,"a":2}""")], "x", "m", 0);

        string body = ProviderRequest.Build([new UserMessage("q", 0), call], Provider.Anthropic).Body.GetRawText();

        Assert.Contains(deep, body, StringComparison.Ordinal);
        Assert.Contains("""{"a":1,"a":2}""", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}""", "")]
    [InlineData("""[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"text","text":"ho"}]}]""", "")]
    [InlineData("""{"system":"s","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}""", "anthropic")]
    [InlineData("""{"messages":[{"role":"developer","content":"s"},{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}""", "openai")]
    [InlineData("""{"input":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}""", "openai")]
    [InlineData("""[{"type":"message","role":"user","content":"hi"},{"type":"message","role":"assistant","content":"ho"}]""", "openai")]
    [InlineData("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"ho","annotations":[]}]}]""", "openai")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}]}""", "openai")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null},{"role":"assistant","content":"ho"}]}""", "")]
    [InlineData("""[{"role":"user","content":[{"text":"hi"}]},{"role":"assistant","content":[{"text":"ho"}]}]""", "bedrock")]
    [InlineData("""{"contents":[{"parts":[{"text":"hi"}]},{"role":"model","parts":[{"text":"ho"}]}]}""", "gemini")]
    [InlineData("""{"input":[{"type":"user_input","content":[{"type":"text","text":"hi"}]},{"type":"model_output","content":[{"type":"text","text":"ho"}]}]}""", "gemini")]
    [InlineData("""{"input":[{"role":"user","content":"hi"},{"role":"model","content":[{"type":"text","text":"ho"}]}]}""", "gemini")]
    [InlineData("""{"messages":[{"role":"user","content":"hi","images":["iVBORw0KGgo="]},{"role":"assistant","content":"ho"}]}""", "ollama")]
    public void Messages_of_a_request_are_recognised(string request, string provider)
    {
        IReadOnlyList<Message> messages = ProviderMessages.TryParse(JsonDocument.Parse(request).RootElement)!.Messages;

        Assert.Equal(["hi", "ho"], messages.Select(message => message.Text.Replace(" [image: image/png]", "", StringComparison.Ordinal)));
        Assert.Equal((provider, Usage.Unknown), ((AssistantMessage)messages[1]).Provider is var name ? (name, ((AssistantMessage)messages[1]).Usage) : default);
        Assert.Equal("deepseek:chat", ((AssistantMessage)ProviderMessages.TryParse(JsonDocument.Parse(request).RootElement, null, "deepseek:chat")!.Messages[1]).ModelSpec);
    }

    [Fact]
    public void What_has_no_place_in_a_message_is_reported()
    {
        ProviderMessages read = ProviderMessages.TryParse(JsonDocument.Parse("""
            {"system":"s","messages":[{"role":"user","content":[{"source":{}},{"source":{}},{"type":"document","source":{}},{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AA=="}},{"type":"text","text":"hi"}]}]}
            """).RootElement)!;

        Assert.Equal("[document] hi", Assert.Single(read.Messages).Text);
        Assert.Equal(["system text", "content of unknown kind (2 times)", "image of type 'image/bmp'"], read.Warnings.Select(warning => warning[(warning.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Theory]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"text","text":"x"}],"usage":{"input_tokens":1}}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[]}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"model":"m","message":{"role":"assistant","content":"x"},"done":true}""")]
    [InlineData("""{"answer":42}""")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("\"some words\"")]
    public void A_reply_or_anything_else_is_not_a_list_of_messages(string value) =>
        Assert.Null(ProviderMessages.TryParse(JsonDocument.Parse(value).RootElement));

    [Fact]
    public void Messages_of_which_nothing_can_be_read_in_the_named_shape_are_refused()
    {
        var error = Assert.Throws<UnknownReplyException>(() => ProviderMessages.TryParse(ProviderRequest.Build(Conversation, Provider.Anthropic).Body, Provider.Gemini));

        Assert.Contains("shape of Anthropic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_shape_is_recognised_by_itself()
    {
        foreach (Provider provider in Enum.GetValues<Provider>())
        {
            JsonElement body = ProviderRequest.Build(Conversation, provider).Body;

            Assert.Equal(ProviderShape.Of(provider).Name, ProviderMessages.TryParse(body)!.Messages.OfType<AssistantMessage>().First().Provider);
            Assert.Equal(5, ProviderMessages.TryParse(JsonSerializer.SerializeToElement(body.ToString()))!.Messages.Count);
            Assert.Equal(5, ProviderMessages.TryParse(JsonSerializer.SerializeToElement(JsonNode.Parse(body.GetRawText())!.ToString().Split('\n')))!.Messages.Count);
        }
    }

    private static ToolResultMessage Result(string id, string text) => new(id, "bash", [new TextContent(text)], 0);
}
