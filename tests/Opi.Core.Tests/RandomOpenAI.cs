using System.Text.Json;

namespace Opi.Tests;

/// <summary>Blocks of the OpenAI family, as replies have them, for random conversations.</summary>
internal static class RandomOpenAI
{
    private static readonly string[] ServerItems =
    [
        """{"type":"web_search_call","id":"ws_#","status":"completed","action":{"type":"search","query":"größe"}}""",
        """{"type":"file_search_call","id":"fs_#","status":"completed","queries":["a","b"],"results":null}""",
        """{"type":"code_interpreter_call","id":"ci_#","status":"completed","container_id":"cntr_1","code":"1+1","outputs":[{"type":"logs","logs":"2"}]}""",
        """{"type":"image_generation_call","id":"ig_#","status":"completed","result":"iVBORw0KGgo="}""",
        """{"type":"mcp_call","id":"mcp_#","server_label":"docs","name":"find","arguments":"{}","output":"found"}""",
        """{"type":"mcp_list_tools","id":"mcpl_#","server_label":"docs","tools":[]}""",
        """{"type":"compaction","id":"cmp_#","encrypted_content":"RU5D"}""",
        """{"type":"shell_call","id":"sh_#","call_id":"call_sh#","status":"completed","environment":{"type":"container_reference","container_id":"c"},"action":{"commands":["ls"]}}""",
        """{"type":"tool_search_call","id":"ts_#","call_id":null,"execution":"server","status":"completed","arguments":{"query":"x"}}""",
        """{"type":"x_search_call","id":"xs_#","status":"completed"}""",
    ];

    private static readonly string[] ClientItems =
    [
        """{"type":"local_shell_call","id":"lsh_#","call_id":"call_a#","status":"completed","action":{"type":"exec","command":["ls"],"env":{}}}""",
        """{"type":"shell_call","id":"sh_#","call_id":"call_b#","status":"completed","action":{"commands":["ls"],"max_output_length":100}}""",
        """{"type":"apply_patch_call","id":"ap_#","call_id":"call_c#","status":"completed","operation":{"type":"delete_file","path":"a.txt"}}""",
        """{"type":"computer_call","id":"cu_#","call_id":"call_d#","status":"completed","action":{"type":"screenshot"},"pending_safety_checks":[]}""",
        """{"type":"mcp_approval_request","id":"mcpr_#","server_label":"docs","name":"find","arguments":"{}"}""",
        """{"type":"tool_search_call","id":"ts_#","call_id":"call_e#","execution":"client","status":"completed","arguments":{"query":"x"}}""",
        """{"type":"custom_tool_call","id":"ctc_#","call_id":"call_f#","name":"run","input":"print(1)"}""",
        """{"type":"function_call","id":"fc_#","call_id":"call_g#","name":"read","arguments":"{}","namespace":"files","caller":{"type":"direct"}}""",
    ];

    private static readonly string[] Messages =
    [
        """{"type":"message","id":"msg_#","role":"assistant","phase":"commentary","status":"completed","content":[{"type":"output_text","text":"I look.","annotations":[]}]}""",
        """{"type":"message","id":"msg_#","role":"assistant","status":"completed","content":[{"type":"output_text","text":"One.","annotations":[{"type":"url_citation","url":"https://example.org"}]},{"type":"refusal","refusal":"No."}]}""",
    ];

    /// <summary>Blocks between the thinking and the calls of an answer.</summary>
    public static IEnumerable<IAssistantContent> Answer(Random random, Provider provider, bool isBroken, bool hasCalls, Func<string, string> newId)
    {
        if (provider == Provider.OpenAIResponses && random.Next(2) == 0)
        {
            string[] items = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Item(random, isBroken && hasCalls).Replace("#", newId("")[1..], StringComparison.Ordinal))];
            return Read($$"""{"object":"response","status":"completed","output":[{{string.Join(',', items)}}]}""");
        }

        if (provider == Provider.OpenAIChat && random.Next(2) == 0)
        {
            string call = isBroken && hasCalls
                ? $$$""","tool_calls":[{"id":"{{{newId("c")}}}","type":"custom","custom":{"name":"run","input":"ü"}},{"id":"{{{newId("c")}}}","type":"function","extra_content":{"google":{"thought_signature":"c2ln"}},"function":{"name":"read","arguments":"{}"}}]"""
                : "";
            string content = random.Next(3) switch
            {
                0 => """[{"type":"text","text":"a"},{"type":"reference","reference_ids":[1]},{"type":"text","text":"b"}]""",
                1 => """[{"type":"thinking","thinking":[{"type":"text","text":"hm"}],"closed":true},{"type":"text","text":"b"}]""",
                _ => "\"words\"",
            };
            return Read($$$"""{"choices":[{"message":{"role":"assistant","content":{{{content}}},"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]{{{call}}}},"finish_reason":"stop"}]}""");
        }

        return [];
    }

    /// <summary>Something that a user may give beside text and images; null for nothing.</summary>
    public static IInputContent? Input(Random random, Provider provider) => (provider, random.Next(4)) switch
    {
        (Provider.OpenAIResponses, 0) => new DocumentContent("application/pdf", ImageSource.FromUrl("https://example.org/a.pdf"), null),
        (Provider.OpenAIResponses, 1) => new OpaqueContent("input_file", "[input_file]", new ProviderData("openai-responses", """{"type":"input_file","file_id":"file_1"}""")),
        (Provider.OpenAIChat, 0) => new OpaqueContent("input_audio", "[input_audio]", new ProviderData("openai-chat", """{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""")),
        (Provider.OpenAIChat or Provider.OpenAIResponses, 2) => new DocumentContent("application/pdf", ImageSource.FromBase64("JVBERi0="), null) { Name = "a.pdf" },
        (Provider.OpenAIChat or Provider.OpenAIResponses, 3) => new ImageContent(ImageSource.FromBase64("iVBORw0KGgo="), "image/png") { Detail = "high" },
        _ => null,
    };

    private static string Item(Random random, bool withCalls)
    {
        string[] from = random.Next(withCalls ? 3 : 2) switch { 0 => ServerItems, 1 => Messages, _ => ClientItems };
        return from[random.Next(from.Length)];
    }

    private static System.Collections.Immutable.ImmutableArray<IAssistantContent> Read(string reply) =>
        ((AssistantMessage)ProviderReply.Parse(JsonDocument.Parse(reply).RootElement)[0]).Content;
}
