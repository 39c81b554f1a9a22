using System.Net;
using System.Text;
using System.Text.Json;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>The stand-in for the providers finds what they would refuse, and answers as they do.</summary>
public sealed class ProviderStubTests
{
    private const string Anthropic = """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}MORE]}""";
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}MORE]}""";
    private const string Responses = """{"model":"m","input":[{"role":"user","content":"hi"}MORE]}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"hi"}]}MORE]}""";
    private const string Interactions = """{"model":"m","input":[{"type":"user_input","content":[{"type":"text","text":"hi"}]}MORE]}""";
    private const string Bedrock = """{"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{}}}]},"messages":[{"role":"user","content":[{"text":"hi"}]}MORE]}""";
    private const string Ollama = """{"model":"m","messages":[{"role":"user","content":"hi"}MORE]}""";

    public static TheoryData<Provider, string, string, string> Refused => new()
    {
        { Provider.Anthropic, """{"messages":[{"role":"user","content":"hi"}]}""", "", "max_tokens" },
        { Provider.Anthropic, Anthropic, """,{"role":"user","content":"again"}""", "alternate" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"text","text":" "}]}""", "non-whitespace" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"text","text":"a "}]}""", "trailing" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[]}""", "at least one" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]}""", "without results" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a b","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a b"}]}""", "pattern" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}""", "object" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}""", "unexpected" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"t"},{"type":"tool_result","tool_use_id":"a"}]}""", "before" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"a"}]}""", "signature" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AAAA"}}]}""", "source" },
        { Provider.Anthropic, """{"model":"m","max_tokens":1024,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"hi"}]}""", "", "budget_tokens" },
        { Provider.Anthropic, """{"model":"m","max_tokens":9,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]}""", "", "must start with a thinking block" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},{"type":"text","text":"a"}]},{"role":"user","content":"b"}""", "without a corresponding" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"web_search_tool_result","tool_use_id":"s","content":[]},{"type":"text","text":"a"}]}""", "no call before it" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":"{\"q"}]}""", "object" },
        { Provider.Anthropic, Anthropic, """,{"role":"system","content":"x"}""", "not supported on this model" },
        { Provider.Anthropic, """{"model":"claude-opus-5","max_tokens":9,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"a"},{"role":"system","content":"x"}]}""", "", "directly follow" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"c2ln","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a"}]}""", "cache_control" },
        { Provider.Anthropic, """{"model":"m","max_tokens":9,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":"hi"}]}""", "", "must not come after" },
        { Provider.Anthropic, """{"model":"m","max_tokens":9,"cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]}""", "", "Found 5" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","is_error":true,"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}""", "must be type text" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{},"caller":{"type":"code_execution_20250825","tool_id":"s"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}""", "caller" },
        { Provider.Anthropic, Anthropic, """,{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/zip","data":"AAAA"}}]}""", "PDF" },
        { Provider.OpenAIChat, Chat, """,{"role":"assistant","content":null}""", "content" },
        { Provider.OpenAIChat, Chat, """,{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"?"},{"role":"tool","tool_call_id":"a","content":"r"}""", "without results" },
        { Provider.OpenAIChat, Chat, """,{"role":"tool","tool_call_id":"a","content":"r"}""", "unexpected" },
        { Provider.OpenAIChat, Chat, """,{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_call_id":"a","content":"r"}""", "JSON object" },
        { Provider.OpenAIChat, Chat, """,{"role":"user","content":[{"type":"image_url","image_url":{"url":"AAAA"}}]}""", "Invalid image" },
        { Provider.OpenAIResponses, Responses, """,{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}""", "No tool output" },
        { Provider.OpenAIResponses, Responses, """,{"type":"function_call_output","call_id":"a","output":"r"}""", "No tool call" },
        { Provider.OpenAIResponses, Responses, """,{"type":"reasoning","id":"rs","summary":[]}""", "following item" },
        { Provider.OpenAIResponses, """{"model":"m","store":false,"input":[{"type":"reasoning","id":"rs","summary":[]},{"role":"assistant","content":"a"}]}""", "", "not found" },
        { Provider.OpenAIResponses, Responses, """,{"role":"assistant","content":[{"type":"input_text","text":"a"}]}""", "output_text" },
        { Provider.OpenAIResponses, Responses, """,{"type":"shell_call","id":"sh_1","call_id":"a","action":{"commands":["ls"]}},{"type":"function_call_output","call_id":"a","output":"r"}""", "No tool output" },
        { Provider.OpenAIResponses, Responses, """,{"type":"shell_call","id":"sh_1","call_id":"a","action":{"commands":["ls"]}},{"type":"shell_call_output","call_id":"a","output":[{"stdout":"r"}]}""", "outcome" },
        { Provider.OpenAIResponses, Responses, """,{"type":"mcp_approval_request","id":"a","name":"n","server_label":"s"},{"type":"mcp_approval_response","approval_request_id":"a","approve":"yes"}""", "approve" },
        { Provider.OpenAIResponses, Responses, """,{"type":"message","id":"m1","role":"assistant","content":[{"type":"output_text","text":"a"}]}""", "begins with 'msg_'" },
        { Provider.OpenAIResponses, Responses, """,{"role":"assistant","content":"a","phase":"middle"}""", "phase" },
        { Provider.OpenAIResponses, Responses, """,{"type":"compaction","id":"c"}""", "encrypted_content" },
        { Provider.OpenAIResponses, Responses, """,{"type":"nothing_known","id":"c"}""", "Invalid value" },
        { Provider.OpenAIChat, Chat, """,{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}""", "followed by" },
        { Provider.OpenAIChat, Chat, """,{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}}]}""", "filename" },
        { Provider.OpenAIChat, Chat, """,{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"huge"}}]}""", "detail" },
        { Provider.OpenAIResponses, Responses, """,{"role":"assistant","content":[{"type":"output_text","text":"a"}]}""", "id" },
        { Provider.OpenAIResponses, Responses, """,{"role":"user","content":[{"type":"input_image","image_url":"https://example.org/a.png"}]}""", "detail" },
        { Provider.Gemini, Gemini, """,{"role":"user","parts":[{"text":"again"}]}""", "alternate" },
        { Provider.Gemini, Gemini, """,{"role":"assistant","parts":[{"text":"a"}]}""", "role" },
        { Provider.Gemini, Gemini, """,{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"g","response":{}}}]}""", "function call turn" },
        { Provider.Gemini, Gemini, """,{"role":"model","parts":[{"text":""}]}""", "empty" },
        { Provider.Gemini, Gemini, """,{"role":"model","parts":[{"text":"a"}]},{"role":"user","parts":[{"inlineData":{"mimeType":"image/gif","data":"AAAA"}}]}""", "MIME" },
        { Provider.GeminiInteractions, Interactions, """,{"type":"function_call","id":"c","name":"f","arguments":{}},{"type":"user_input","content":[{"type":"text","text":"?"}]}""", "without a function_result" },
        { Provider.GeminiInteractions, Interactions, """,{"type":"function_call","id":"c","name":"f","arguments":"{}"},{"type":"function_result","call_id":"c","result":"r"}""", "arguments" },
        { Provider.GeminiInteractions, Interactions, """,{"type":"model_output","content":[{"type":"text","text":""}]}""", "empty" },
        { Provider.GeminiInteractions, Interactions, """,{"type":"google_search_call","id":"s","arguments":{}}""", "without a result" },
        { Provider.GeminiInteractions, Interactions, """,{"role":"model","content":"a"}""", "unknown type" },
        { Provider.GeminiInteractions, Interactions, """,{"type":"thought","signature":"not base64"}""", "Base64" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{}}}]},{"role":"user","content":[{"text":"?"}]}""", "without results" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"type":"text","text":"a"}]}""", "tagged union" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"text":""}]}""", "blank" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"nova_grounding","input":{},"type":"server_tool_use"}},{"text":"a"}]},{"role":"user","content":[{"text":"?"}]}""", "without a corresponding" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"document":{"format":"pdf","name":"a","source":{"bytes":"AAAA"}}}]}""", "accompanied" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"b"},{"document":{"format":"pdf","name":"a.pdf","source":{"bytes":"AAAA"}}}]}""", "name" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"text":"a"}]},{"role":"user","content":[{"text":"b"},{"document":{"format":"pdf","name":"a","source":{"bytes":"AAAA"}}},{"document":{"format":"pdf","name":"a","source":{"bytes":"AAAA"}}}]}""", "duplicate" },
        { Provider.Bedrock, Bedrock, """,{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":""}}},{"text":"a"}]}""", "text" },
        { Provider.Gemini, Gemini, """,{"role":"model","parts":[{"toolResponse":{"id":"s","toolType":"URL_CONTEXT"}}]}""", "no call before it" },
        { Provider.Gemini, Gemini, """,{"role":"model","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"not base64"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}""", "Base64" },
        { Provider.Bedrock, """{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"text":"r"}]}}]}]}""", "", "toolConfig" },
        { Provider.Ollama, Ollama, """,{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]}""", "no result" },
        { Provider.Ollama, Ollama, """,{"role":"user","content":[{"type":"text","text":"a"}]}""", "unmarshal" },
    };

    public static TheoryData<Provider, string, string, string> Conversations => new()
    {
        { Provider.Anthropic, "/v1/messages", """{"model":"m","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"name":"read","input_schema":{"type":"object","properties":{"path":{"type":"string"}}}}],"messages":[{"role":"user","content":"hi"}]}""", """{"path":"path"}""" },
        { Provider.OpenAIChat, "/v1/chat/completions", """{"model":"m","tools":[{"type":"function","function":{"name":"read","parameters":{"properties":{"path":{"type":"string"}}}}}],"messages":[{"role":"user","content":"hi"}]}""", """{"path":"path"}""" },
        { Provider.OpenAIResponses, "/v1/responses", """{"model":"m","tools":[{"type":"function","name":"read","parameters":{"properties":{"lines":{"type":"integer"}}}}],"input":"hi"}""", """{"lines":1}""" },
        { Provider.Gemini, "/v1beta/models/gemini-2.5-pro:generateContent", """{"tools":[{"functionDeclarations":[{"name":"read","parameters":{"properties":{"all":{"type":"BOOLEAN"}}}}]}],"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""", """{"all":true}""" },
        { Provider.Bedrock, "/model/anthropic.claude/converse", """{"toolConfig":{"tools":[{"toolSpec":{"name":"read","inputSchema":{"json":{"properties":{"path":{"type":"string"}}}}}}]},"messages":[{"role":"user","content":[{"text":"hi"}]}]}""", """{"path":"path"}""" },
        { Provider.GeminiInteractions, "/v1beta/interactions", """{"model":"m","tools":[{"type":"function","name":"read","parameters":{"type":"object","properties":{"lines":{"type":"integer"}}}}],"input":[{"type":"user_input","content":[{"type":"text","text":"hi"}]}]}""", """{"lines":1}""" },
        { Provider.Ollama, "/api/chat", """{"model":"m","tools":[{"type":"function","function":{"name":"read","parameters":{}}}],"messages":[{"role":"user","content":"hi"}]}""", """{}""" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_request_that_breaks_a_rule_is_refused_with_the_reason(Provider provider, string request, string more, string said)
    {
        string text = request.Replace("MORE", more, StringComparison.Ordinal);
        Assert.Contains(ProviderRules.Validate(provider, JsonDocument.Parse(text).RootElement), violation => violation.Contains(said, StringComparison.Ordinal));
        Assert.Empty(ProviderRules.Validate(provider, JsonDocument.Parse(Plain(provider)).RootElement));
    }

    [Theory]
    [InlineData("openai", """{"role":"assistant","content":"a","reasoning_content":"hm"}""", "Extra inputs")]
    [InlineData("deepseek", """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}""", "Missing `reasoning_content`")]
    [InlineData("mistral", """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"r"}""", "length of 9")]
    [InlineData("mistral", """{"role":"assistant","content":null,"tool_calls":[{"id":"abcdefghi","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"abcdefghi","content":"r"},{"role":"user","content":"go"}""", "after role 'tool'")]
    [InlineData("groq", """{"role":"assistant","content":"a"},{"role":"system","content":"b"}""", "must be the first")]
    public void A_request_that_breaks_a_rule_of_a_server_is_refused(string server, string more, string said)
    {
        JsonElement request = JsonDocument.Parse($$$"""{"messages":[{"role":"user","content":"hi"},{{{more}}}]}""").RootElement;
        Assert.Contains(ChatServerRules.Validate(server, request), violation => violation.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task The_server_asks_for_the_offered_tool_in_the_providers_shape(Provider provider, string path, string request, string arguments)
    {
        using StubServer server = StubServer.Start();

        (HttpStatusCode status, string reply) = await PostAsync(server, path, request);

        Assert.Equal(HttpStatusCode.OK, status);
        var message = (AssistantMessage)Assert.Single(ProviderReply.Parse(JsonDocument.Parse(reply).RootElement, provider));
        ToolCallContent call = Assert.Single(message.ToolCalls);
        Assert.Equal(("read", arguments, StopReason.ToolUse), (call.Name, call.Arguments, message.StopReason));
        Assert.True(message.Usage.IsKnown);
        Assert.Equal((path, provider, 200), Assert.Single(server.Requests) switch { var one => (one.Path, one.Provider, one.Status) });
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task The_server_answers_an_invalid_request_with_an_error_in_the_providers_shape(Provider provider, string path, string request, string arguments)
    {
        using StubServer server = StubServer.Start();

        (HttpStatusCode status, string reply) = await PostAsync(server, path, "{}");
        (_, string text) = await PostAsync(server, path, request.Replace("tools", "unknown", StringComparison.Ordinal).Replace("toolConfig", "unknown", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = Assert.Throws<ProviderErrorException>(() => ProviderReply.Parse(JsonDocument.Parse(reply).RootElement, provider));
        Assert.Contains(server.Requests[0].Violations[0], error.ProviderMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(arguments, text, StringComparison.Ordinal);
        Assert.Equal(server.AnswerText, Assert.Single(ProviderReply.Parse(JsonDocument.Parse(text).RootElement, provider)).Text);
        using var client = new HttpClient();
        Assert.Equal(2, JsonDocument.Parse(await client.GetStringAsync(new Uri(server.BaseUri, "requests"))).RootElement.GetArrayLength());
    }

    private static string Plain(Provider provider) => (provider switch
    {
        Provider.Anthropic => Anthropic,
        Provider.OpenAIChat => Chat,
        Provider.OpenAIResponses => Responses,
        Provider.Gemini => Gemini,
        Provider.GeminiInteractions => Interactions,
        Provider.Bedrock => Bedrock,
        _ => Ollama,
    }).Replace("MORE", "", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(StubServer server, string path, string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        client.DefaultRequestHeaders.Add("Authorization", "Bearer test");
        client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        client.DefaultRequestHeaders.Add("x-goog-api-key", "test");
        using HttpResponseMessage response = await client.PostAsync(new Uri(server.BaseUri, path), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
