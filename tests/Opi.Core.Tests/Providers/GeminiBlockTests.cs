using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>Every kind of part of Gemini's, from the reply or the stream into the next request.</summary>
public sealed class GeminiBlockTests
{
    private const string Search = """{"toolCall":{"id":"s1","toolType":"GOOGLE_SEARCH_WEB","args":{"queries":["opi"]}},"thoughtSignature":"c2ln"}""";
    private const string Found = """{"toolResponse":{"id":"s1","toolType":"GOOGLE_SEARCH_WEB","response":{"a":1}},"thoughtSignature":"c2lu"}""";

    public static TheoryData<string, string, string> Opaque => new()
    {
        { Search, "toolCall", "[google_search_web: opi]" },
        { Found, "toolResponse", "" },
        { """{"executableCode":{"language":"PYTHON","code":"print(1)"}}""", "executableCode", "```python\nprint(1)\n```" },
        { """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}""", "codeExecutionResult", "[code run: 1]" },
        { """{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="},"thoughtSignature":"c2ln"}""", "inlineData", "[image: image/png]" },
        { """{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAAA"}}""", "inlineData", "[audio: audio/L16;rate=24000]" },
        { """{"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/a.mp4"}}""", "fileData", "[file gs://b/a.mp4]" },
        { """{"somethingNew":{"a":1}}""", "somethingNew", "[somethingNew]" },
    };

    [Theory]
    [MemberData(nameof(Opaque))]
    public void A_part_without_a_type_of_its_own_is_kept_whole_and_has_a_stand_in(string part, string kind, string standIn)
    {
        AssistantMessage message = One(Whole(part));

        var opaque = Assert.IsType<OpaqueContent>(Assert.Single(message.Content));
        Assert.Equal((kind, standIn, "gemini"), (opaque.Kind, opaque.StandIn, opaque.Data.Shape));
        Assert.True(JsonElement.DeepEquals(Json(part), Json(opaque.Data.Json)));
        Assert.Equal((StopReason.Stop, 0), (message.StopReason, message.ToolCalls.Count()));
    }

    [Fact]
    public void The_table_has_every_kind_that_is_kept_whole_and_says_what_stands_in_its_place()
    {
        BlockKind[] kinds = [.. new GeminiShape().Kinds.Where(kind => kind.Kept == "opaque")];
        Assert.All(Opaque.Select(row => (OpaqueContent)Assert.Single(One(Whole((string)row[0])).Content)), block =>
        {
            BlockKind listed = kinds.FirstOrDefault(kind => kind.Kind.Split(' ')[0] == block.Kind) ?? new GeminiShape().Kinds.FirstOrDefault(kind => kind.Kind == block.Kind) ?? kinds.Single(kind => kind.Kind == "any other");
            Assert.True(block.StandIn.Length > 0 || listed.StandIn == "nothing" || block.Kind == "compaction", block.Kind);
            Assert.True(block.StandIn.Length == 0 || listed.StandIn != "nothing", block.Kind);
        });
        Assert.Empty(kinds.Select(kind => kind.Kind.Split(' ')[0]).Except(["any", "tool_addition", "tool_removal", "tool_reference", "toolRemoval", .. Opaque.Select(row => (string)row[1])]));
    }

    [Fact]
    public void Parts_go_back_as_they_came_to_their_model_and_without_signatures_to_another()
    {
        const string Parts = Search + "," + Found + """
            ,{"executableCode":{"language":"PYTHON","code":"print(1)"},"thoughtSignature":"YQ=="},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}},
            {"text":"Hm.","thought":true,"thoughtSignature":"Yg=="},{"text":"One.","thoughtSignature":"Yw=="},{"text":"","thoughtSignature":"ZA=="},
            {"functionCall":{"name":"save","args":{},"id":"f1"},"thoughtSignature":"ZQ=="},{"functionCall":{"name":"_list.all","args":{"a":1},"id":"f2"}}
            """;
        Message[] messages = [new UserMessage("q", 0), One(Whole(Parts)), new ToolResultMessage("f1", "save", [new TextContent("ok")], 0), new ToolResultMessage("f2", "_list.all", [new TextContent("ok")], 0)];

        JsonElement same = Build("gemini:gemini-3-pro-preview");
        JsonElement other = Build("gemini:gemini-3.5-flash");
        JsonElement older = Build("gemini:gemini-2.5-flash");

        Assert.True(JsonElement.DeepEquals(Json($"[{Parts}]"), same.GetProperty("contents")[1].GetProperty("parts")), same.ToString());
        Assert.Equal("skip_thought_signature_validator", Assert.Single(Signatures(other)));
        Assert.Empty(Signatures(older));
        Assert.All((JsonElement[])[same, other, older], body => Assert.Empty(ProviderRules.ValidateMessages(Provider.Gemini, body)));

        JsonElement Build(string model) => ProviderRequest.Build(messages, Provider.Gemini, new RequestOptions { Model = model }).Body;

        static IEnumerable<string> Signatures(JsonElement body) => body.GetProperty("contents")[1].GetProperty("parts").EnumerateArray()
            .Where(part => part.TryGetProperty("thoughtSignature", out _)).Select(part => part.GetProperty("thoughtSignature").GetString()!);
    }

    [Fact]
    public void Half_a_pair_is_sent_as_text()
    {
        ProviderRequest request = ProviderRequest.Build([new UserMessage("q", 0), One(Whole(Search)), new UserMessage("next", 0)], Provider.Gemini);

        Assert.Contains("""{"text":"[google_search_web: opi]"}""", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Single(request.Warnings);
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Gemini, request.Body));
    }

    [Fact]
    public void Arguments_that_come_in_pieces_are_one_call()
    {
        AssistantMessage message = One("""
            [{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"light","id":"f1","willContinue":true},"thoughtSignature":"c2ln"}]}}]},
             {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.brightness","numberValue":50}],"willContinue":true}}]}}]},
             {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.places[0].name","stringValue":"liv","willContinue":true}],"willContinue":true}}]}}]},
             {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.places[0].name","stringValue":"ing"},{"jsonPath":"$.on","boolValue":true},{"jsonPath":"$['a b']","nullValue":null}],"willContinue":true}}]}}]},
             {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{}}]}}]},
             {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"other","args":{"x":1}}}]},"finishReason":"STOP"}]}]
            """);

        Assert.Equal(
            [new ToolCallContent("f1", "light", """{"brightness":50,"places":[{"name":"living"}],"on":true,"a b":null}""") { Signature = "c2ln" }, new ToolCallContent("call-2", "other", """{"x":1}""")],
            message.Content.ToArray());
        Assert.Equal(StopReason.ToolUse, message.StopReason);
    }

    [Fact]
    public void Snake_case_is_read_as_camel_case()
    {
        AssistantMessage reply = One("""
            {"candidates":[{"content":{"role":"model","parts":[{"function_call":{"name":"get_now","args":{"time_zone":"x","thought_signature":1}},"thought_signature":"AAAA","inline_data":null},
              {"executable_code":{"language":"PYTHON","code":"1"}}]},"finish_reason":"STOP"}],"usage_metadata":{"prompt_token_count":5,"candidates_token_count":2,"total_token_count":7},"model_version":"gemini-3-pro","response_id":"r"}
            """);
        ProviderMessages request = ProviderMessages.TryParse(Json("""
            {"system_instruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}},{"file_data":{"mime_type":"application/pdf","file_uri":"gs://b/a.pdf"}}]},
             {"role":"model","parts":[{"function_call":{"name":"now","args":{}},"thought_signature":"AAAA"}]},
             {"role":"user","parts":[{"function_response":{"name":"now","response":{"time_zone":{"a_b":1}}}}]}]}
            """))!;

        Assert.Equal(new ToolCallContent("call-1", "get_now", """{"time_zone":"x","thought_signature":1}""") { Signature = "AAAA" }, reply.Content[0]);
        Assert.Equal("executableCode", ((OpaqueContent)reply.Content[1]).Kind);
        Assert.Equal(("r", 5, StopReason.ToolUse), (reply.ResponseId, reply.Usage.InputTokens, reply.StopReason));
        Assert.Equal(["user", "assistant", "tool_result"], request.Messages.Select(message => message.Role));
        Assert.Equal("system text", Assert.Single(request.Warnings)[(request.Warnings[0].IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        Assert.Equal("q [image: image/png] [document: application/pdf]", request.Messages[0].Text);
        Assert.Contains("""{"functionResponse":{"name":"now","response":{"time_zone":{"a_b":1}}}}""", ProviderRequest.Build([.. request.Messages], Provider.Gemini).Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", StopReason.Stop, null)]
    [InlineData("2", StopReason.Length, null)]
    [InlineData("3", StopReason.Error, "SAFETY")]
    [InlineData("17", StopReason.Error, "finish reason 17")]
    [InlineData("\"FinishReason.STOP\"", StopReason.Stop, null)]
    [InlineData("\"CONTINUATION\"", StopReason.PauseTurn, null)]
    [InlineData("\"MALFORMED_RESPONSE\"", StopReason.Error, "MALFORMED_RESPONSE")]
    public void Why_it_stopped_by_name_or_number(string reason, StopReason expected, string? error)
    {
        AssistantMessage message = One(Whole("""{"text":"a"}""").Replace("\"STOP\"", reason, StringComparison.Ordinal));

        Assert.Equal((expected, error), (message.StopReason, message.ErrorMessage));
    }

    [Fact]
    public void An_answer_that_is_not_done_goes_on_with_its_token()
    {
        AssistantMessage message = One("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"CONTINUATION","continuationToken":"t"}],"modelVersion":"gemini-3-pro"}""");

        Assert.Equal("t", ProviderRequest.Build([new UserMessage("q", 0), message], Provider.Gemini).Body.GetProperty("continuationToken").GetString());
        Assert.False(ProviderRequest.Build([new UserMessage("q", 0), message, new UserMessage("q", 0)], Provider.Gemini).Body.TryGetProperty("continuationToken", out _));
    }

    [Fact]
    public void What_is_not_sendable_is_kept_and_what_is_lost_is_reported()
    {
        AssistantMessage message = One("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["q"]}},{"content":{"parts":[{"text":"b"}]}}]}""");

        Assert.Equal("""{"groundingMetadata":{"webSearchQueries":["q"]}}""", message.ProviderData!.Json);
        Assert.Contains(ReplyWarning.Of(message), warning => warning.Text.Contains("candidates beside the first", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stream_that_fails_on_its_way_keeps_what_came_and_two_replies_in_a_list_are_two()
    {
        const string First = """{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}],"usageMetadata":{"promptTokenCount":1000,"totalTokenCount":1000},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""";
        AssistantMessage failed = One($$$"""[{{{First}}},{"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}]""");
        AssistantMessage cut = One($"data: {First}\n");

        Assert.Equal((StopReason.Error, "Hel", 1000), (failed.StopReason, failed.Text, failed.Usage.InputTokens));
        Assert.Contains("Overloaded", failed.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((StopReason.Aborted, "Hel"), (cut.StopReason, cut.Text));
        Assert.Equal(["a", "b"], ProviderReply.Parse(Json($"[{Whole("""{"text":"a"}""")},{Whole("""{"text":"b"}""")}]")).Select(message => message.Text));
    }

    [Fact]
    public void A_request_reads_back_as_it_was()
    {
        const string Body = """
            {"contents":[
              {"role":"user","parts":[{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}},{"inlineData":{"mimeType":"text/csv","data":"YSxi"}},{"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}},
                {"fileData":{"fileUri":"https://youtu.be/x"},"videoMetadata":{"fps":1}},{"text":"q"}]},
              {"role":"model","parts":[{"functionCall":{"name":"_f","args":{}}},{"functionCall":{"name":"g","args":{}}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"_f","response":{"result":"text","n":1},"scheduling":"SILENT"}},
                {"functionResponse":{"name":"g","response":{"result":"text"},"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}}]}]}
            """;

        ProviderMessages read = ProviderMessages.TryParse(Json(Body), Provider.Gemini)!;

        JsonElement again = ProviderRequest.Build([.. read.Messages], Provider.Gemini, new RequestOptions { Model = "gemini:gemini-3-pro" }).Body;
        Assert.Empty(read.Warnings);
        Assert.Equal(["call-1", "call-2"], read.Messages.OfType<ToolResultMessage>().Select(result => result.ToolCallId));
        Assert.True(JsonElement.DeepEquals(
            Json(Body.Replace("""{"functionCall":{"name":"_f","args":{}}}""", """{"functionCall":{"name":"_f","args":{}},"thoughtSignature":"skip_thought_signature_validator"}""", StringComparison.Ordinal)), again), again.ToString());
        Assert.Equal("text [image: image/png]", read.Messages[3].Text);
    }

    [Fact]
    public void A_result_that_names_only_its_tool_finds_its_call()
    {
        Message[] messages =
        [
            new UserMessage("q", 0),
            One(Whole("""{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}}""")),
            new ToolResultMessage("", "g", [new TextContent("of g")], 0),
            new ToolResultMessage("", "f", [new TextContent("of f")], 0),
        ];

        ProviderRequest request = ProviderRequest.Build(messages, Provider.Gemini);

        Assert.Empty(request.Warnings);
        Assert.Equal(["of f", "of g"], request.Body.GetProperty("contents")[2].GetProperty("parts").EnumerateArray()
            .Select(part => part.GetProperty("functionResponse").GetProperty("response").GetProperty("output").GetString()!));
    }

    private static string Whole(string parts) =>
        $$$"""{"candidates":[{"content":{"role":"model","parts":[{{{parts}}}]},"finishReason":"STOP"}],"modelVersion":"gemini-3-pro-preview"}""";

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static AssistantMessage One(string text) => Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text))));
}
