using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>Every kind of block of Bedrock's Converse, from the reply or the stream into the next request.</summary>
public sealed class BedrockBlockTests
{
    private const string Ground = """{"toolUse":{"toolUseId":"t1","name":"nova_grounding","input":{"query":"x"},"type":"server_tool_use"}}""";
    private const string Grounded = """{"toolResult":{"toolUseId":"t1","status":"success","type":"nova_grounding_result","content":[{"text":"y"}]}}""";
    private const string Cited = """{"citationsContent":{"content":[{"text":"ask their manager"}],"citations":[{"title":"policy","location":{"documentChar":{"documentIndex":0,"start":0,"end":9}}}]}}""";

    private static readonly string[] Stream =
    [
        """{"messageStart":{"role":"assistant"}}""",
        """{"contentBlockDelta":{"delta":{"reasoningContent":{"text":"Hm"}},"contentBlockIndex":0}}""",
        """{"contentBlockDelta":{"delta":{"reasoningContent":{"text":"."}},"contentBlockIndex":0}}""",
        """{"contentBlockDelta":{"delta":{"reasoningContent":{"signature":"c2ln"}},"contentBlockIndex":0}}""",
        """{"contentBlockStop":{"contentBlockIndex":0}}""",
        """{"contentBlockStart":{"start":{"toolUse":{"toolUseId":"t1","name":"nova_grounding","type":"server_tool_use"}},"contentBlockIndex":1}}""",
        """{"contentBlockDelta":{"delta":{"toolUse":{"input":"{\"query\":"}},"contentBlockIndex":1}}""",
        """{"contentBlockDelta":{"delta":{"toolUse":{"input":"\"x\"}"}},"contentBlockIndex":1}}""",
        """{"contentBlockStart":{"start":{"toolResult":{"toolUseId":"t1","type":"nova_grounding_result","status":"success"}},"contentBlockIndex":2}}""",
        """{"contentBlockDelta":{"delta":{"toolResult":[{"text":"y"}]},"contentBlockIndex":2}}""",
        """{"contentBlockDelta":{"delta":{"text":"ask their"},"contentBlockIndex":3}}""",
        """{"contentBlockDelta":{"delta":{"citation":{"title":"policy","location":{"documentChar":{"documentIndex":0,"start":0,"end":9}}}},"contentBlockIndex":3}}""",
        """{"contentBlockDelta":{"delta":{"text":" manager"},"contentBlockIndex":3}}""",
        """{"contentBlockStart":{"start":{"toolUse":{"toolUseId":"t2","name":"save"}},"contentBlockIndex":4}}""",
        """{"contentBlockDelta":{"delta":{"toolUse":{"input":"{\"a\": 1}"}},"contentBlockIndex":4}}""",
        """{"contentBlockStop":{"contentBlockIndex":4}}""",
        """{"messageStop":{"stopReason":"tool_use","additionalModelResponseFields":{"k":1}}}""",
        """{"metadata":{"usage":{"inputTokens":9,"outputTokens":2,"totalTokens":11},"metrics":{"latencyMs":1}}}""",
    ];

    public static TheoryData<string, string, string> Opaque => new()
    {
        { Ground, "toolUse", "[nova_grounding: x]" },
        { Grounded, "toolResult", "[nova_grounding result: y]" },
        { """{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}""", "image", "[image: image/png]" },
        { """{"audio":{"format":"wav","source":{"bytes":"UklGRg=="}}}""", "audio", "[audio: wav]" },
        { """{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/a"}}}}""", "video", "[video: mp4]" },
        { """{"document":{"format":"txt","name":"notes","source":{"text":"words"}}}""", "document", "[document: notes]\nwords" },
        { """{"searchResult":{"source":"s","title":"t","content":[{"text":"found"}]}}""", "searchResult", "[source: t s]\nfound" },
        { """{"guardContent":{"text":{"text":"words"}}}""", "guardContent", "words" },
        { """{"toolAddition":{"name":"f"}}""", "toolAddition", "" },
        { """{"somethingNew":{"a":1}}""", "somethingNew", "[somethingNew]" },
    };

    [Theory]
    [MemberData(nameof(Opaque))]
    public void A_block_without_a_type_of_its_own_is_kept_whole_and_has_a_stand_in(string block, string kind, string standIn)
    {
        AssistantMessage message = One(Whole(block));

        var opaque = Assert.IsType<OpaqueContent>(Assert.Single(message.Content));
        Assert.Equal((kind, standIn, "bedrock"), (opaque.Kind, opaque.StandIn, opaque.Data.Shape));
        Assert.True(JsonElement.DeepEquals(Json(block), Json(opaque.Data.Json)));
        Assert.Empty(message.ToolCalls);
    }

    [Fact]
    public void The_table_has_every_kind_that_is_kept_whole_and_says_what_stands_in_its_place()
    {
        BlockKind[] kinds = [.. new BedrockShape().Kinds.Where(kind => kind.Kept == "opaque")];
        Assert.All(Opaque.Select(row => (OpaqueContent)Assert.Single(One(Whole((string)row[0])).Content)), block =>
        {
            BlockKind listed = kinds.FirstOrDefault(kind => kind.Kind.Split(' ')[0] == block.Kind) ?? new BedrockShape().Kinds.FirstOrDefault(kind => kind.Kind == block.Kind) ?? kinds.Single(kind => kind.Kind == "any other");
            Assert.True(block.StandIn.Length > 0 || listed.StandIn == "nothing" || block.Kind == "compaction", block.Kind);
            Assert.True(block.StandIn.Length == 0 || listed.StandIn != "nothing", block.Kind);
        });
        Assert.Empty(kinds.Select(kind => kind.Kind.Split(' ')[0]).Except(["any", "tool_addition", "tool_removal", "tool_reference", "toolRemoval", .. Opaque.Select(row => (string)row[1])]));
    }

    [Fact]
    public void A_stream_gives_what_the_whole_reply_gives_in_each_form_that_an_SDK_has()
    {
        AssistantMessage whole = One($$$$$"""
            {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"c2ln"}}},{{{{{Ground}}}}},
              {"toolResult":{"toolUseId":"t1","type":"nova_grounding_result","status":"success","content":[{"text":"y"}]}},{{{{{Cited}}}}},{"toolUse":{"toolUseId":"t2","name":"save","input":"{\"a\": 1}"}}]}},
             "stopReason":"tool_use","additionalModelResponseFields":{"k":1},"usage":{"inputTokens":9,"outputTokens":2,"totalTokens":11}}
            """);
        string boto = $$"""{"ResponseMetadata":{"RequestId":"r-1"},"stream":[{{string.Join(',', Stream)}}]}""";
        string payloads = $"[{string.Join(',', Stream.Select(item => Json(item).EnumerateObject().Single().Value.GetRawText()))}]";

        foreach (string form in (string[])[$"[{string.Join(',', Stream)}]", boto, payloads, string.Join('\n', Stream)])
        {
            AssistantMessage streamed = One(form);
            Assert.Equal(whole.Content.Select(Describe), streamed.Content.Select(Describe));
            Assert.Equal((StopReason.ToolUse, whole.ProviderData, 9, 2), (streamed.StopReason, streamed.ProviderData, streamed.Usage.InputTokens, streamed.Usage.OutputTokens));
        }

        Assert.Equal("r-1", One(boto).ResponseId);
        Assert.Equal("ask their manager", whole.Text);
        Assert.Equal("save", Assert.Single(whole.ToolCalls).Name);

        static string Describe(IAssistantContent block) => block switch
        {
            OpaqueContent opaque => SortedText(Json(opaque.Data.Json)),
            TextContent text => text.Text + (text.ProviderData is { } data ? SortedText(Json(data.Json)) : ""),
            _ => block.ToString()!,
        };
    }

    [Fact]
    public void The_objects_of_the_SDK_for_NET_are_read()
    {
        AssistantMessage whole = One("""
            {"Metrics":{"LatencyMs":5},"Output":{"Message":{"Role":{"Value":"assistant"},"Content":[{"Text":"Hi","ToolUse":null,"Image":null},
              {"Text":null,"ToolUse":{"ToolUseId":"t","Name":"f","Input":{"Path":"A","value":null},"Type":null}}]}},"StopReason":{"Value":"tool_use"},
             "Usage":{"InputTokens":100,"OutputTokens":12,"TotalTokens":112,"CacheReadInputTokens":null},"ResponseMetadata":{"RequestId":"r-1"},"HttpStatusCode":200,"Trace":null}
            """);
        AssistantMessage streamed = One("""
            [{"Role":{"Value":"assistant"}},{"ContentBlockIndex":0,"Delta":{"Text":"Hel","ToolUse":null}},{"ContentBlockIndex":0,"Delta":{"Text":"lo"}},{"ContentBlockIndex":0},
             {"StopReason":{"Value":"end_turn"},"AdditionalModelResponseFields":null},{"Metrics":{"LatencyMs":5},"Usage":{"InputTokens":9,"OutputTokens":2,"TotalTokens":11}}]
            """);

        Assert.Equal(("Hi", "r-1", StopReason.ToolUse, 100, 12), (whole.Text, whole.ResponseId, whole.StopReason, whole.Usage.InputTokens, whole.Usage.OutputTokens));
        Assert.Equal("""{"Path":"A","value":null}""", Assert.Single(whole.ToolCalls).Arguments);
        Assert.Equal(("Hello", StopReason.Stop, 9), (streamed.Text, streamed.StopReason, streamed.Usage.InputTokens));
    }

    [Fact]
    public void A_stream_may_be_cut_off_anywhere_or_fail_on_its_way()
    {
        for (int count = 1; count < Stream.Length - 2; count++)
        {
            AssistantMessage cut = One($"[{string.Join(',', Stream[..count])}]");
            Assert.Equal(StopReason.Aborted, cut.StopReason);
            ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), cut, new UserMessage("Go on.", 0)], Provider.Bedrock);
            Assert.Empty(ProviderRules.ValidateMessages(Provider.Bedrock, request.Body));
        }

        AssistantMessage failed = One($$$"""[{{{string.Join(',', Stream[..13])}}},{"modelStreamErrorException":{"message":"Broke","originalStatusCode":500}}]""");
        var early = Assert.Throws<ProviderErrorException>(() => One("""[{"messageStart":{"role":"assistant"}},{"throttlingException":{"message":"Too many requests"}}]"""));

        Assert.Equal((StopReason.Error, "ask their manager"), (failed.StopReason, failed.Text));
        Assert.Contains("Broke", failed.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("ThrottlingException", early.Message, StringComparison.Ordinal);
        Assert.Throws<ContextOverflowException>(() => One("""[{"validationException":{"message":"Input is too long for requested model."}}]"""));
    }

    [Theory]
    [InlineData("tool_use", Ground + "," + Grounded, StopReason.Stop)]
    [InlineData("tool_use", Ground, StopReason.PauseTurn)]
    [InlineData("end_turn", Ground + "," + Grounded, StopReason.Stop)]
    [InlineData("tool_use", """{"toolUse":{"toolUseId":"t","name":"f","input":{}}}""", StopReason.ToolUse)]
    [InlineData("tool_use", """{"toolUse":{"toolUseId":"t1","name":"f","input":{}}},{"toolResult":{"toolUseId":"t1","content":[{"text":"y"}]}}""", StopReason.Stop)]
    [InlineData("malformed_tool_use", """{"text":"a"}""", StopReason.Error)]
    [InlineData("model_context_window_exceeded", """{"text":"a"}""", StopReason.ContextWindowExceeded)]
    public void Who_acts_next(string reason, string blocks, StopReason expected) =>
        Assert.Equal(expected, One(Whole(blocks).Replace("end_turn", reason, StringComparison.Ordinal)).StopReason);

    [Fact]
    public void Server_tools_and_citations_go_back_verbatim_and_halves_as_text()
    {
        Message[] messages = [new UserMessage("q", 0), One(Whole($$"""{{Ground}},{{Grounded}},{"text":"Employees should "},{{Cited}}""")), new UserMessage("next", 0)];
        Message[] broken = [new UserMessage("q", 0), One(Whole($$"""{{Ground}},{"text":"a"}""")), new UserMessage("next", 0)];

        ProviderRequest request = ProviderRequest.Build(messages, Provider.Bedrock);
        ProviderRequest mended = ProviderRequest.Build(broken, Provider.Bedrock);
        string other = ProviderRequest.Build(messages, Provider.OpenAIChat).Body.GetRawText();

        Assert.True(
            JsonElement.DeepEquals(Json($$"""[{{Ground}},{{Grounded}},{"text":"Employees should "},{{Cited}}]"""), request.Body.GetProperty("messages")[1].GetProperty("content")), request.Body.ToString());
        Assert.Contains("""{"text":"[nova_grounding: x]"}""", mended.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Single(mended.Warnings);
        Assert.Contains("[nova_grounding: x]", other, StringComparison.Ordinal);
        Assert.Contains("ask their manager", other, StringComparison.Ordinal);
        Assert.All((ProviderRequest[])[request, mended], sent => Assert.Empty(ProviderRules.ValidateMessages(Provider.Bedrock, sent.Body)));
    }

    [Fact]
    public void Documents_have_names_of_their_own_and_a_text_beside_them()
    {
        DocumentContent text = new("text/markdown", null, "# Words") { Name = "my notes (draft).md" };
        DocumentContent pdf = new("application/pdf", ImageSource.FromBase64("JVBERi0="), null) { Name = "my_report.v2.pdf" };

        ProviderRequest request = ProviderRequest.Build([new UserMessage([text, text, pdf], 0)], Provider.Bedrock);

        JsonElement content = request.Body.GetProperty("messages")[0].GetProperty("content");
        Assert.Equal(
            ["my notes (draft)", "my notes (draft) (2)", "my report v2"],
            content.EnumerateArray().Take(3).Select(block => block.GetProperty("document").GetProperty("name").GetString()!));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Bedrock, request.Body));
        Assert.Equal("# Words", ((DocumentContent)((UserMessage)ProviderMessages.TryParse(request.Body, Provider.Bedrock)!.Messages[0]).Content[0]).Text);
    }

    [Fact]
    public void A_structured_result_goes_back_as_it_was_and_the_cache_is_marked()
    {
        const string Body = """
            {"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]},
             {"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":{"a":[1,2]}},{"text":"b"}]}}]}]}
            """;

        ProviderMessages read = ProviderMessages.TryParse(Json(Body), Provider.Bedrock)!;
        JsonElement again = ProviderRequest.Build([.. read.Messages], Provider.Bedrock).Body;
        JsonElement cached = ProviderRequest.Build([.. read.Messages], Provider.Bedrock, new RequestOptions { Cache = true, System = "s" }).Body;

        Assert.Empty(read.Warnings);
        Assert.True(JsonElement.DeepEquals(Json(Body), again), again.ToString());
        Assert.Contains("""{"a":[1,2]}""", ProviderRequest.Build([.. read.Messages], Provider.Anthropic).Body.GetRawText().Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("default", cached.GetProperty("messages")[2].GetProperty("content")[1].GetProperty("cachePoint").GetProperty("type").GetString());
        Assert.Equal("default", cached.GetProperty("system")[1].GetProperty("cachePoint").GetProperty("type").GetString());
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Bedrock, cached));
    }

    private static string Whole(string blocks) => $$$$"""{"output":{"message":{"role":"assistant","content":[{{{{blocks}}}}]}},"stopReason":"end_turn"}""";

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>The JSON with the members of each object in the order of their names.</summary>
    private static string SortedText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}:{SortedText(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(SortedText))}]",
        _ => value.GetRawText(),
    };

    private static AssistantMessage One(string text) => Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text))));
}
