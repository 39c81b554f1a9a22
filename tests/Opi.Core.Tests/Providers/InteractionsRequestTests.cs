using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>Answers of Gemini's Interactions API in the next request: of its own, of generateContent, and of others.</summary>
public sealed class InteractionsRequestTests
{
    private const string Steps = """
        {"type":"thought","signature":"c2ln","summary":[{"type":"text","text":"I search."}]},
        {"type":"google_search_call","id":"s","arguments":{"queries":["opi"]},"search_type":"web_search","signature":"c2lo"},
        {"type":"google_search_result","call_id":"s","result":[{"search_suggestions":"<b>opi</b>"}]},
        {"type":"model_output","content":[{"type":"text","text":"Found.","annotations":[{"type":"url_citation","url":"https://example.org"}]},{"type":"image","data":"iVBORw0KGgo=","mime_type":"image/png"}]},
        {"type":"function_call","id":"f","name":"look","arguments":{"at":1}}
        """;

    private static readonly ToolResultMessage Looked = new("f", "look", [new TextContent("seen")], 0);

    [Fact]
    public void An_answer_goes_back_as_the_steps_that_it_came_as()
    {
        ProviderRequest request = Build(Provider.GeminiInteractions, "gemini:gemini-3-pro", Answer(Steps), Looked);

        string expected = $$$"""
            [{"type":"user_input","content":[{"type":"text","text":"q"}]},{{{Steps}}},{"type":"function_result","call_id":"f","name":"look","result":"seen"}]
            """;
        Assert.True(JsonElement.DeepEquals(Json(expected), request.Body.GetProperty("input")), request.Body.ToString());
        Assert.Empty(request.Warnings);
        Assert.Empty(ProviderRules.ValidateMessages(Provider.GeminiInteractions, request.Body));
    }

    [Fact]
    public void Another_model_gets_no_thoughts()
    {
        ProviderRequest request = Build(Provider.GeminiInteractions, "gemini:gemini-2.5-flash", Answer(Steps), Looked);

        Assert.DoesNotContain("thought", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("google_search_result", request.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void GenerateContent_gets_words_calls_and_stand_ins_but_no_signature_of_another_protocol()
    {
        ProviderRequest request = Build(Provider.Gemini, "gemini:gemini-3-pro", Answer(Steps), Looked);

        Assert.Equal(
            """[{"text":"[google_search: opi]"},{"text":"Found."},{"text":"[image: image/png]"},{"functionCall":{"name":"look","id":"f","args":{"at":1}},"thoughtSignature":"skip_thought_signature_validator"}]""",
            request.Body.GetProperty("contents")[1].GetProperty("parts").GetRawText());
        Assert.Equal("f", request.Body.GetProperty("contents")[2].GetProperty("parts")[0].GetProperty("functionResponse").GetProperty("id").GetString());
        Assert.Empty(ProviderRules.ValidateMessages(Provider.Gemini, request.Body));
    }

    [Fact]
    public void A_signature_of_generateContent_does_not_go_to_the_Interactions_API()
    {
        var answer = (AssistantMessage)ProviderReply.Parse(Json("""
            {"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true,"thoughtSignature":"Z2Vu"},{"text":"Hi.","thoughtSignature":"Z2Vu"},
             {"functionCall":{"name":"look","args":{}},"thoughtSignature":"Z2Vu"}]},"finishReason":"STOP"}],"modelVersion":"gemini-3-pro","responseId":"g"}
            """)).Single();
        ProviderRequest request = Build(Provider.GeminiInteractions, "gemini:gemini-3-pro", answer, new ToolResultMessage("call-1", "look", [new TextContent("seen")], 0));

        Assert.DoesNotContain("Z2Vu", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("""{"type":"model_output","content":[{"type":"text","text":"Hi."}]}""", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(ProviderRules.ValidateMessages(Provider.GeminiInteractions, request.Body));
    }

    [Theory]
    [InlineData(Provider.Anthropic)]
    [InlineData(Provider.OpenAIChat)]
    [InlineData(Provider.OpenAIResponses)]
    [InlineData(Provider.Bedrock)]
    [InlineData(Provider.Ollama)]
    public void Others_get_words_calls_and_stand_ins(Provider provider)
    {
        ProviderRequest request = Build(provider, null, Answer(Steps), Looked);

        Assert.All((string[])["[google_search: opi]", "Found.", "[image: image/png]", "look", "seen"], text => Assert.Contains(text, request.Body.ToString(), StringComparison.Ordinal));
        Assert.All((string[])["c2ln", "I search.", "search_suggestions", "iVBORw0KGgo="], text => Assert.DoesNotContain(text, request.Body.ToString(), StringComparison.Ordinal));
        Assert.Empty(ProviderRules.ValidateMessages(provider, request.Body));
    }

    [Fact]
    public void Half_of_what_a_tool_at_the_provider_did_goes_as_text_and_is_told()
    {
        AssistantMessage whole = Answer(Steps);
        AssistantMessage cut = whole with { Content = [.. whole.Content.Where(block => block is not OpaqueContent { Kind: "google_search_result" })] };

        ProviderRequest request = Build(Provider.GeminiInteractions, "gemini:gemini-3-pro", cut, Looked);

        Assert.Contains("""{"type":"model_output","content":[{"type":"text","text":"[google_search: opi]"},{"type":"text","text":"Found.",""", request.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("1 step of a tool that ran at the provider lacks its other half and is sent as text", Assert.Single(request.Warnings));
        Assert.Empty(ProviderRules.ValidateMessages(Provider.GeminiInteractions, request.Body));
    }

    [Fact]
    public void Results_that_are_objects_or_media_go_out_as_they_came_in()
    {
        const string Input = """
            [{"type":"user_input","content":[{"type":"text","text":"q"},{"type":"image","uri":"https://example.org/a.png","mime_type":"image/png"},{"type":"audio","data":"UklGRg==","mime_type":"audio/wav"}]},
             {"type":"function_call","id":"a","name":"look","arguments":{}},{"type":"function_call","id":"b","name":"look","arguments":{}},
             {"type":"function_result","call_id":"a","name":"look","result":{"seen":[1,2]}},
             {"type":"function_result","call_id":"b","name":"look","is_error":true,"result":[{"type":"text","text":"two"},{"type":"image","data":"iVBORw0KGgo=","mime_type":"image/png"}]},
             {"type":"model_output","content":[{"type":"text","text":"ok"}]}]
            """;
        ProviderMessages read = ProviderMessages.TryParse(Json($$"""{"model":"gemini-3-pro","input":{{Input}}}"""))!;

        Assert.Equal("""{"seen":[1,2]}""", read.Messages[2].Text);
        Assert.True(((ToolResultMessage)read.Messages[3]).IsError);
        Assert.Equal(["gemini", "gemini"], read.Messages.OfType<AssistantMessage>().Select(answer => answer.Provider));
        Assert.Empty(read.Warnings);
        Assert.True(JsonElement.DeepEquals(Json(Input), ProviderRequest.Build([.. read.Messages], Provider.GeminiInteractions).Body.GetProperty("input")));
    }

    [Theory]
    [InlineData("""{"type":"model_output","content":[{"type":"text","text":"ok"}]}""", "assistant")]
    [InlineData("""{"type":"user_input","content":[{"type":"text","text":"ok"}]}""", "user")]
    [InlineData("""[{"type":"user_input","content":"ok"}]""", "user")]
    [InlineData("""{"input":[{"type":"text","text":"ok"}]}""", "user")]
    [InlineData("""{"input":{"type":"text","text":"ok"}}""", "user")]
    public void Steps_and_content_are_messages(string value, string role)
    {
        Message message = Assert.Single(ProviderMessages.TryParse(Json(value))!.Messages);

        Assert.Equal((role, "ok"), (message.Role, message.Text));
    }

    [Fact]
    public void A_reply_with_its_input_is_a_reply_and_no_request() => Assert.Null(ProviderMessages.TryParse(Json(
        """{"object":"interaction","status":"completed","input":[{"type":"user_input","content":[{"type":"text","text":"q"}]}],"steps":[]}""")));

    private static AssistantMessage Answer(string steps) => (AssistantMessage)Assert.Single(ProviderReply.Parse(Json(
        $$"""{"object":"interaction","id":"v1","status":"requires_action","model":"gemini-3-pro","steps":[{{steps}}]}""")));

    private static ProviderRequest Build(Provider provider, string? model, params AgentMessage[] after) =>
        ProviderRequest.Build([new UserMessage("q", 0), .. after], provider, new RequestOptions { Model = model });

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
