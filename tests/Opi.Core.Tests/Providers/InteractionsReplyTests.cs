using System.Text.Json;

namespace Opi.Tests;

/// <summary>Replies of Gemini's Interactions API: steps, the older outputs, streams of both, how they end and fail.</summary>
public sealed class InteractionsReplyTests
{
    private const string Usage = """{"total_input_tokens":9,"total_output_tokens":4,"total_thought_tokens":2,"total_tokens":15}""";

    public static TheoryData<string, string, string> Opaque => new()
    {
        { """{"type":"code_execution_call","id":"s","arguments":{"language":"python","code":"print(1)"},"signature":"c2ln"}""", "code_execution_call", "```python\nprint(1)\n```" },
        { """{"type":"code_execution_result","call_id":"s","result":"1\n","is_error":false}""", "code_execution_result", "[code run: 1]" },
        { """{"type":"google_search_call","id":"s","arguments":{"queries":["opi","opi session"]},"search_type":"web_search"}""", "google_search_call", "[google_search: opi; opi session]" },
        { """{"type":"google_search_result","call_id":"s","result":[{"search_suggestions":"<b>opi</b>"}]}""", "google_search_result", "" },
        { """{"type":"google_maps_call","id":"s","arguments":{"queries":["Oslo"]}}""", "google_maps_call", "[google_maps: Oslo]" },
        { """{"type":"google_maps_result","call_id":"s","result":[{"places":[{"name":"Oslo"}]}]}""", "google_maps_result", "" },
        { """{"type":"retrieval_call","id":"s","arguments":{"queries":["x"]},"retrieval_type":"exa_ai_search"}""", "retrieval_call", "[retrieval: x]" },
        { """{"type":"retrieval_result","call_id":"s"}""", "retrieval_result", "" },
        { """{"type":"url_context_call","id":"s","arguments":{"urls":["https://example.org"]}}""", "url_context_call", "[url_context: https://example.org]" },
        { """{"type":"url_context_result","call_id":"s","result":[{"status":"success","url":"https://example.org"}]}""", "url_context_result", "" },
        { """{"type":"file_search_call","id":"s"}""", "file_search_call", "[file_search]" },
        { """{"type":"file_search_result","call_id":"s"}""", "file_search_result", "" },
        { """{"type":"mcp_server_tool_call","id":"s","server_name":"files","name":"find","arguments":{}}""", "mcp_server_tool_call", "[mcp files/find]" },
        { """{"type":"mcp_server_tool_result","call_id":"s","server_name":"files","name":"find","result":[{"type":"text","text":"here"}]}""", "mcp_server_tool_result", "[mcp files/find: here]" },
        { """{"type":"mcp_server_tool_result","call_id":"s","server_name":"files","name":"find","result":{"at":1}}""", "mcp_server_tool_result", """[mcp files/find: {"at":1}]""" },
        { """{"type":"processing_call","id":"s"}""", "processing_call", "" },
        { """{"type":"processing_result","call_id":"s"}""", "processing_result", "" },
        { """{"type":"something_new","a":1}""", "something_new", "[something_new]" },
    };

    public static TheoryData<string, string> Media => new()
    {
        { """{"type":"image","data":"iVBORw0KGgo=","mime_type":"image/png"}""", "[image: image/png]" },
        { """{"type":"audio","data":"AAAA","mime_type":"audio/l16","sample_rate":24000}""", "[audio: audio/l16]" },
        { """{"type":"video","uri":"https://example.org/v1","mime_type":"video/mp4"}""", "[file https://example.org/v1]" },
        { """{"type":"document","data":"JVBERi0=","mime_type":"application/pdf"}""", "[file: application/pdf]" },
        { """{"type":"hologram","data":"AAAA"}""", "[hologram]" },
    };

    [Theory]
    [MemberData(nameof(Opaque))]
    public void A_step_without_a_type_of_its_own_is_kept_whole_and_has_a_stand_in(string step, string kind, string standIn)
    {
        foreach (string list in (string[])["steps", "outputs"])
        {
            AssistantMessage answer = One($$"""{"object":"interaction","status":"completed","model":"m","{{list}}":[{{step}}]}""");

            var opaque = Assert.IsType<OpaqueContent>(Assert.Single(answer.Content));
            Assert.Equal((kind, standIn, "gemini-interactions"), (opaque.Kind, opaque.StandIn, opaque.Data.Shape));
            Assert.True(JsonElement.DeepEquals(Json(step), Json(opaque.Data.Json)));
            Assert.Equal((StopReason.Stop, 0), (answer.StopReason, answer.NotKept.Length));
        }
    }

    [Fact]
    public void The_table_has_every_kind_that_is_kept_whole()
    {
        string[] listed = [.. new GeminiInteractionsShape().Kinds.SelectMany(kind => kind.Kind.Split(", "))];

        Assert.All(Opaque.Select(row => (string)row[1]).Where(kind => kind != "something_new"), kind => Assert.Contains(kind, listed));
    }

    [Theory]
    [MemberData(nameof(Media))]
    public void Media_of_the_model_are_kept_whole_in_both_versions(string content, string standIn)
    {
        AssistantMessage step = One(Whole($$"""{"type":"model_output","content":[{"type":"text","text":"See:"},{{content}}]}"""));
        AssistantMessage output = One($$"""{"object":"interaction","status":"completed","model":"m","outputs":[{"type":"text","text":"See:"},{{content}}]}""");

        foreach (AssistantMessage answer in (AssistantMessage[])[step, output])
        {
            Assert.Equal("See:", Assert.IsType<TextContent>(answer.Content[0]).Text);
            var opaque = Assert.IsType<OpaqueContent>(answer.Content[1]);
            Assert.Equal(standIn, opaque.StandIn);
            Assert.Contains(Compact(content), opaque.Data.Json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Outputs_of_the_older_version_are_texts_thoughts_and_calls()
    {
        AssistantMessage answer = One("""
            {"object":"interaction","id":"v1","status":"requires_action","model":"models/gemini-3-pro","role":"model","outputs":[
             {"type":"thought","signature":"c2ln","summary":[{"type":"text","text":"One."},{"type":"text","text":"Two."}]},
             {"type":"text","text":"Hi.","annotations":[{"type":"url_citation","url":"https://example.org","start_index":0,"end_index":2}]},
             {"type":"function_call","id":"f","name":"look","arguments":{"at":1},"signature":"c2lo"}],
             "usage":{"total_input_tokens":9,"total_output_tokens":4,"total_reasoning_tokens":2,"total_tokens":15}}
            """);

        var thought = Assert.IsType<ThinkingContent>(answer.Content[0]);
        Assert.Equal(("One.\n\nTwo.", "c2ln"), (thought.Thinking, thought.Signature));
        Assert.Contains("url_citation", Assert.IsType<TextContent>(answer.Content[1]).ProviderData!.Json, StringComparison.Ordinal);
        ToolCallContent call = Assert.Single(answer.ToolCalls);
        Assert.Equal(("f", "look", """{"at":1}""", null), (call.Id, call.Name, call.Arguments, call.Signature));
        Assert.Equal(("gemini-3-pro", StopReason.ToolUse), (answer.ResponseModel, answer.StopReason));
        Assert.Equal((9, 6, 2L), (answer.Usage.InputTokens, answer.Usage.OutputTokens, answer.Usage.ReasoningTokens));
    }

    [Fact]
    public void A_stream_of_the_older_version_is_the_same_as_its_whole_reply()
    {
        AssistantMessage answer = One("""
            event: interaction.start
            data: {"interaction":{"id":"v1","status":"in_progress","object":"interaction","model":"gemini-3-flash"},"event_type":"interaction.start"}

            event: content.start
            data: {"index":0,"content":{"type":"thought"},"event_type":"content.start"}

            event: content.delta
            data: {"index":0,"delta":{"type":"thought_signature","signature":"c2ln"},"event_type":"content.delta"}

            event: content.start
            data: {"index":1,"content":{"type":"text"},"event_type":"content.start"}

            event: content.delta
            data: {"index":1,"delta":{"type":"text","text":"Os"},"event_type":"content.delta"}

            event: content.delta
            data: {"index":1,"delta":{"type":"text","text":"lo."},"event_type":"content.delta"}

            event: content.start
            data: {"index":2,"content":{"type":"function_call"},"event_type":"content.start"}

            event: content.delta
            data: {"index":2,"delta":{"type":"function_call","id":"f","name":"look","arguments":{"at":1}},"event_type":"content.delta"}

            event: interaction.complete
            data: {"interaction":{"id":"v1","status":"requires_action","object":"interaction","model":"gemini-3-flash","outputs":[],"usage":USAGE},"event_type":"interaction.complete"}

            data: [DONE]
            """);

        Assert.Equal(
            ["[thinking]", "Oslo.", "[tool_call: look]"],
            answer.Content.Select(block => block is ThinkingContent ? "[thinking]" : block is ToolCallContent call ? $"[tool_call: {call.Name}]" : block.ToString()));
        Assert.Equal(("""{"at":1}""", StopReason.ToolUse, 6), (answer.ToolCalls.Single().Arguments, answer.StopReason, answer.Usage.OutputTokens));
    }

    [Fact]
    public void A_streamed_search_has_its_queries_results_and_citations()
    {
        JsonElement events = Json("""
            [{"interaction":{"id":"v1","status":"in_progress","object":"interaction","model":"m"},"event_type":"interaction.created"},
             {"index":0,"step":{"type":"model_output"},"event_type":"step.start"},
             {"index":0,"delta":{"type":"text","text":"Opi 1"},"event_type":"step.delta"},
             {"index":0,"delta":{"type":"text_annotation_delta","annotations":[{"type":"url_citation","url":"https://a","start_index":0,"end_index":3}]},"event_type":"step.delta"},
             {"index":0,"delta":{"type":"text","text":" is out."},"event_type":"step.delta"},
             {"index":0,"delta":{"type":"text_annotation_delta","annotations":[{"type":"url_citation","url":"https://b","start_index":4,"end_index":5}]},"event_type":"step.delta"},
             {"index":0,"delta":{"type":"image","data":"AAAA","mime_type":"image/png"},"event_type":"step.delta"},
             {"index":0,"delta":{"type":"text","text":"That was it."},"event_type":"step.delta"},
             {"index":1,"step":{"id":"s","signature":"","type":"google_search_call"},"event_type":"step.start"},
             {"index":1,"delta":{"type":"google_search_call","arguments":{"queries":["opi"]}},"event_type":"step.delta"},
             {"index":2,"step":{"call_id":"s","signature":"","type":"google_search_result"},"event_type":"step.start"},
             {"index":2,"delta":{"type":"google_search_result","result":[{"search_suggestions":"a"}]},"event_type":"step.delta"},
             {"index":2,"delta":{"type":"google_search_result","result":[{"search_suggestions":"b"}],"signature":"c2ln"},"event_type":"step.delta"},
             {"interaction":{"id":"v1","status":"completed","object":"interaction","model":"m","usage":{"total_input_tokens":9,"total_output_tokens":4,"total_tool_use_tokens":3,"total_tokens":16}},"event_type":"interaction.completed"}]
            """);

        AssistantMessage answer = One(events);

        Assert.Equal(["Opi 1 is out.", "[image: image/png]", "That was it.", "[google_search: opi]", ""], answer.Content.Select(StandInOf));
        Assert.Equal(2, Json(((TextContent)answer.Content[0]).ProviderData!.Json).GetProperty("annotations").GetArrayLength());
        JsonElement found = Json(((OpaqueContent)answer.Content[4]).Data.Json);
        Assert.Equal((2, "c2ln"), (found.GetProperty("result").GetArrayLength(), found.GetProperty("signature").GetString()));
        Assert.Equal((12, 4), (answer.Usage.InputTokens, answer.Usage.OutputTokens));
        Assert.Equal(13, answer.Usage.ContextTokens); // what the tool put in is not sent again
        Assert.StartsWith("google_search_call: the fee", Assert.Single(answer.Usage.Billing!.Unknown), StringComparison.Ordinal);
        Assert.All(events.EnumerateArray(), one => Assert.True(ProviderReply.IsPiece(one, null)));
        Assert.Equal("Opi 1 is out.That was it.", string.Concat(events.EnumerateArray().Select(one => ProviderReply.StreamedText(ProviderShape.Of(Provider.GeminiInteractions), one))));
    }

    [Theory]
    [InlineData("in_progress")]
    [InlineData("queued")]
    public void An_interaction_that_goes_on_is_no_answer_yet(string status)
    {
        var error = Assert.Throws<UnknownReplyException>(() => One($$"""{"object":"interaction","id":"v1_x","status":"{{status}}","agent":"deep-research"}"""));

        Assert.Equal($"The interaction 'v1_x' is {status}: ask for it again when it is completed.", error.Message);
    }

    [Fact]
    public void A_stream_that_ends_early_is_cut_off_and_keeps_what_came()
    {
        AssistantMessage answer = One("""
            [{"interaction":{"id":"v1","status":"in_progress","object":"interaction","model":"m"},"event_type":"interaction.created"},
             {"index":0,"step":{"type":"model_output"},"event_type":"step.start"},
             {"index":0,"delta":{"type":"text","text":"I lo"},"metadata":{"total_usage":{"total_input_tokens":9,"total_output_tokens":1,"total_tokens":10}},"event_type":"step.delta"},
             {"index":1,"step":{"type":"function_call","id":"f","name":"look","arguments":{}},"event_type":"step.start"},
             {"index":1,"delta":{"type":"arguments_delta","arguments":"{\"at\":"},"event_type":"step.delta"}]
            """);

        Assert.Equal((StopReason.Aborted, "I lo", "{\"at\":"), (answer.StopReason, answer.Text, answer.ToolCalls.Single().Arguments));
        Assert.Equal((9, 1), (answer.Usage.InputTokens, answer.Usage.OutputTokens));
    }

    [Fact]
    public void Deltas_whose_step_did_not_begin_are_read_by_their_own_type()
    {
        AssistantMessage answer = One("""
            [{"index":3,"delta":{"type":"thought_signature","signature":"c2ln"},"event_type":"step.delta"},
             {"index":4,"delta":{"type":"text","text":"lo."},"event_type":"step.delta"},
             {"index":5,"delta":{"type":"something_new","a":1},"event_type":"step.delta"},
             {"interaction":{"id":"v1","status":"completed","object":"interaction","model":"m"},"event_type":"interaction.completed"}]
            """);

        Assert.Equal(["c2ln", "lo.", "[something_new]"], answer.Content.Select(block => block is ThinkingContent thought ? thought.Signature : StandInOf(block)));
    }

    [Fact]
    public void Streams_that_follow_each_other_are_several_answers()
    {
        const string Two = """
            [{"interaction":{"id":"a","status":"in_progress","object":"interaction"},"event_type":"interaction.created"},
             {"index":0,"delta":{"type":"text","text":"one"},"event_type":"step.delta"},
             {"interaction":{"id":"a","status":"completed","object":"interaction"},"event_type":"interaction.completed"},
             {"interaction":{"id":"b","status":"in_progress","object":"interaction"},"event_type":"interaction.created"},
             {"index":0,"delta":{"type":"text","text":"two"},"event_type":"step.delta"},
             {"interaction":{"id":"b","status":"completed","object":"interaction"},"event_type":"interaction.completed"}]
            """;

        Assert.Equal(["a: one", "b: two"], ProviderReply.Parse(Json(Two)).Cast<AssistantMessage>().Select(answer => $"{answer.ResponseId}: {answer.Text}"));
    }

    [Theory]
    [InlineData("""{"object":"interaction","id":"v1","status":"failed","errors":[{"code":"internal","message":"It broke."}]}""")]
    [InlineData("""{"object":"interaction","id":"v1","status":"failed","steps":[{"type":"model_output","error":{"code":13,"message":"It broke."}}]}""")]
    [InlineData("""[{"event_type":"error","error":{"code":"internal","message":"It broke."}}]""")]
    [InlineData("""{"event_type":"error","error":{"code":"internal","message":"It broke."}}""")]
    [InlineData("""[{"interaction":{"id":"v1","status":"in_progress","object":"interaction"},"event_type":"interaction.created"},{"interaction":{"id":"v1","status":"failed","object":"interaction","errors":[{"message":"It broke."}]},"event_type":"interaction.completed"}]""")]
    public void An_interaction_that_failed_before_a_word_is_an_error_of_Gemini(string reply)
    {
        var error = Assert.Throws<ProviderErrorException>(() => One(reply));

        Assert.Equal("It broke.", error.ProviderMessage);
        Assert.StartsWith("The reply of gemini is an error: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interaction_that_failed_later_keeps_its_words_and_its_bill()
    {
        AssistantMessage whole = One("""{"object":"interaction","status":"failed","model":"m","steps":[{"type":"model_output","content":[{"type":"text","text":"I lo"}]}],"errors":[{"message":"It broke."}],"usage":USAGE}""");
        AssistantMessage streamed = One("""
            [{"interaction":{"id":"v1","status":"in_progress","object":"interaction","model":"m"},"event_type":"interaction.created"},
             {"index":0,"delta":{"type":"text","text":"I lo"},"event_type":"step.delta"},
             {"event_type":"error","error":{"code":"internal","message":"It broke."}}]
            """);

        Assert.All((AssistantMessage[])[whole, streamed], answer =>
        {
            Assert.Equal((StopReason.Error, "I lo"), (answer.StopReason, answer.Text));
            Assert.Contains("It broke.", answer.ErrorMessage, StringComparison.Ordinal);
        });
        Assert.Equal(15, whole.Usage.TotalTokens);
    }

    [Fact]
    public void A_context_that_was_too_long_is_told_apart()
    {
        var error = Assert.Throws<ContextOverflowException>(() => One(
            """{"object":"interaction","status":"failed","errors":[{"code":"invalid_request","message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}]}"""));

        Assert.Equal(1048576, error.LimitTokens);
    }

    [Fact]
    public void An_interaction_that_was_cancelled_or_failed_without_a_word_says_so()
    {
        AssistantMessage cancelled = One(Whole("""{"type":"model_output","content":[{"type":"text","text":"x"}]}""").Replace("completed", "cancelled", StringComparison.Ordinal));
        AssistantMessage failed = One("""{"object":"interaction","status":"failed","model":"m"}""");

        Assert.Equal((StopReason.Aborted, "The interaction was cancelled."), (cancelled.StopReason, cancelled.ErrorMessage));
        Assert.Equal((StopReason.Error, "The interaction failed."), (failed.StopReason, failed.ErrorMessage));
    }

    [Fact]
    public void What_the_request_had_is_not_the_answer_and_a_call_that_was_answered_is_not_the_clients()
    {
        AssistantMessage answer = One(Whole("""
            {"type":"user_input","content":[{"type":"text","text":"before"}]},
            {"type":"model_output","content":[{"type":"text","text":"earlier"}]},
            {"type":"user_input","content":[{"type":"text","text":"now"}]},
            {"type":"function_result","call_id":"old","name":"look","result":"r"},
            {"type":"function_call","id":"ran","name":"list_files","arguments":{}},
            {"type":"function_result","call_id":"ran","name":"list_files","result":"a.txt"},
            {"type":"function_call","id":"mine","name":"look","arguments":{}}
            """));

        Assert.Equal(["[list_files]", "[list_files: a.txt]"], answer.Content.OfType<OpaqueContent>().Select(block => block.StandIn));
        Assert.Equal(("mine", StopReason.ToolUse, 3, ""), (answer.ToolCalls.Single().Id, answer.StopReason, answer.Content.Length, answer.Text));
    }

    [Fact]
    public void A_reply_that_a_client_wrote_anew_is_recognised_without_its_kind()
    {
        AssistantMessage answer = One("""{"id":"","status":"completed","model":"m","steps":{"type":"model_output","content":{"type":"text","text":"Hi."}},"output_text":"Hi."}""");
        AssistantMessage bare = One("""{"object":"interaction","status":"completed","model":"m","output_text":"Hi."}""");

        Assert.Equal(("Hi.", null, "Hi."), (answer.Text, answer.ResponseId, bare.Text));
        Assert.Contains("'steps.content'", Assert.Throws<UnknownReplyException>(
            () => One(Whole("""{"type":"model_output","content":["@{type=text; text=Hi.}"]}"""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_is_the_model_and_what_it_asked_has_no_known_price()
    {
        AssistantMessage answer = One("""{"object":"interaction","id":"v1","status":"completed","agent":"deep-research-preview-04-2026","previous_interaction_id":"v0","environment_id":"e","steps":[{"type":"model_output","content":[{"type":"text","text":"x"}]}],"usage":USAGE}""");

        Assert.Equal(("deep-research-preview-04-2026", (long?)null), (answer.ResponseModel, answer.Usage.ContextTokens > 0 ? answer.Usage.ContextTokens : null));
        Assert.StartsWith("agent: ", Assert.Single(answer.Usage.Billing!.Unknown), StringComparison.Ordinal);
        Assert.Contains("\"environment_id\":\"e\"", answer.ProviderData!.Json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"total_input_tokens":9,"total_output_tokens":4,"total_tokens":13,"grounding_tool_count":[{"type":"google_search","count":2}]}""", "grounding_tool_count")]
    [InlineData("""{"total_input_tokens":9,"total_output_tokens":4,"total_tokens":13,"grounding_tool_count":[{"type":"google_search","count":0}]}""", null)]
    [InlineData("""{"total_input_tokens":9,"total_output_tokens":4,"total_tokens":14}""", "total_tokens")]
    [InlineData("""{"total_input_tokens":9,"total_cached_tokens":10,"total_output_tokens":4,"total_tokens":13}""", "total_cached_tokens")]
    [InlineData("""{"total_input_tokens":9,"total_output_tokens":4,"total_tokens":13,"output_tokens_by_modality":[{"modality":"video","tokens":3}]}""", "output_tokens_by_modality.modality")]
    [InlineData("""{"total_input_tokens":9,"total_output_tokens":4,"total_tokens":13,"initial_input_tokens":9}""", null)]
    public void What_of_a_usage_has_no_known_price_is_told(string usage, string? told)
    {
        string[] unknown = [.. Replies.Read(Replies.Interactions(System.Text.Json.Nodes.JsonNode.Parse(usage)!)).Usage.Billing!.Unknown];

        Assert.Equal(told is null ? [] : [told], unknown.Select(reason => reason.Split(':')[0]));
    }

    [Fact]
    public void Input_of_several_turns_of_an_interaction_is_no_size_of_the_context()
    {
        Usage one = Replies.Read(Replies.Interactions(System.Text.Json.Nodes.JsonNode.Parse("""{"total_input_tokens":9,"initial_input_tokens":9,"total_output_tokens":4,"total_tokens":13}""")!)).Usage;
        Usage several = Replies.Read(Replies.Interactions(System.Text.Json.Nodes.JsonNode.Parse("""{"total_input_tokens":29,"initial_input_tokens":9,"total_output_tokens":4,"total_tokens":33}""")!)).Usage;

        Assert.Equal((13, 0), (one.ContextTokens, several.ContextTokens));
    }

    private static string StandInOf(IAssistantContent block) => block is OpaqueContent opaque ? opaque.StandIn : block.ToString()!;

    private static string Whole(string steps) => $$"""{"object":"interaction","id":"v1","status":"completed","model":"gemini-3-pro","steps":[{{steps}}]}""";

    private static string Compact(string json) => ReplyJson.Compact(Json(json));

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static AssistantMessage One(string text) => One(JsonSerializer.SerializeToElement(text.Replace("USAGE", Usage, StringComparison.Ordinal)));

    private static AssistantMessage One(JsonElement reply) => (AssistantMessage)Assert.Single(ProviderReply.Parse(reply));
}
