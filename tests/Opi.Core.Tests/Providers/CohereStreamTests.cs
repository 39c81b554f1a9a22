using System.Text.Json;

namespace Opi.Tests;

/// <summary>Streamed replies of Cohere's /v2/chat.</summary>
public sealed class CohereStreamTests
{
    private static readonly string[] Events =
    [
        """{"id":"m1","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}""",
        """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}""",
        """{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"Let me "}}}}""",
        """{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"see."}}}}""",
        """{"type":"content-end","index":0}""",
        """{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}}""",
        """{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"It rains"}}}}""",
        """{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":" there."}}}}""",
        """{"type":"content-end","index":1}""",
        """{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will "}}}""",
        """{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"look."}}}""",
        """{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"look_1","type":"function","function":{"name":"look","arguments":""}}}}}""",
        """{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"a\":"}}}}}""",
        """{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"1}"}}}}}""",
        """{"type":"tool-call-end","index":0}""",
        """{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"save_2","type":"function","function":{"name":"save","arguments":"{}"}}}}}""",
        """{"type":"tool-call-end","index":1}""",
        """{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":8,"text":"It rains","sources":[{"id":"doc:9"}]}}}}""",
        """{"type":"citation-end","index":0}""",
        """{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"billed_units":{"input_tokens":12,"output_tokens":7},"tokens":{"input_tokens":80,"output_tokens":9}}}}""",
    ];

    [Fact]
    public void Texts_thinking_calls_citations_and_the_billed_tokens_are_read()
    {
        AssistantMessage answer = One(Sse(Events));

        Assert.Equal("Let me see.", Assert.Single(answer.Content.OfType<ThinkingContent>()).Thinking);
        Assert.Equal("It rains there.", answer.Text);
        Assert.Equal(["look_1 look {\"a\":1}", "save_2 save {}"], answer.ToolCalls.Select(call => $"{call.Id} {call.Name} {call.Arguments}"));
        Assert.Equal((StopReason.ToolUse, "m1", "cohere"), (answer.StopReason, answer.ResponseId, answer.Provider));
        Assert.Equal((12, 7), (answer.Usage.InputTokens, answer.Usage.OutputTokens));
        Assert.Contains("I will look.", answer.ProviderData!.Json, StringComparison.Ordinal);
        Assert.Contains("doc:9", answer.ProviderData.Json, StringComparison.Ordinal);
        Assert.Empty(answer.NotKept);
    }

    [Fact]
    public void A_stream_that_was_cut_off_keeps_what_came()
    {
        AssistantMessage answer = One(Sse(Events[..7]));

        Assert.Equal((StopReason.Aborted, "It rains"), (answer.StopReason, answer.Text));
    }

    [Fact]
    public void The_events_are_pieces_and_give_their_text()
    {
        JsonElement[] events = [.. Events.Select(one => JsonDocument.Parse(one).RootElement)];

        Assert.All(events, one => Assert.True(ProviderReply.IsPiece(one, null)));
        Assert.Equal("It rains there.", string.Concat(events.Select(one => ProviderReply.StreamedText(ProviderShape.Of(Provider.OpenAIChat), one))));
    }

    private static string Sse(IEnumerable<string> events) => string.Concat(events.Select(one => $"event: x\ndata: {one}\n\n"));

    private static AssistantMessage One(string text) =>
        Assert.IsType<AssistantMessage>(Assert.Single(ProviderReply.Parse(JsonSerializer.SerializeToElement(text))));
}
