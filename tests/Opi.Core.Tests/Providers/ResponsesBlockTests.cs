using System.Text.Json;

namespace Opi.Tests;

/// <summary>Each kind of item that a reply of OpenAI Responses can have.</summary>
public sealed class ResponsesBlockTests
{
    private const string Model = "openai:gpt-5.4";

    [Theory]
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"opi\npowershell"}}""", "[web_search: opi powershell]")]
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"open_page","url":"https://example.org"}}""", "[web_search: https://example.org]")]
    [InlineData("""{"type":"file_search_call","id":"fs_1","status":"completed","queries":["a","b"],"results":null}""", "[file_search: a; b]")]
    [InlineData("""{"type":"code_interpreter_call","id":"ci_1","status":"completed","container_id":"c","code":"1+1","outputs":[{"type":"logs","logs":"2"}]}""", "[code: 1+1 output: 2]")]
    [InlineData("""{"type":"image_generation_call","id":"ig_1","status":"completed","output_format":"webp","result":"AAAA"}""", "[image: image/webp]")]
    [InlineData("""{"type":"mcp_call","id":"mcp_1","server_label":"docs","name":"find","arguments":"{}","output":"found"}""", "[mcp docs/find: found]")]
    [InlineData("""{"type":"mcp_list_tools","id":"mcpl_1","server_label":"docs","tools":[]}""", "[mcp_list_tools: docs]")]
    [InlineData("""{"type":"shell_call","id":"sh_1","call_id":"c","environment":{"type":"container_reference","container_id":"c"},"action":{"commands":["ls"]}}""", "[code: ls]")]
    [InlineData("""{"type":"tool_search_call","id":"ts_1","call_id":null,"execution":"server","arguments":{}}""", "")]
    [InlineData("""{"type":"compaction","id":"cmp_1","encrypted_content":"ENC"}""", "")]
    [InlineData("""{"type":"program","id":"prog_1","code":"x"}""", "")]
    [InlineData("""{"type":"x_search_call","id":"xs_1","status":"completed"}""", "[x_search]")]
    [InlineData("""{"type":"a_kind_of_tomorrow","id":"k_1","what":{"ever":[1.50,"ü"]}}""", "[a_kind_of_tomorrow]")]
    public void An_item_that_ran_at_the_provider_is_kept_whole_and_others_get_a_stand_in(string item, string standIn)
    {
        AssistantMessage answer = One(Reply(item));

        var opaque = Assert.IsType<OpaqueContent>(Assert.Single(answer.Content));
        Assert.Equal((standIn, item, StopReason.Stop), (opaque.StandIn, opaque.Data.Json, answer.StopReason));
        Assert.Equal(item, Input(answer, Model)[1].GetRawText());
        JsonElement[] azure = Input(answer, "azure:gpt-5.4");
        Assert.Equal(standIn.Length > 0 ? [standIn] : [], azure.Skip(1).SkipLast(1).Select(one => one.GetProperty("content").GetString()));
        Assert.Empty(answer.NotKept);
    }

    [Theory]
    [InlineData("""{"type":"local_shell_call","id":"lsh_1","call_id":"c1","status":"completed","action":{"type":"exec","command":["ls"],"env":{}}}""", "local_shell", """{"type":"exec","command":["ls"],"env":{}}""", "local_shell_call_output", "call_id")]
    [InlineData("""{"type":"shell_call","id":"sh_1","call_id":"c1","status":"completed","action":{"commands":["ls"]}}""", "shell", """{"commands":["ls"]}""", "shell_call_output", "call_id")]
    [InlineData("""{"type":"apply_patch_call","id":"ap_1","call_id":"c1","status":"completed","operation":{"type":"delete_file","path":"a.txt"}}""", "apply_patch", """{"type":"delete_file","path":"a.txt"}""", "apply_patch_call_output", "call_id")]
    [InlineData("""{"type":"mcp_approval_request","id":"c1","server_label":"docs","name":"find","arguments":"{}"}""", "mcp_approval_request", """{"server_label":"docs","name":"find","arguments":"{}"}""", "mcp_approval_response", "approval_request_id")]
    [InlineData("""{"type":"tool_search_call","id":"ts_1","call_id":"c1","execution":"client","arguments":{"query":"x"}}""", "tool_search", """{"query":"x"}""", "tool_search_output", "call_id")]
    public void An_item_that_waits_for_the_client_is_a_call_and_its_result_goes_back_as_its_own_kind(string item, string name, string arguments, string output, string idName)
    {
        AssistantMessage answer = One(Reply(item));

        Assert.Equal(StopReason.ToolUse, answer.StopReason);
        Assert.Equal(("c1", name, arguments), Assert.Single(answer.ToolCalls) switch { var call => (call.Id, call.Name, call.Arguments) });
        JsonElement[] own = Input(answer, Model);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(item).RootElement, own[1]), own[1].GetRawText());
        Assert.Equal((output, "c1"), (own[2].GetProperty("type").GetString(), own[2].GetProperty(idName).GetString()));
        Assert.Equal(["function_call", "function_call_output"], Input(answer, "azure:gpt-5.4").Skip(1).SkipLast(1).Select(one => one.GetProperty("type").GetString()));
        Assert.Empty(ProviderStub.ProviderRules.ValidateMessages(Provider.OpenAIResponses, Request(answer, Model).Body));
    }

    [Fact]
    public void A_computer_gets_its_screen_and_without_one_the_pair_goes_as_a_function()
    {
        AssistantMessage answer = One(Reply("""{"type":"computer_call","id":"cu_1","call_id":"c1","action":{"type":"screenshot"},"pending_safety_checks":[],"status":"completed"}"""));
        IInputContent screen = new ImageContent(ImageSource.FromBase64("iVBORw0KGgo="), "image/png");

        JsonElement[] seen = Items(ProviderRequest.Build([new UserMessage("q", 0), answer, new ToolResultMessage("c1", "computer", [screen], 0)], Provider.OpenAIResponses, new RequestOptions { Model = Model }));
        JsonElement[] blind = Items(ProviderRequest.Build([new UserMessage("q", 0), answer], Provider.OpenAIResponses, new RequestOptions { Model = Model }));

        Assert.Equal("""{"type":"computer_call_output","call_id":"c1","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,iVBORw0KGgo="}}""", seen[2].GetRawText());
        Assert.Equal(["function_call", "function_call_output"], blind.Skip(1).Select(item => item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("approved", false, true)]
    [InlineData("{\"approve\":true}", false, true)]
    [InlineData("Yes.", true, false)]
    [InlineData("no", false, false)]
    [InlineData("", false, false)]
    [InlineData("approve nothing", false, false)]
    public void Only_a_clear_yes_approves(string text, bool isError, bool approves)
    {
        AssistantMessage answer = One(Reply("""{"type":"mcp_approval_request","id":"mcpr_1","server_label":"docs","name":"drop","arguments":"{}"}"""));

        JsonElement[] sent = Items(ProviderRequest.Build([new UserMessage("q", 0), answer, new ToolResultMessage("mcpr_1", "x", [new TextContent(text)], 0) { IsError = isError }], Provider.OpenAIResponses, new RequestOptions { Model = Model }));

        Assert.Equal(approves, sent[2].GetProperty("approve").GetBoolean());
    }

    [Fact]
    public void An_answer_goes_back_as_it_came_to_its_own_model_and_in_words_to_another()
    {
        string[] items =
        [
            """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"ENC1"}""",
            """{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}}""",
            """{"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"ENC2"}""",
            """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."},{"type":"refusal","refusal":"No."}],"id":"msg_1","phase":"commentary"}""",
            """{"type":"function_call","call_id":"c1","name":"now","arguments":"{ }","id":"fc_1","namespace":"time","caller":{"type":"program","call_id":"p"}}""",
            """{"type":"custom_tool_call","call_id":"c2","name":"run","input":"1+1","id":"ctc_1"}""",
        ];
        AssistantMessage answer = One(Reply(string.Join(',', items)));

        JsonElement[] own = Input(answer, Model);
        Assert.All(items.Zip(own.Skip(1)), pair => Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(pair.First).RootElement, pair.Second), pair.Second.GetRawText()));
        Assert.Equal(["function_call_output", "custom_tool_call_output"], own.Skip(1 + items.Length).SkipLast(1).Select(item => item.GetProperty("type").GetString()));
        foreach (string other in (string[])["azure:gpt-5.4", "openai:gpt-4.1"])
        {
            string text = Request(answer, other).Body.GetRawText();
            Assert.DoesNotContain("ENC", text, StringComparison.Ordinal);
            Assert.DoesNotContain("rs_", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ws_1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("fc_1", text, StringComparison.Ordinal);
            Assert.Contains("[web_search: x]", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Reasoning_that_is_only_an_id_is_left_out_with_the_ids_of_what_it_led_to()
    {
        AssistantMessage answer = One(Reply("""{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","role":"assistant","id":"msg_1","content":[{"type":"output_text","text":"Hi."}]}"""));

        Assert.Equal("""{"role":"assistant","content":"Hi."}""", Input(answer, Model)[1].GetRawText());
    }

    [Fact]
    public void A_stream_that_is_cut_anywhere_keeps_what_came_and_is_reported()
    {
        string[] events =
        [
            """{"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5.4","output":[]}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"PART"}}""",
            """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"item_id":"rs_1","delta":"Hm"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"WHOLE"}}""",
            """{"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","phase":"final_answer","content":[]}}""",
            """{"type":"response.output_text.delta","output_index":1,"content_index":0,"item_id":"msg_1","delta":"Os"}""",
            """{"type":"response.output_text.delta","output_index":1,"content_index":0,"item_id":"msg_1","delta":"lo"}""",
            """{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"now","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":2,"item_id":"fc_1","delta":"{\"a\":"}""",
        ];
        string[] texts = ["", "", "", "", "", "Os", "Oslo", "Oslo", "Oslo"];
        for (int count = 1; count <= events.Length; count++)
        {
            AssistantMessage cut = One(string.Concat(events.Take(count).Select(one => $"data: {one}\n\n")));
            Assert.Equal((StopReason.Aborted, texts[count - 1]), (cut.StopReason, cut.Text));
            Assert.DoesNotContain(cut.Content.OfType<ThinkingContent>(), thinking => thinking.EncryptedContent == "PART");
        }

        AssistantMessage failed = One(string.Concat(events.Take(7).Append("""{"type":"error","sequence_number":9,"code":"server_error","message":"Broke","param":null}""").Select(one => $"data: {one}\n\n")));
        Assert.Equal((StopReason.Error, "Oslo"), (failed.StopReason, failed.Text));
        AssistantMessage proxy = One(string.Concat(events.Take(7).Append("""{"type":"response.completed","response":{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}}""").Select(one => $"data: {one}\n\n")));
        Assert.Equal((StopReason.Stop, "Oslo", 7), (proxy.StopReason, proxy.Text, proxy.Usage.TotalTokens));
    }

    [Theory]
    [InlineData("incomplete", "max_output_tokens", StopReason.Length)]
    [InlineData("incomplete", "max_messages", StopReason.Length)]
    [InlineData("incomplete", "content_filter", StopReason.Error)]
    [InlineData("incomplete", "steered", StopReason.Aborted)]
    [InlineData("cancelled", "", StopReason.Aborted)]
    public void States(string status, string reason, StopReason stop) =>
        Assert.Equal(stop, One($$$"""{"object":"response","status":"{{{status}}}","incomplete_details":{"reason":"{{{reason}}}"},"output":[]}""").StopReason);

    [Fact]
    public void A_failed_response_keeps_its_words_and_its_usage()
    {
        AssistantMessage answer = One("""{"id":"r","object":"response","status":"failed","model":"gpt-5.2","error":{"code":"server_error","message":"x"},"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"half"}]}],"usage":{"input_tokens":90000,"output_tokens":300,"total_tokens":90300}}""");

        Assert.Equal((StopReason.Error, "half", 90300), (answer.StopReason, answer.Text, answer.Usage.TotalTokens));
    }

    [Fact]
    public void A_request_with_items_of_every_kind_is_read_and_written_again_as_it_was()
    {
        const string Body = """
            {"input":[
            {"role":"user","content":[{"type":"input_text","text":"news?"},{"type":"input_image","image_url":"https://example.org/a.png","detail":"high"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="},{"type":"input_file","file_id":"file_1"}]},
            {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"news"}},
            {"type":"a_kind_of_tomorrow","id":"k_1"},
            {"type":"shell_call","id":"sh_1","call_id":"c1","action":{"commands":["ls"]}},
            {"type":"shell_call_output","call_id":"c1","output":[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}],"max_output_length":9},
            {"role":"system","content":"Be kind."},
            {"role":"user","content":"and now?"}]}
            """;
        ProviderMessages read = ProviderMessages.TryParse(JsonDocument.Parse(Body).RootElement)!;

        Assert.Empty(read.Warnings);
        Assert.Equal(["user", "assistant", "tool_result", "system", "user"], read.Messages.Select(message => message.Role));
        JsonElement again = ProviderRequest.Build([.. read.Messages], Provider.OpenAIResponses).Body;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Body).RootElement, again), again.GetRawText());
    }

    [Fact]
    public void The_named_shape_wins_over_a_guess()
    {
        const string Body = """{"messages":[{"role":"user","content":"6*7?"},{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"42"}]}]}""";

        ProviderMessages read = ProviderMessages.TryParse(JsonDocument.Parse(Body).RootElement, Provider.OpenAIChat)!;

        Assert.Equal(["[thinking: hm]", "42"], Assert.IsType<AssistantMessage>(read.Messages[1]).Content.Select(block => block.ToString()));
    }

    [Fact]
    public void Every_kind_of_the_tables_has_all_columns()
    {
        foreach (Provider provider in (Provider[])[Provider.OpenAIChat, Provider.OpenAIResponses, Provider.Ollama])
        {
            Assert.NotEmpty(ProviderShape.Of(provider).Kinds);
            Assert.All(ProviderShape.Of(provider).Kinds, kind => Assert.DoesNotContain("", (string[])[kind.Kind, kind.Kept, kind.SentBack, kind.StandIn]));
        }
    }

    private static string Reply(string items) => $$$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5.4-2026-03-05","output":[{{{items}}}],"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11}}""";

    private static AssistantMessage One(string text) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text))));

    private static ProviderRequest Request(AssistantMessage answer, string model)
    {
        IEnumerable<Message> results = answer.ToolCalls.Select(call => new ToolResultMessage(call.Id, call.Name, [new TextContent("noon")], 0));
        return ProviderRequest.Build([new UserMessage("q", 0), answer, .. results, new UserMessage("go on", 0)], Provider.OpenAIResponses, new RequestOptions { Model = model });
    }

    private static JsonElement[] Items(ProviderRequest request) => [.. request.Body.GetProperty("input").EnumerateArray()];

    private static JsonElement[] Input(AssistantMessage answer, string model) => Items(Request(answer, model));
}
