using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>The stub's replies, in each provider's schema.</summary>
public static class StubReply
{
    private const string Signature = "c3R1YiBzaWduYXR1cmU=";

    /// <summary>The provider whose API has a path; null for none.</summary>
    public static Provider? ProviderAt(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path switch
        {
            "/v1/messages" => Provider.Anthropic,
            "/v1/chat/completions" => Provider.OpenAIChat,
            "/v1/responses" => Provider.OpenAIResponses,
            "/api/chat" => Provider.Ollama,
            "/v1beta/interactions" => Provider.GeminiInteractions,
            _ when path.StartsWith("/v1beta/models/", StringComparison.Ordinal) && (path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)) => Provider.Gemini,
            _ when path.StartsWith("/model/", StringComparison.Ordinal) && (path.EndsWith("/converse", StringComparison.Ordinal) || path.EndsWith("/converse-stream", StringComparison.Ordinal)) => Provider.Bedrock,
            _ => null,
        };
    }

    /// <summary>The model that a path names, as Gemini's does; null for none.</summary>
    public static string? ModelAt(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        const string Models = "/models/";
        int start = path.IndexOf(Models, StringComparison.Ordinal);
        return start < 0 ? null : path[(start + Models.Length)..].Split(':')[0];
    }

    /// <summary>An error reply.</summary>
    public static JsonNode Error(Provider provider, int status, string message) => provider switch
    {
        Provider.Anthropic => new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["type"] = status == 401 ? "authentication_error" : "invalid_request_error", ["message"] = message },
        },
        Provider.Gemini or Provider.GeminiInteractions => new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = status == 401 ? "UNAUTHENTICATED" : "INVALID_ARGUMENT" } },
        Provider.Bedrock => new JsonObject { ["message"] = message },
        Provider.Ollama => new JsonObject { ["error"] = message },
        _ => new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = null } },
    };

    /// <summary>A reply to a valid request: a call of the first tool when tools are offered and none was used yet, else a text.</summary>
    public static JsonNode For(Provider provider, JsonElement request, string text, string? model = null)
    {
        (string Name, JsonObject Arguments)? call = provider switch
        {
            Provider.Anthropic => Tool(request.List("tools"), "input_schema"),
            Provider.OpenAIChat or Provider.Ollama => Tool([.. request.List("tools").Select(tool => tool.Get("function")).OfType<JsonElement>()], "parameters"),
            Provider.OpenAIResponses or Provider.GeminiInteractions => Tool(request.List("tools"), "parameters"),
            Provider.Gemini => Tool([.. request.List("tools").SelectMany(tool => tool.List("functionDeclarations"))], "parameters"),
            _ => Tool([.. (request.Get("toolConfig") ?? default).List("tools").Select(tool => tool.Get("toolSpec")).OfType<JsonElement>()], "inputSchema"),
        };
        if (HasResult(request))
        {
            call = null;
        }

        int input = Math.Max(1, Encoding.UTF8.GetByteCount(request.GetRawText()) / 4);
        return provider switch
        {
            Provider.Anthropic => Anthropic(request, call, text, input),
            Provider.OpenAIChat => OpenAIChat(request, call, text, input),
            Provider.OpenAIResponses => OpenAIResponses(request, call, text, input),
            Provider.Gemini => Gemini(call, text, input, model),
            Provider.GeminiInteractions => GeminiInteractions(request, call, text, input),
            Provider.Bedrock => Bedrock(call, text, input),
            _ => Ollama(request, call, text, input),
        };
    }

    private static JsonObject Anthropic(JsonElement request, (string Name, JsonObject Arguments)? call, string text, int input)
    {
        var content = new JsonArray();
        if (request.Get("thinking")?.Text("type") == "enabled")
        {
            content.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = "The file has to be read.", ["signature"] = Signature });
        }

        content.Add(call is { } asked
            ? new JsonObject { ["type"] = "tool_use", ["id"] = NewId("toolu_"), ["name"] = asked.Name, ["input"] = asked.Arguments }
            : new JsonObject { ["type"] = "text", ["text"] = text });
        return new JsonObject
        {
            ["id"] = NewId("msg_"),
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = request.Text("model"),
            ["content"] = content,
            ["stop_reason"] = call is null ? "end_turn" : "tool_use",
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = input, ["output_tokens"] = 20, ["cache_read_input_tokens"] = 0, ["cache_creation_input_tokens"] = 0 },
        };
    }

    private static JsonObject OpenAIChat(JsonElement request, (string Name, JsonObject Arguments)? call, string text, int input)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = call is null ? text : null, ["refusal"] = null };
        if (call is { } asked)
        {
            message["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = NewId("call_"),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = asked.Name, ["arguments"] = asked.Arguments.ToJsonString() },
            });
        }

        return new JsonObject
        {
            ["id"] = NewId("chatcmpl-"),
            ["object"] = "chat.completion",
            ["created"] = 1795500000,
            ["model"] = request.Text("model"),
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = call is null ? "stop" : "tool_calls" }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = input, ["completion_tokens"] = 20, ["total_tokens"] = input + 20 },
        };
    }

    private static JsonObject OpenAIResponses(JsonElement request, (string Name, JsonObject Arguments)? call, string text, int input)
    {
        var output = new JsonArray();
        if (request.List("include").Any(item => item.ValueEquals("reasoning.encrypted_content")))
        {
            output.Add(new JsonObject { ["id"] = NewId("rs_"), ["type"] = "reasoning", ["summary"] = new JsonArray(), ["encrypted_content"] = Signature });
        }

        output.Add(call is { } asked
            ? new JsonObject { ["id"] = NewId("fc_"), ["type"] = "function_call", ["status"] = "completed", ["call_id"] = NewId("call_"), ["name"] = asked.Name, ["arguments"] = asked.Arguments.ToJsonString() }
            : new JsonObject
            {
                ["id"] = NewId("msg_"),
                ["type"] = "message",
                ["status"] = "completed",
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() }),
            });
        return new JsonObject
        {
            ["id"] = NewId("resp_"),
            ["object"] = "response",
            ["status"] = "completed",
            ["model"] = request.Text("model"),
            ["output"] = output,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = input,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                ["output_tokens"] = 20,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 5 },
                ["total_tokens"] = input + 20,
            },
        };
    }

    private static JsonObject Gemini((string Name, JsonObject Arguments)? call, string text, int input, string? model) => new()
    {
        ["candidates"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["finishReason"] = "STOP",
            ["content"] = new JsonObject
            {
                ["role"] = "model",
                ["parts"] = new JsonArray(call is { } asked
                    ? new JsonObject { ["functionCall"] = new JsonObject { ["name"] = asked.Name, ["args"] = asked.Arguments }, ["thoughtSignature"] = Signature }
                    : new JsonObject { ["text"] = text }),
            },
        }),
        ["usageMetadata"] = new JsonObject { ["promptTokenCount"] = input, ["candidatesTokenCount"] = 15, ["thoughtsTokenCount"] = 5, ["totalTokenCount"] = input + 20 },
        ["modelVersion"] = model ?? "gemini-2.5-pro",
        ["responseId"] = NewId("g"),
    };

    private static JsonObject GeminiInteractions(JsonElement request, (string Name, JsonObject Arguments)? call, string text, int input) => new()
    {
        ["id"] = NewId("v1_"),
        ["object"] = "interaction",
        ["status"] = call is null ? "completed" : "requires_action",
        ["model"] = request.Text("model"),
        ["service_tier"] = "standard",
        ["steps"] = new JsonArray(
            new JsonObject { ["type"] = "thought", ["signature"] = Signature },
            call is { } asked
                ? new JsonObject { ["type"] = "function_call", ["id"] = NewId("f"), ["name"] = asked.Name, ["arguments"] = asked.Arguments }
                : new JsonObject { ["type"] = "model_output", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) }),
        ["usage"] = new JsonObject { ["total_input_tokens"] = input, ["total_output_tokens"] = 15, ["total_thought_tokens"] = 5, ["total_tokens"] = input + 20 },
    };

    private static JsonObject Bedrock((string Name, JsonObject Arguments)? call, string text, int input) => new()
    {
        ["output"] = new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = call is { } asked
                    ? new JsonArray(
                        new JsonObject { ["reasoningContent"] = new JsonObject { ["reasoningText"] = new JsonObject { ["text"] = "The file has to be read.", ["signature"] = Signature } } },
                        new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = NewId("tooluse_"), ["name"] = asked.Name, ["input"] = asked.Arguments } })
                    : new JsonArray(new JsonObject { ["text"] = text }),
            },
        },
        ["stopReason"] = call is null ? "end_turn" : "tool_use",
        ["usage"] = new JsonObject { ["inputTokens"] = input, ["outputTokens"] = 20, ["totalTokens"] = input + 20 },
        ["metrics"] = new JsonObject { ["latencyMs"] = 5 },
    };

    private static JsonObject Ollama(JsonElement request, (string Name, JsonObject Arguments)? call, string text, int input)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = call is null ? text : "" };
        if (call is { } asked)
        {
            message["tool_calls"] = new JsonArray(new JsonObject { ["function"] = new JsonObject { ["name"] = asked.Name, ["arguments"] = asked.Arguments } });
        }

        return new JsonObject
        {
            ["model"] = request.Text("model"),
            ["created_at"] = "2026-11-24T13:45:00Z",
            ["message"] = message,
            ["done_reason"] = "stop",
            ["done"] = true,
            ["prompt_eval_count"] = input,
            ["eval_count"] = 20,
        };
    }

    private static bool HasResult(JsonElement request) =>
        request.List("messages").Any(message => message.Text("role") == "tool"
            || message.List("content").Any(block => block.Text("type") == "tool_result" || block.Get("toolResult") is not null))
        || request.List("input").Any(item => item.Text("type") is "function_call_output" or "function_result")
        || request.List("contents").SelectMany(content => content.List("parts")).Any(part => part.Get("functionResponse") is not null);

    /// <summary>The first tool, with arguments made up to its schema.</summary>
    private static (string Name, JsonObject Arguments)? Tool(JsonElement[] tools, string schemaName)
    {
        if (tools.Length == 0)
        {
            return null;
        }

        JsonElement schema = tools[0].Get(schemaName) ?? default;
        schema = schema.Get("json") ?? schema; // Bedrock
        var arguments = new JsonObject();
        foreach (JsonProperty property in schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject() : [])
        {
            arguments[property.Name] = property.Value.List("enum") is [var first, ..] ? JsonNode.Parse(first.GetRawText()) : property.Value.Text("type")?.ToUpperInvariant() switch
            {
                "INTEGER" or "NUMBER" => 1,
                "BOOLEAN" => true,
                _ => property.Name,
            };
        }

        return (tools[0].Text("name") ?? "", arguments);
    }

    private static string NewId(string prefix) => prefix + Guid.NewGuid().ToString("n")[..16];
}
