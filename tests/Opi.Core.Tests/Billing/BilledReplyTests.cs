using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>The rules of counting by hand: what a reply says beside its counts, and what is not to be counted.</summary>
public class BilledReplyTests
{
    private static readonly ModelPricing Prices = new("anthropic", "m", 3, 15, 0.3m, 3.75m, "Test");

    [Fact]
    public void A_compaction_and_an_advisor_are_passes_and_their_tokens_are_counted()
    {
        Usage usage = Anthropic("""
            {"input_tokens":23000,"output_tokens":1000,"iterations":[
              {"type":"compaction","input_tokens":180000,"output_tokens":3500,"cache_read_input_tokens":70},
              {"type":"advisor_message","model":"other","input_tokens":5,"output_tokens":6,"cache_creation":{"ephemeral_1h_input_tokens":9}},
              {"type":"message","input_tokens":23000,"output_tokens":1000}]}
            """);

        Assert.Equal((203005, 4506, 70, 9), (usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens));
        Assert.Equal(9, usage.CacheWrite1hTokens);
        AreSame(
            [new UsagePass("compaction", null, 180000, 3500, 70), new UsagePass("advisor_message", "other", 5, 6, 0, 9, 9)], usage.Billing!.Passes);
        Assert.Equal(24000, usage.ContextTokens);
        Assert.Empty(usage.Billing.Unknown);
    }

    [Theory]
    [InlineData(0, 412, 264, 0)] // declined before it said anything: not billed
    [InlineData(7, 820, 271, 1)] // billed at its own model
    public void A_declined_try_is_billed_when_it_had_put_something_out(int said, long input, long output, int passes)
    {
        Usage usage = Anthropic($$"""
            {"input_tokens":412,"output_tokens":264,"iterations":[
              {"type":"message","model":"some-model","input_tokens":408,"output_tokens":{{said}}},
              {"type":"fallback_message","model":"other","input_tokens":412,"output_tokens":264}],
              "fallback_credit":{"status":{"type":"not_applied"} } }
            """);

        Assert.Equal((input, output, 1 + passes), (usage.InputTokens, usage.OutputTokens, usage.Billing!.Passes.Length));
        Assert.Equal(676, usage.ContextTokens);
        Assert.Empty(usage.Billing.Unknown);
    }

    [Theory]
    [InlineData("""{"type":"fallback_message","input_tokens":1,"output_tokens":1}""", "")]
    [InlineData("""{"type":"fallback_message","input_tokens":1,"output_tokens":1}""", ""","fallback_credit":{"status":{"type":"redeemed"}}""")]
    [InlineData("""{"type":"dream","input_tokens":1,"output_tokens":1}""", "")]
    [InlineData("""{"type":"message","input_tokens":1,"output_tokens":9}""", "")]
    public void Passes_that_are_not_understood_are_reported(string entry, string more) =>
        Assert.NotEmpty(Anthropic($$"""{"input_tokens":1,"output_tokens":1,"iterations":[{{entry}}]{{more}} }""").Billing!.Unknown);

    [Fact]
    public void Fast_inference_in_the_United_States_and_searches_are_in_the_details()
    {
        Usage usage = Anthropic(
            """{"input_tokens":9,"output_tokens":0,"speed":"fast","inference_geo":"us","server_tool_use":{"web_search_requests":3}}""");

        Assert.Equal((ServiceTier.Fast, true, 3), (usage.Billing!.Tier, usage.Billing.UsInference, usage.Billing.WebSearches));
        Assert.Equal(0, usage.ContextTokens); // a sum over the loop of the searches
        Assert.Empty(usage.Billing.Unknown);
    }

    [Fact]
    public void Two_rates_at_once_have_no_price() =>
        Assert.Equal(ServiceTier.Other, Anthropic("""{"input_tokens":1,"output_tokens":1,"speed":"fast","service_tier":"batch"}""").Billing!.Tier);

    [Theory]
    [InlineData("""{"type":"server_tool_use","name":"code_execution"}""", "container")]
    [InlineData("""{"type":"bash_code_execution_tool_result"}""", "container")]
    [InlineData("""{"type":"server_tool_use","name":"web_search"}""", "server_tool_use.web_search_requests")]
    [InlineData("""{"type":"server_tool_use","name":"dream"}""", "server_tool_use")]
    [InlineData("""{"type":"server_tool_use","name":"web_fetch"}""", null)]
    public void A_tool_of_the_provider_whose_fee_is_not_in_the_reply_is_reported(string block, string? member)
    {
        JsonObject reply = Replies.Anthropic(JsonNode.Parse("""{"input_tokens":1,"output_tokens":1}""")!, Replies.Model, JsonNode.Parse(block)!);

        IEnumerable<string> unknown = Replies.Read(reply).Usage.Billing!.Unknown;
        Assert.Equal(member, unknown.Select(reason => reason.Split(':')[0]).SingleOrDefault());
    }

    /// <summary>The last event has other members than the first; what it has counts, in text and in lists too.</summary>
    [Fact]
    public void A_stream_keeps_what_any_of_its_events_tells()
    {
        Usage usage = Stream(
            """
            {"type":"message_start","message":{"id":"m","model":"some-model","usage":{"input_tokens":9,
            "output_tokens":1,"service_tier":"batch","speed":null}}}
            """,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"ok"}}""",
            """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5,"inference_geo":"us",
            "iterations":[{"type":"compaction","input_tokens":7,"output_tokens":2},{"type":"message","input_tokens":9,
            "output_tokens":5}]}}
            """,
            """{"type":"message_stop"}""").Usage;

        Assert.Equal((16, 7), (usage.InputTokens, usage.OutputTokens));
        Assert.Equal((ServiceTier.Batch, true, 1), (usage.Billing!.Tier, usage.Billing.UsInference, usage.Billing.Passes.Length));
    }

    [Fact]
    public void An_error_in_a_stream_leaves_what_was_billed_before_it()
    {
        AssistantMessage answer = Stream(
            """{"type":"message_start","message":{"id":"m","model":"some-model","usage":{"input_tokens":50000,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"half"}}""",
            """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");

        Assert.Equal((StopReason.Error, 50001, "half"), (answer.StopReason, answer.Usage.TotalTokens, answer.Text));
        Assert.Contains("Overloaded", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """
        [{"type":"message_start","message":{"usage":{"input_tokens":0}}},{"type":"error","error":{"type":"overloaded_error",
        "message":"Overloaded"}}]
        """)]
    [InlineData(
        """
        [{"type":"message_start","message":{"usage":{"input_tokens":9}}},{"type":"error","error":{"type":"invalid_request_error",
        "message":"prompt is too long: 201000 tokens > 200000 maximum"}}]
        """)]
    [InlineData("""{"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"x"},"output":[],"usage":null}""")]
    public void An_error_that_billed_nothing_or_is_to_be_acted_on_is_an_error(string reply) =>
        Assert.ThrowsAny<ProviderErrorException>(() => ProviderReply.Parse(JsonDocument.Parse(reply).RootElement));

    [Fact]
    public void A_failed_response_keeps_its_usage()
    {
        AssistantMessage answer = Replies.Read(JsonNode.Parse(
            """
            {"id":"r","object":"response","status":"failed","model":"m","error":{"code":"server_error",
            "message":"x"},"output":[],"usage":{"input_tokens":90000,"output_tokens":300,"total_tokens":90300}}
            """)!);

        Assert.Equal((StopReason.Error, 90300), (answer.StopReason, answer.Usage.TotalTokens));
    }

    [Theory]
    [InlineData(
        "xai",
        """{"prompt_tokens":12,"completion_tokens":2,"total_tokens":354,"completion_tokens_details":{"reasoning_tokens":340}}""",
        12,
        342)]
    [InlineData("google", """{"prompt_tokens":66,"completion_tokens":6,"total_tokens":100}""", 66, 34)]
    [InlineData(
        "mistral",
        """{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_tokens_details":{"audio_tokens":375}}""",
        384,
        248)]
    [InlineData("cohere", """{"billed_units":{"input_tokens":12,"output_tokens":65},"tokens":{"input_tokens":614,"output_tokens":65}}""", 12, 65)]
    [InlineData(
        "deepseek",
        """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}""",
        6,
        5)]
    public void Servers_count_each_in_its_own_way(string server, string usage, long input, long output)
    {
        Usage read = Chat(usage, server);

        Assert.Equal((input, output), (read.InputTokens, read.OutputTokens));
        Assert.Empty(read.Billing!.Unknown);
    }

    [Theory]
    [InlineData("openai", """{"prompt_tokens":66,"completion_tokens":6,"total_tokens":100}""", "total_tokens")]
    [InlineData(
        "azure",
        """{"prompt_tokens":235,"completion_tokens":6,"total_tokens":241,"prompt_tokens_details":{"cached_tokens":373}}""",
        "prompt_tokens_details.cached_tokens")]
    [InlineData(
        "deepseek",
        """{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":7}""",
        "prompt_cache_miss_tokens")]
    [InlineData(
        "mistral",
        """{"prompt_tokens":10,"completion_tokens":5,"num_cached_tokens":4,"prompt_tokens_details":{"cached_tokens":5}}""",
        "num_cached_tokens")]
    [InlineData("perplexity", """{"prompt_tokens":10,"completion_tokens":5}""", "search_context_size")]
    [InlineData(
        "openai",
        """{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":6}}""",
        "completion_tokens_details.reasoning_tokens")]
    public void What_does_not_add_up_is_reported(string server, string usage, string member)
    {
        Usage read = Chat(usage, server);

        Assert.StartsWith(member, Assert.Single(read.Billing!.Unknown), StringComparison.Ordinal);
        Assert.Equal(JsonDocument.Parse(usage).RootElement.GetProperty("prompt_tokens").GetInt64(), read.InputTokens + read.CacheReadTokens);
    }

    [Theory]
    [InlineData("openrouter", """{"prompt_tokens":9,"completion_tokens":1,"cost":0.25,"is_byok":false}""", "0.25", "openrouter")]
    [InlineData("openrouter", """{"prompt_tokens":9,"completion_tokens":1,"cost":0,"is_byok":false}""", "0", "openrouter")]
    [InlineData(
        "openrouter",
        """{"prompt_tokens":9,"completion_tokens":1,"cost":0.01,"is_byok":true,"cost_details":{"upstream_inference_cost":0.2}}""",
        "0.21",
        "openrouter")]
    [InlineData(null, """{"prompt_tokens":9,"completion_tokens":1,"cost":0.25,"is_byok":false}""", "0.25", "openrouter")]
    [InlineData("corp-gateway", """{"prompt_tokens":9,"completion_tokens":1,"cost":2.5e-1,"is_byok":false}""", "0.25", "openrouter")]
    [InlineData(
        "perplexity",
        """{"prompt_tokens":9,"completion_tokens":1,"cost":{"total_cost":0.005},"search_context_size":"low"}""",
        "0.005",
        "perplexity")]
    [InlineData("xai", """{"prompt_tokens":9,"completion_tokens":1,"cost_in_usd_ticks":25000000}""", "0.0025", "xai")]
    public void A_cost_that_the_provider_states_is_taken(string? server, string usage, string cost, string by)
    {
        BillingDetails billing = Chat(usage, server).Billing!;

        Assert.Equal((decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture), by), (billing.StatedCost, billing.StatedBy));
    }

    [Theory]
    [InlineData("openrouter", """{"prompt_tokens":9,"completion_tokens":1,"cost":0,"is_byok":true}""", true)]
    [InlineData("openrouter", """{"prompt_tokens":9,"completion_tokens":1,"cost":-1}""", true)]
    [InlineData("openrouter", """{"prompt_tokens":9,"completion_tokens":1,"cost":"0.25"}""", true)]
    [InlineData("openai", """{"prompt_tokens":9,"completion_tokens":1,"cost":0.25}""", true)]
    [InlineData("perplexity", """{"prompt_tokens":9,"completion_tokens":1,"cost":{"total_cost":0}}""", false)]
    [InlineData("azure", """{"prompt_tokens":9,"completion_tokens":1,"cost_in_usd_ticks":0}""", false)]
    [InlineData("xai", """{"prompt_tokens":9,"completion_tokens":1,"cost_in_usd_ticks":-5}""", true)]
    public void What_is_not_a_stated_cost_is_none(string server, string usage, bool isTold)
    {
        BillingDetails billing = Chat(usage, server).Billing!;

        Assert.Null(billing.StatedCost);
        Assert.True(!isTold || billing.Unknown.Length > 0);
    }

    [Fact]
    public void Fees_of_tools_are_counted_by_their_kind()
    {
        BillingDetails xai = Chat(
            """
            {"prompt_tokens":9,"completion_tokens":1,"num_server_side_tools_used":9,"server_side_tool_usage_details":{"web_search_calls":2,
            "x_search_calls":1,"file_search_calls":3,"mcp_calls":3}}
            """,
            "xai").Billing!;
        Assert.Equal(2, xai.WebSearches);
        AreSame([new BilledFee("x_search", 1), new BilledFee("file_search", 3)], xai.Fees);
        Assert.Empty(xai.Unknown);

        BillingDetails openai = Responses(
            """
            [{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},
            {"type":"file_search_call"},{"type":"file_search_call"}]
            """);
        Assert.Equal(1, openai.WebSearches);
        AreSame([new BilledFee("file_search", 2)], openai.Fees);
        Assert.Empty(openai.Unknown);

        BillingDetails perplexity = Chat("""{"prompt_tokens":9,"completion_tokens":1,"search_context_size":"high"}""", "perplexity").Billing!;
        AreSame([new BilledFee("request_high", 1)], perplexity.Fees);
    }

    [Theory]
    [InlineData("code_interpreter_call", "container")]
    [InlineData("shell_call_output", "container")]
    [InlineData("image_generation_call", "image_generation_call")]
    [InlineData("dream_call", "output.type")]
    [InlineData("mcp_call", null)]
    [InlineData("apply_patch_call", null)]
    public void An_item_of_a_hosted_tool_without_a_fee_in_the_reply_is_reported(string type, string? member) =>
        Assert.Equal(member, Responses($$"""[{"type":"{{type}}"}]""").Unknown.Select(reason => reason.Split(':')[0]).SingleOrDefault());

    [Fact]
    public void A_search_by_the_preview_tool_has_no_price_without_the_model()
    {
        JsonObject reply = Replies.Responses(
            JsonNode.Parse("""{"input_tokens":1,"output_tokens":1,"total_tokens":2}""")!,
            Replies.Model,
            JsonNode.Parse("""{"type":"web_search_call","action":{"type":"search"}}""")!);
        reply["tools"] = JsonNode.Parse("""[{"type":"web_search_preview"}]""");

        Assert.NotEmpty(Replies.Read(reply, "openai:m").Usage.Billing!.Unknown);
    }

    [Theory]
    [InlineData("""{"webSearchQueries":["q"]}""", true)]
    [InlineData("""{"groundingChunks":[{"maps":{"uri":"u"}}]}""", true)]
    [InlineData("""{"searchEntryPoint":{"renderedContent":"x"}}""", true)]
    [InlineData("""{"groundingChunks":[{"retrievedContext":{"uri":"u"}}],"retrievalQueries":["q"]}""", false)]
    [InlineData("""{}""", false)]
    public void A_search_of_Gemini_has_a_quota_that_nobody_tells(string grounding, bool isTold)
    {
        JsonObject reply = Replies.Gemini(JsonNode.Parse("""{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}""")!);
        reply["candidates"]![0]!["groundingMetadata"] = JsonNode.Parse(grounding);

        Assert.Equal(isTold, Replies.Read(reply).Usage.Billing!.Unknown.Length > 0);
    }

    [Fact]
    public void Gemini_in_snake_case_and_in_pieces_is_counted_the_same()
    {
        JsonNode reply = JsonNode.Parse("""
            [{"candidates":[{"content":{"parts":[{"text":"o"}]}}],
              "usage_metadata":{"prompt_token_count":9,"total_token_count":9,"traffic_type":"ON_DEMAND_FLEX"}},
             {"candidates":[{"content":{"parts":[{"text":"k"}]},"finishReason":"STOP"}],
              "usage_metadata":{"candidates_token_count":2,"thoughts_token_count":3,
              "total_token_count":14,"prompt_tokens_details":[{"modality":"AUDIO","token_count":4},{"modality":"TEXT","token_count":5}]}}]
            """)!;

        Usage usage = Replies.Read(reply).Usage;
        Assert.Equal((9, 5, 3L, ServiceTier.Flex), (usage.InputTokens, usage.OutputTokens, usage.ReasoningTokens, usage.Billing!.Tier));
        AreSame([new MediaTokens("audio", 4, 0)], usage.Billing.Media);
        Assert.Empty(usage.Billing.Unknown);
    }

    [Theory]
    [InlineData("""{"guardrail":{"outputAssessments":{"g":[{"invocationMetrics":{"usage":{"contentPolicyUnits":2}}}]}}}""", true)]
    [InlineData("""{"guardrail":{"outputAssessments":{"g":[{"invocationMetrics":{"usage":{"wordPolicyUnits":2,"topicPolicyUnits":0}}}]}}}""", false)]
    [InlineData("""{"guardrail":{"modelOutput":["x"]}}""", true)]
    public void Units_of_a_guardrail_are_billed_apart(string trace, bool isTold)
    {
        JsonObject reply = Replies.Bedrock(JsonNode.Parse("""{"inputTokens":1,"outputTokens":1,"totalTokens":2}""")!);
        reply["trace"] = JsonNode.Parse(trace);

        Assert.Equal(isTold, Replies.Read(reply).Usage.Billing!.Unknown.Length > 0);
    }

    /// <summary>Whose server a session's is decides how a usage of OpenAI's shape is read.</summary>
    [Fact]
    public void A_reply_is_read_again_for_the_sessions_provider()
    {
        JsonObject reply = Replies.Chat(JsonNode.Parse("""{"prompt_tokens":66,"completion_tokens":6,"total_tokens":100}""")!);
        reply["service_tier"] = "flex";
        AssistantMessage read = Replies.Read(reply);
        Assert.Equal((6, ServiceTier.Flex, 1), (read.Usage.OutputTokens, read.Usage.Billing!.Tier, read.Usage.Billing.Unknown.Length));

        Usage groq = ((AssistantMessage)ProviderReply.FromSession(read, "groq:m")).Usage;
        Usage google = ((AssistantMessage)ProviderReply.FromSession(read, "google:m")).Usage;

        Assert.Equal((6, ServiceTier.Standard), (groq.OutputTokens, groq.Billing!.Tier));
        Assert.Equal((34, ServiceTier.Flex, 0), (google.OutputTokens, google.Billing!.Tier, google.Billing.Unknown.Length));
        Assert.Equal(read.Usage.Billing.Raw, google.Billing.Raw);
    }

    /// <summary>What stands in the line is JSON whatever came, and gives the same usage when it is read again.</summary>
    [Fact]
    public void What_came_is_kept_in_the_line_of_the_session()
    {
        string[] replies =
        [
            """{"type":"message","content":[],"usage":{"input_tokens":1,"output_tokens":2,"note":"half \ud83d of a pair","\udc00":3,"big":1e400}}""",
            "{\"type\":\"message\",\"content\":[],\"usage\":{ \"input_tokens\" : 1,\n \"output_tokens\" : 2 }}",
            """{"type":"message","content":[],"usage":{"input_tokens":1,"output_tokens":2,"input_tokens":3}}""",
            $$"""{"type":"message","content":[],"usage":{"input_tokens":1,"x":{{new string('[', 60)}}1{{new string(']', 60)}} } }""",
            """{"type":"message","content":[],"usage":"none"}""",
            """{"type":"message","content":[],"usage":[1]}""",
        ];
        foreach (string reply in replies)
        {
            AssistantMessage answer = (AssistantMessage)Assert.Single(ProviderReply.Parse(JsonDocument.Parse(reply).RootElement));
            string line = Make.Line(new MessageEntry("e", null, "2026-01-01T00:00:00Z", answer));
            Assert.DoesNotContain('\n', line);
            using var folder = new TempFolder();
            using SessionReader reader = SessionReader.Open(folder.Write(Make.Header + line + "\n"), default);
            Usage back = ((AssistantMessage)reader.ReadContext().Entries.Single().Message).Usage;
            Assert.Equal(answer.Usage, back);
        }
    }

    [Fact]
    public void One_warning_names_the_provider_and_the_member()
    {
        AssistantMessage answer = Replies.Read(
            Replies.Anthropic(
                JsonNode.Parse("""{"input_tokens":1,"output_tokens":1,"foo_tokens":5,"service_tier":"gold","x":[{"y":1},{"y":2}]}""")!));

        Assert.Equal(
            [
                "Anthropic's usage has 'foo_tokens', which this Opi does not know: the cost is known only in part.",
                "Anthropic's usage has 'x.y', which this Opi does not know: the cost is known only in part.",
                "Anthropic's usage has 'service_tier' with the value 'gold', which this Opi does not know: the cost is known only in part.",
            ],
            ReplyWarning.Of(answer).Select(warning => warning.Text));
        Assert.Empty(ReplyWarning.Of(Replies.Read(
            Replies.Chat(JsonNode.Parse("""{"prompt_tokens":1,"completion_tokens":1,"foo":5,"cost":1,"is_byok":false}""")!))));
    }

    /// <summary>After tools that ran at the provider nobody knows the context's size; after passes it is the last one's.</summary>
    [Fact]
    public void The_context_has_the_size_of_the_last_pass_or_is_estimated()
    {
        AssistantMessage sum = Make.Assistant(
            "ok", Anthropic("""{"input_tokens":404500,"output_tokens":943,"server_tool_use":{"web_search_requests":10}}"""));
        AssistantMessage compacted = Make.Assistant("ok", Anthropic("""
            {"input_tokens":200,"output_tokens":8,"iterations":[
              {"type":"compaction","input_tokens":190000,"output_tokens":120},{"type":"message","input_tokens":200,"output_tokens":8}]}
            """));

        ContextMeter estimated = Meter(sum);
        Assert.Equal((ContextSource.Estimated, 0), (estimated.Size.Source, estimated.Size.ReportedTokens));
        Assert.True(estimated.Size.Tokens < 100);
        Assert.False(estimated.Overflowed(200_000));

        ContextMeter last = Meter(compacted);
        Assert.Equal((ContextSource.Reported, 208), (last.Size.Source, last.Size.Tokens));
        Assert.False(last.Overflowed(100_000));
    }

    [Fact]
    public void Two_responses_whose_counts_are_added_keep_what_is_not_known()
    {
        Usage known = Anthropic("""{"input_tokens":1,"output_tokens":1}""");
        Usage unknown = Anthropic("""{"input_tokens":1,"output_tokens":1,"foo":1}""");
        Usage batch = Anthropic("""{"input_tokens":1,"output_tokens":1,"service_tier":"batch"}""");
        Usage stated = known with { Billing = new BillingDetails { StatedCost = 0.5m, StatedBy = "x" } };

        Assert.Null((known + known).Billing);
        AreSame(["foo=1"], (known + unknown).Billing!.Unknown);
        Assert.Equal(ServiceTier.Batch, (batch + batch).Billing!.Tier);
        Assert.NotEmpty((batch + known).Billing!.Unknown);
        Assert.Equal(1m, (stated + stated).Billing!.StatedCost);
        Assert.NotEmpty((stated + known).Billing!.Unknown);
    }

    [Fact]
    public void Lines_of_a_batch_are_billed_as_such()
    {
        string lines = string.Join('\n', ((string[])[
            """
            {"custom_id":"1","response":{"status_code":200,"body":{"object":"chat.completion","choices":[{"message":{"content":"ok"}}],
            "usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}},"error":null}
            """,
            """
            {"custom_id":"2","result":{"type":"succeeded","message":{"type":"message","content":[],"usage":{"input_tokens":5,
            "output_tokens":1,"service_tier":"batch"}}}}
            """]).Select(line => line.ReplaceLineEndings("")));

        Usage[] usages = [.. ProviderReply.Parse(JsonSerializer.SerializeToElement(lines)).Cast<AssistantMessage>().Select(answer => answer.Usage)];

        Assert.Equal([3L, 5L], usages.Select(usage => usage.InputTokens));
        Assert.All(usages, usage => Assert.Equal((ServiceTier.Batch, 0), (usage.Billing!.Tier, usage.Billing.Unknown.Length)));
    }

    [Fact]
    public void A_reply_of_Cohere_is_billed_by_its_units()
    {
        AssistantMessage answer = Replies.Read(JsonNode.Parse("""
            {"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"ok"}]},
             "usage":{"billed_units":{"input_tokens":7,"output_tokens":21},"tokens":{"input_tokens":502,"output_tokens":24},"cached_tokens":0}}
            """)!);

        Assert.Equal(("cohere", "ok", StopReason.Stop), (answer.Provider, answer.Text, answer.StopReason));
        Assert.Equal((7, 21, 526), (answer.Usage.InputTokens, answer.Usage.OutputTokens, answer.Usage.ContextTokens));
        Assert.Empty(answer.Usage.Billing!.Unknown);
    }

    [Fact]
    public void Sound_and_made_images_are_priced_by_themselves()
    {
        Usage usage = Replies.Read(Replies.Gemini(JsonNode.Parse("""
            {"promptTokenCount":321,"cachedContentTokenCount":290,"candidatesTokenCount":100,"totalTokenCount":421,
             "promptTokensDetails":[{"modality":"AUDIO","tokenCount":300},{"modality":"TEXT","tokenCount":21}],
             "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":285},{"modality":"TEXT","tokenCount":5}],
             "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":90}]}
            """)!)).Usage;

        AreSame([new MediaTokens("audio", 15, 0, 285), new MediaTokens("image", 0, 90)], usage.Billing!.Media);
        Assert.Null(Prices.CostOf(usage));
        Assert.Equal(
            (16 * 3m + 15 * 7m + 5 * 0.3m + 285 * 0.7m + 10 * 15m + 90 * 30m) / 1_000_000,
            (Prices with { AudioInputPrice = 7, AudioCacheReadPrice = 0.7m, ImageOutputPrice = 30 }).CostOf(usage)!.TotalCost);
    }

    private static ContextMeter Meter(AssistantMessage answer)
    {
        var meter = new ContextMeter(TokenEstimator.Default);
        meter.Add(Make.User("hi"));
        meter.Add(answer);
        return meter;
    }

    private static void AreSame<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(expected.ToArray(), actual.ToArray());

    private static Usage Anthropic(string usage) => Replies.Read(Replies.Anthropic(JsonNode.Parse(usage)!)).Usage;

    private static Usage Chat(string usage, string? server) =>
        Replies.Read(Replies.Chat(JsonNode.Parse(usage)!), server is null ? null : $"{server}:{Replies.Model}").Usage;

    private static BillingDetails Responses(string items) => Replies.Read(
        Replies.Responses(
            JsonNode.Parse("""{"input_tokens":1,"output_tokens":1,"total_tokens":2}""")!,
            Replies.Model,
            [.. JsonNode.Parse(items)!.AsArray().Select(item => item!.DeepClone())]),
        "openai:m").Usage.Billing!;

    private static AssistantMessage Stream(params string[] events) => Replies.Read(new JsonArray([.. events.Select(text => JsonNode.Parse(text))]));
}
