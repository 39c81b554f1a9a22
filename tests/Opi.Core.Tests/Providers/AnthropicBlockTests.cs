using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>Every kind of block that Anthropic documents, from the reply into the next request. The blocks are written to its reference.</summary>
public sealed class AnthropicBlockTests
{
    private const string Search = """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"opi"}}""";
    private const string Found = """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","title":"Opi","url":"https://example.org","encrypted_content":"RW5j","page_age":null}]}""";

    public static TheoryData<string, string, string> Opaque => new()
    {
        { Search, "server_tool_use", "[web_search: opi]" },
        { Found, "web_search_tool_result", "[search results: Opi https://example.org]" },
        { """{"type":"web_search_tool_result","tool_use_id":"a","content":{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}}""", "web_search_tool_result", "[search failed: max_uses_exceeded]" },
        { """{"type":"web_fetch_tool_result","tool_use_id":"a","content":{"type":"web_fetch_result","url":"https://a.b","content":{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}}}}""", "web_fetch_tool_result", "[fetched https://a.b: words]" },
        { """{"type":"code_execution_tool_result","tool_use_id":"a","content":{"type":"code_execution_result","stdout":"4\n","stderr":"","return_code":0,"content":[]}}""", "code_execution_tool_result", "[code run: 4]" },
        { """{"type":"bash_code_execution_tool_result","tool_use_id":"a","content":{"type":"bash_code_execution_result","stdout":"","stderr":"no","return_code":1,"content":[]}}""", "bash_code_execution_tool_result", "[code run: no]" },
        { """{"type":"text_editor_code_execution_tool_result","tool_use_id":"a","content":{"type":"text_editor_code_execution_view_result","content":"x = 1","file_type":"text"}}""", "text_editor_code_execution_tool_result", "[code run: x = 1]" },
        { """{"type":"tool_search_tool_result","tool_use_id":"a","content":{"type":"tool_search_tool_search_result","tool_references":[{"type":"tool_reference","tool_name":"f"}]}}""", "tool_search_tool_result", "" },
        { """{"type":"advisor_tool_result","tool_use_id":"a","content":{"type":"advisor_result","text":"Be careful."}}""", "advisor_tool_result", "[advisor: Be careful.]" },
        { """{"type":"advisor_tool_result","tool_use_id":"a","content":{"type":"advisor_redacted_result","encrypted_content":"RW5j"}}""", "advisor_tool_result", "[advisor]" },
        { """{"type":"mcp_tool_use","id":"mcptoolu_1","name":"find","server_name":"files","input":{}}""", "mcp_tool_use", "[mcp files/find]" },
        { """{"type":"mcp_tool_result","tool_use_id":"mcptoolu_1","is_error":false,"content":[{"type":"text","text":"found"}]}""", "mcp_tool_result", "[mcp result: found]" },
        { """{"type":"mcp_tool_listing","server_name":"files","tools":[]}""", "mcp_tool_listing", "" },
        { """{"type":"container_upload","file_id":"file_1"}""", "container_upload", "[file: file_1]" },
        { """{"type":"compaction","content":"They built a shed.","encrypted_content":"RW5j"}""", "compaction", "They built a shed." },
        { """{"type":"compaction","content":null}""", "compaction", "" },
        { """{"type":"fallback","from":{"model":"a"},"to":{"model":"b"},"trigger":{"type":"refusal"}}""", "fallback", "" },
        { """{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"found"}]}""", "search_result", "[source: t s]\nfound" },
        { """{"type":"connector_text","text":"hm"}""", "connector_text", "[connector_text]" },
    };

    [Theory]
    [MemberData(nameof(Opaque))]
    public void A_block_without_a_type_of_its_own_is_kept_whole_and_has_a_stand_in(string block, string kind, string standIn)
    {
        AssistantMessage message = Read(block);

        var opaque = Assert.IsType<OpaqueContent>(Assert.Single(message.Content));
        Assert.Equal((kind, standIn, "anthropic"), (opaque.Kind, opaque.StandIn, opaque.Data.Shape));
        Assert.True(JsonElement.DeepEquals(Json(block), Json(opaque.Data.Json)));
        Assert.Empty(message.ToolCalls);
        Assert.Empty(ReplyWarning.Of(message));
    }

    [Fact]
    public void The_table_has_every_kind_that_is_kept_whole_and_says_what_stands_in_its_place()
    {
        BlockKind[] kinds = [.. new AnthropicShape().Kinds.Where(kind => kind.Kept == "opaque")];
        Assert.All(Opaque.Select(row => (OpaqueContent)Assert.Single(Read((string)row[0]).Content)), block =>
        {
            BlockKind listed = kinds.FirstOrDefault(kind => kind.Kind.Split(' ')[0] == block.Kind) ?? new AnthropicShape().Kinds.FirstOrDefault(kind => kind.Kind == block.Kind) ?? kinds.Single(kind => kind.Kind == "any other");
            Assert.True(block.StandIn.Length > 0 || listed.StandIn == "nothing" || block.Kind == "compaction", block.Kind);
            Assert.True(block.StandIn.Length == 0 || listed.StandIn != "nothing", block.Kind);
        });
        Assert.Empty(kinds.Select(kind => kind.Kind.Split(' ')[0]).Except(["any", "tool_addition", "tool_removal", "tool_reference", "toolRemoval", .. Opaque.Select(row => (string)row[1])]));
    }

    [Fact]
    public void Server_tools_go_back_verbatim_in_their_place_and_to_others_as_their_stand_ins()
    {
        const string Thinking = """{"type":"thinking","thinking":"t","signature":"UzE="}""";
        const string Said = """{"type":"text","text":"It is a module.","citations":[{"type":"web_search_result_location","url":"https://example.org","encrypted_index":"RW8="}]}""";
        const string Call = """{"type":"tool_use","id":"toolu_1","name":"save","input":{"a":1}}""";
        Message[] messages = [new UserMessage("q", 0), Read(Thinking, Search, Found, Said, Call), Result("toolu_1", "ok")];

        string anthropic = ProviderRequest.Build(messages, Provider.Anthropic).Body.GetProperty("messages")[1].GetProperty("content").GetRawText();
        ProviderRequest gemini = ProviderRequest.Build(messages, Provider.Gemini);

        Assert.True(JsonElement.DeepEquals(Json($"[{Thinking},{Search},{Found},{Said},{Call}]"), Json(anthropic)), anthropic);
        Assert.Equal(
            ["[web_search: opi]", "[search results: Opi https://example.org]", "It is a module."],
            gemini.Body.GetProperty("contents")[1].GetProperty("parts").EnumerateArray().Take(3).Select(part => part.GetProperty("text").GetString()!));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Gemini, gemini.Body));
        Assert.Empty(gemini.Warnings);
    }

    [Fact]
    public void A_call_of_the_servers_code_keeps_its_caller_and_waits_for_it_across_answers()
    {
        const string Code = """{"type":"server_tool_use","id":"srvtoolu_1","name":"code_execution","input":{"code":"ls()"}}""";
        const string Call = """{"type":"tool_use","id":"toolu_1","name":"ls","input":{},"caller":{"type":"code_execution_20250825","tool_id":"srvtoolu_1"}}""";
        const string Ran = """{"type":"code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"code_execution_result","stdout":"a","stderr":"","return_code":0,"content":[]}}""";
        AssistantMessage first = Read([Code, Call], ""","container":{"id":"container_1","expires_at":"2999-01-01T00:00:00Z"},"stop_reason":"tool_use" """);

        Message[] waiting = [new UserMessage("q", 0), first, Result("toolu_1", "a")];
        JsonElement body = ProviderRequest.Build(waiting, Provider.Anthropic).Body;
        JsonElement done = ProviderRequest.Build([.. waiting, Read(Ran), new UserMessage("next", 0)], Provider.Anthropic).Body;
        ProviderRequest given_up = ProviderRequest.Build([.. waiting, Read("""{"type":"text","text":"never mind"}"""), new UserMessage("next", 0)], Provider.Anthropic);

        Assert.Equal("container_1", body.GetProperty("container").GetString());
        Assert.True(JsonElement.DeepEquals(Json($"[{Code},{Call}]"), body.GetProperty("messages")[1].GetProperty("content")), body.ToString());
        Assert.True(JsonElement.DeepEquals(Json(Ran), done.GetProperty("messages")[3].GetProperty("content")[0]), done.ToString());
        Assert.Contains("lacks its other half", Assert.Single(given_up.Warnings), StringComparison.Ordinal);
        Assert.Contains("[code_execution: ls()]", given_up.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("caller", given_up.Body.ToString(), StringComparison.Ordinal);
        Assert.All((JsonElement[])[body, done, given_up.Body], request => Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, request)));
    }

    [Fact]
    public void A_container_that_is_gone_is_not_asked_for() =>
        Assert.False(ProviderRequest.Build(
            [new UserMessage("q", 0), Read(["""{"type":"text","text":"a"}"""], ""","container":{"id":"c","expires_at":"2020-01-01T00:00:00Z"} """), new UserMessage("q", 0)],
            Provider.Anthropic).Body.TryGetProperty("container", out _));

    [Fact]
    public void A_paused_turn_goes_back_as_it_is_and_with_a_prompt_behind_it_as_text()
    {
        Message[] messages = [new UserMessage("q", 0), Read([Search], ""","stop_reason":"pause_turn" """)];

        ProviderRequest paused = ProviderRequest.Build(messages, Provider.Anthropic);
        ProviderRequest left = ProviderRequest.Build([.. messages, new UserMessage("other", 0)], Provider.Anthropic);
        ProviderRequest resumed = ProviderRequest.Build([.. messages, Read(Found, """{"type":"text","text":"a"}""")], Provider.Anthropic);

        Assert.Equal(StopReason.PauseTurn, ((AssistantMessage)messages[1]).StopReason);
        Assert.True(JsonElement.DeepEquals(Json(Search), paused.Body.GetProperty("messages")[1].GetProperty("content")[0]));
        Assert.Contains("[web_search: opi]", left.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("srvtoolu_1", left.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, resumed.Body.GetProperty("messages")[1].GetProperty("content").GetArrayLength());
        Assert.All((ProviderRequest[])[paused, left, resumed], request => Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, request.Body)));
    }

    [Fact]
    public void A_stream_gives_what_the_whole_reply_gives()
    {
        const string Events = """
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}
            data: {"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"short","encrypted_content":"RW5j"}}
            data: {"type":"content_block_start","index":1,"content_block":{"type":"thinking","thinking":"","signature":""}}
            data: {"type":"content_block_delta","index":1,"delta":{"type":"thinking_delta","thinking":"Hm."}}
            data: {"type":"content_block_delta","index":1,"delta":{"type":"signature_delta","signature":"c2ln"}}
            data: {"type":"ping"}
            data: {"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}}
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"query\""}}
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":\"opi\"}"}}
            data: {"type":"content_block_stop","index":2}
            data: {"type":"content_block_start","index":3,"content_block":FOUND}
            data: {"type":"content_block_start","index":4,"content_block":{"type":"text","text":""}}
            data: {"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":"It is"}}
            data: {"type":"content_block_delta","index":4,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://example.org","encrypted_index":"RW8="}}}
            data: {"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":" Opi."}}
            data: {"type":"content_block_stop","index":4}
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"container":{"id":"container_1","expires_at":"2999-01-01T00:00:00Z"}},"usage":{"output_tokens":7}}
            data: {"type":"message_stop"}
            """;
        const string Whole = """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","stop_reason":"end_turn","container":{"id":"container_1","expires_at":"2999-01-01T00:00:00Z"},
             "usage":{"input_tokens":9,"output_tokens":7},"content":[{"type":"compaction","content":"short","encrypted_content":"RW5j"},{"type":"thinking","thinking":"Hm.","signature":"c2ln"},SEARCH,FOUND,
             {"type":"text","text":"It is Opi.","citations":[{"type":"web_search_result_location","url":"https://example.org","encrypted_index":"RW8="}]}]}
            """;
        string[] lines = [.. Events.Replace("FOUND", Found, StringComparison.Ordinal).Split('\n')];
        AssistantMessage whole = One(Whole.Replace("SEARCH", Search, StringComparison.Ordinal).Replace("FOUND", Found, StringComparison.Ordinal));

        AssistantMessage streamed = One(string.Join("\n\n", lines));

        Assert.Equal(whole.Content.ToArray(), streamed.Content.ToArray());
        Assert.Equal((whole.ProviderData, whole.StopReason, whole.ResponseId), (streamed.ProviderData, streamed.StopReason, streamed.ResponseId));
        Assert.Contains("container_1", whole.ProviderData!.Json, StringComparison.Ordinal);
        for (int count = 2; count < lines.Length - 2; count++)
        {
            AssistantMessage cut = One(string.Join("\n\n", lines.Take(count)));
            Assert.Equal(StopReason.Aborted, cut.StopReason);
            ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), cut, new UserMessage("Go on.", 0)], Provider.Anthropic);
            Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, request.Body));
        }

        AssistantMessage failed = One(string.Join("\n\n", lines[..15].Append("""data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")));
        Assert.Equal((StopReason.Error, "It is", 9), (failed.StopReason, failed.Text, failed.Usage.InputTokens));
        Assert.Contains("Overloaded", failed.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_says_why() =>
        Assert.Equal((StopReason.Refusal, "refusal: cyber: No."), Read(["""{"type":"text","text":"I can"}"""], ""","stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber","explanation":"No."} """) switch
        {
            var message => (message.StopReason, message.ErrorMessage),
        });

    [Fact]
    public void A_failed_result_holds_text_alone_and_its_images_follow()
    {
        ToolResultMessage failed = new("toolu_1", "shot", [new ImageContent(ImageSource.FromBase64("iVBORw0KGgo="), "image/png")], 0) { IsError = true };

        ProviderRequest request = ProviderRequest.Build(
            [new UserMessage("q", 0), Read("""{"type":"tool_use","id":"toolu_1","name":"shot","input":{}}"""), failed], Provider.Anthropic);

        JsonElement content = request.Body.GetProperty("messages")[2].GetProperty("content");
        Assert.Equal(["tool_result", "text", "image"], content.EnumerateArray().Select(block => block.GetProperty("type").GetString()));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, request.Body));
    }

    [Theory]
    [InlineData("anthropic:claude-opus-4-8", true)]
    [InlineData("anthropic:claude-opus-5", true)]
    [InlineData("anthropic:claude-fable-5-1", true)]
    [InlineData("anthropic:claude-opus-4-1-20250805", false)]
    [InlineData("anthropic:claude-opus-4-20250514", false)]
    [InlineData("anthropic:claude-sonnet-4-5", false)]
    [InlineData(null, false)]
    public void A_system_message_in_the_midst_goes_to_models_that_take_it_and_to_others_in_tags(string? model, bool takes)
    {
        Message[] messages = [new UserMessage("hi", 0), new SystemMessage("Answer in French.", 0), Make.Assistant("bonjour"), new SystemMessage("In German.", 0), new UserMessage("again", 0)];

        ProviderRequest request = ProviderRequest.Build(messages, Provider.Anthropic, new RequestOptions { Model = model });

        string[] roles = [.. request.Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()!)];
        Assert.Equal(takes ? ["user", "system", "assistant", "user"] : (string[])["user", "assistant", "user"], roles);
        Assert.Contains("<system>\\nIn German.\\n</system>", request.Body.GetRawText(), StringComparison.Ordinal); // not behind a user's message
        Assert.Equal(takes ? 1 : 0, ProviderMessages.TryParse(request.Body, Provider.Anthropic)!.Messages.OfType<SystemMessage>().Count());
    }

    [Fact]
    public void The_cache_is_marked_at_the_system_and_at_the_users_last_block()
    {
        Message[] messages = [new UserMessage("q", 0), Read("""{"type":"thinking","thinking":"t","signature":"UzE="}""", """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}"""), Result("toolu_1", "r")];
        var options = new RequestOptions { System = "Be brief.", Cache = true };

        JsonElement body = ProviderRequest.Build(messages, Provider.Anthropic, options).Body;
        Message[] many = [new UserMessage("q", 0), .. Enumerable.Range(0, 30).SelectMany(i => (Message[])[Read($$$$"""{"type":"tool_use","id":"toolu_{{{{i}}}}","name":"f","input":{}}"""), Result($"toolu_{i}", "r")])];
        JsonElement manyBody = ProviderRequest.Build(many, Provider.Anthropic, options).Body;

        Assert.Equal("""[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}]""", body.GetProperty("system").GetRawText());
        Assert.Equal("ephemeral", body.GetProperty("messages")[2].GetProperty("content")[0].GetProperty("cache_control").GetProperty("type").GetString());
        Assert.Equal((2, 3), (Marks(body), Marks(manyBody)));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, body));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Anthropic, manyBody));
        Assert.Equal(0, Marks(ProviderRequest.Build(messages, Provider.Anthropic).Body));

        static int Marks(JsonElement body) => body.GetRawText().Split("cache_control").Length - 1;
    }

    [Fact]
    public void A_request_reads_back_as_it_was()
    {
        const string Body = """
            {"messages":[
              {"role":"user","content":[
                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"},"title":"notes"},
                {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}},
                {"type":"document","source":{"type":"url","url":"https://example.org/a.pdf"}},
                {"type":"document","source":{"type":"file","file_id":"file_1"},"citations":{"enabled":true}},
                {"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"found"}]},
                {"type":"image","source":{"type":"file","file_id":"file_2"}},
                {"type":"text","text":"hi"}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"tool_reference","tool_name":"g"},{"type":"text","text":"r"}]}]}]}
            """;

        ProviderMessages read = ProviderMessages.TryParse(Json(Body), Provider.Anthropic)!;

        JsonElement again = ProviderRequest.Build([.. read.Messages], Provider.Anthropic).Body;
        Assert.Empty(read.Warnings);
        Assert.True(JsonElement.DeepEquals(Json(Body), again), again.ToString());
        Assert.Equal("[document: notes] [document: application/pdf] [document: application/pdf] [document: file_1] [source: t s]\nfound [image: file_2] hi", read.Messages[0].Text);
    }

    internal static ToolResultMessage Result(string id, string text) => new(id, "f", [new TextContent(text)], 0);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static AssistantMessage One(string text) => Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text))));

    private static AssistantMessage Read(params string[] blocks) => Read(blocks, "");

    /// <summary>A reply with these blocks, and members of its own.</summary>
    private static AssistantMessage Read(string[] blocks, string more) =>
        One($$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{{string.Join(',', blocks)}}]{{more}}}""");
}
