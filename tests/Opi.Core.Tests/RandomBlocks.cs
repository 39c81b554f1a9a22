using System.Text.Json;

namespace Opi.Tests;

/// <summary>Blocks that only their provider knows, written to the published references, for random conversations.</summary>
internal static class RandomBlocks
{
    /// <summary>Blocks of an answer, pairs together. A broken one may have half a pair, or one whose input was cut off.</summary>
    public static IEnumerable<IAssistantContent> Answer(Random random, Provider provider, bool isBroken, Func<string, string> newId)
    {
        if (random.Next(2) == 0)
        {
            return [];
        }

        string[] blocks = [.. Enumerable.Range(0, random.Next(1, 4)).SelectMany(_ => Blocks(random, provider, newId("srv")))];
        if (isBroken && random.Next(3) == 0)
        {
            blocks = [.. blocks.Where(_ => random.Next(3) > 0)];
        }

        return blocks.SelectMany(block => Read(provider, block));
    }

    /// <summary>Something that a user or a tool may give beside text and images; null for nothing.</summary>
    public static IInputContent? Input(Random random, Provider provider, bool isBroken) => (provider, random.Next(isBroken ? 6 : 3)) switch
    {
        (Provider.Anthropic or Provider.Bedrock or Provider.Gemini, 0) => new DocumentContent("text/plain", null, $"words {random.Next(9)}"),
        (Provider.Anthropic or Provider.Bedrock or Provider.Gemini, 1) => new DocumentContent("application/pdf", ImageSource.FromBase64("JVBERi0="), null),
        (Provider.Anthropic, 2) => Opaque(provider, "search_result", "[source: a b]\nwords", """{"type":"search_result","source":"b","title":"a","content":[{"type":"text","text":"words"}]}"""),
        (Provider.Gemini, 2) => Opaque(provider, "inlineData", "[audio: audio/wav]", """{"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}}"""),
        (Provider.GeminiInteractions, 0) => new DocumentContent("application/pdf", ImageSource.FromBase64("JVBERi0="), null),
        (Provider.GeminiInteractions, 1) => Opaque(provider, "audio", "[audio: audio/wav]", """{"type":"audio","data":"UklGRg==","mime_type":"audio/wav"}"""),
        (Provider.GeminiInteractions, 2) => Opaque(provider, "image", "[file gs://b/a.heic]", """{"type":"image","uri":"gs://b/a.heic","mime_type":"image/heic"}"""),
        (Provider.Bedrock, 2) => Opaque(provider, "video", "[video: mp4]", """{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/a.mp4"}}}}"""),
        (_, 3) => new DocumentContent("application/zip", ImageSource.FromBytes(new byte[] { 80, 75 }), null) { Name = "a & b.zip" },
        (_, 4) => new DocumentContent("text/markdown", null, "# Words") { Name = "größe.md" },
        (_, 5) => Opaque(provider, "search_result", "", """{"type":"search_result"}""") with { Data = new ProviderData("nobody", "{}") },
        _ => null,
    };

    private static OpaqueContent Opaque(Provider provider, string kind, string standIn, string json) =>
        new(kind, standIn, new ProviderData(ProviderShape.Of(provider).DataName, json));

    private static string[] Blocks(Random random, Provider provider, string id) => (provider, random.Next(8)) switch
    {
        (Provider.Anthropic, 0) =>
        [
            $$$"""{"type":"server_tool_use","id":"{{{id}}}","name":"web_search","input":{"query":"größe"}}""",
            $$$"""{"type":"web_search_tool_result","tool_use_id":"{{{id}}}","content":[{"type":"web_search_result","title":"A","url":"https://example.org","encrypted_content":"RW5j"}]}""",
        ],
        (Provider.Anthropic, 1) =>
        [
            $$$"""{"type":"server_tool_use","id":"{{{id}}}","name":"bash_code_execution","input":{"command":"ls"}}""",
            """{"type":"thinking","thinking":"between","signature":"c2ln"}""",
            $$$"""{"type":"bash_code_execution_tool_result","tool_use_id":"{{{id}}}","content":{"type":"bash_code_execution_result","stdout":"a\nb","stderr":"","return_code":0,"content":[]}}""",
        ],
        (Provider.Anthropic, 2) =>
        [
            $$$"""{"type":"mcp_tool_use","id":"{{{id}}}","name":"find","server_name":"files","input":{}}""",
            $$$"""{"type":"mcp_tool_result","tool_use_id":"{{{id}}}","is_error":false,"content":[{"type":"text","text":"found"}]}""",
        ],
        (Provider.Anthropic, 3) => ["""{"type":"compaction","content":"so far","encrypted_content":"RW5j"}"""],
        (Provider.Anthropic, 4) =>
            ["""{"type":"text","text":"cited","citations":[{"type":"web_search_result_location","url":"https://example.org","encrypted_index":"RW8="}]}"""],
        (Provider.Anthropic, 5) => ["""{"type":"fallback","from":{"model":"a"},"to":{"model":"b"},"trigger":{"type":"refusal"}}"""],
        (Provider.Anthropic, 6) => ["""{"type":"container_upload","file_id":"file_1"}"""],
        (Provider.Bedrock, 0 or 1) =>
        [
            $$$"""{"toolUse":{"toolUseId":"{{{id}}}","name":"nova_grounding","input":{"query":"x"},"type":"server_tool_use"}}""",
            $$$"""{"toolResult":{"toolUseId":"{{{id}}}","type":"nova_grounding_result","status":"success","content":[{"text":"y"}]}}""",
        ],
        (Provider.Bedrock, 2 or 3) =>
            ["""{"citationsContent":{"content":[{"text":"cited"}],"citations":[{"title":"policy","location":{"documentChar":{"documentIndex":0,"start":0,"end":9}}}]}}"""],
        (Provider.Bedrock, 4) => ["""{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}"""],
        (Provider.Gemini, 0) =>
        [
            $$$"""{"toolCall":{"id":"{{{id}}}","toolType":"GOOGLE_SEARCH_WEB","args":{"queries":["x"]}},"thoughtSignature":"c2ln"}""",
            $$$"""{"toolResponse":{"id":"{{{id}}}","toolType":"GOOGLE_SEARCH_WEB","response":{"a":1}},"thoughtSignature":"c2lu"}""",
        ],
        (Provider.Gemini, 1) =>
        [
            """{"executableCode":{"language":"PYTHON","code":"print(1)"},"thoughtSignature":"c2ln"}""",
            """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}""",
        ],
        (Provider.Gemini, 2) => ["""{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="},"thoughtSignature":"c2ln"}"""],
        (Provider.Gemini, 3) => ["""{"text":"signed","thoughtSignature":"c2ln"}"""],
        (Provider.Gemini, 4) => ["""{"text":"","thoughtSignature":"c2ln"}"""],
        (Provider.GeminiInteractions, 0) =>
        [
            $$$"""{"type":"google_search_call","id":"{{{id}}}","arguments":{"queries":["x"]},"search_type":"web_search","signature":"c2ln"}""",
            $$$"""{"type":"google_search_result","call_id":"{{{id}}}","result":[{"search_suggestions":"<b>x</b>"}],"is_error":false}""",
        ],
        (Provider.GeminiInteractions, 1) =>
        [
            $$$"""{"type":"code_execution_call","id":"{{{id}}}","arguments":{"language":"python","code":"print(1)"}}""",
            """{"type":"thought","signature":"c2ln"}""",
            $$$"""{"type":"code_execution_result","call_id":"{{{id}}}","result":"1\n"}""",
        ],
        (Provider.GeminiInteractions, 2) =>
        [
            $$$"""{"type":"mcp_server_tool_call","id":"{{{id}}}","name":"find","server_name":"files","arguments":{"q":"größe"}}""",
            $$$"""{"type":"mcp_server_tool_result","call_id":"{{{id}}}","name":"find","server_name":"files","result":[{"type":"text","text":"found"}]}""",
        ],
        (Provider.GeminiInteractions, 3) => ["""{"type":"model_output","content":[{"type":"image","data":"iVBORw0KGgo=","mime_type":"image/png"}]}"""],
        (Provider.GeminiInteractions, 4) =>
            ["""{"type":"model_output","content":[{"type":"text","text":"cited","annotations":[{"type":"url_citation","start_index":0,"end_index":5,"url":"https://example.org"}]}]}"""],
        (Provider.GeminiInteractions, 5) => ["""{"type":"thought","signature":"c2ln","summary":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}"""],
        (Provider.GeminiInteractions, 6) => [$$$"""{"type":"url_context_call","id":"{{{id}}}","arguments":{"urls":["https://example.org"]}}""", $$$"""{"type":"url_context_result","call_id":"{{{id}}}","result":[{"status":"success","url":"https://example.org"}]}"""],
        _ => [],
    };

    /// <summary>The block as the provider's reply gives it.</summary>
    private static System.Collections.Immutable.ImmutableArray<IAssistantContent> Read(Provider provider, string block)
    {
        string reply = provider switch
        {
            Provider.Anthropic => $$$"""{"type":"message","role":"assistant","content":[{{{block}}}]}""",
            Provider.Bedrock => $$$$"""{"output":{"message":{"role":"assistant","content":[{{{{block}}}}]}}}""",
            Provider.GeminiInteractions => $$$"""{"object":"interaction","status":"completed","model":"m","steps":[{{{block}}}]}""",
            _ => $$$$"""{"candidates":[{"content":{"role":"model","parts":[{{{{block}}}}]}}]}""",
        };
        return ((AssistantMessage)ProviderReply.Parse(JsonDocument.Parse(reply).RootElement, provider).Single()).Content;
    }
}
