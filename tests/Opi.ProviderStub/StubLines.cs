using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>
/// A reply as the lines of a stream, as each provider streams it: server-sent events, or an object a line. Bedrock's events are objects a line: the
/// envelope of AWS around them is what its SDKs take off.
/// </summary>
public static class StubLines
{
    private const int Piece = 5;

    /// <summary>Whether a request asks for a stream.</summary>
    public static bool IsWanted(StubRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Body.Get("stream") is { ValueKind: JsonValueKind.True }
            || request.Path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
            || request.Path.EndsWith("/converse-stream", StringComparison.Ordinal);
    }

    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> Lines(Provider provider, JsonNode reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return provider switch
        {
            Provider.Anthropic => [.. Anthropic(reply).SelectMany(Event)],
            Provider.OpenAIChat => [.. OpenAIChat(reply).SelectMany(Data), "data: [DONE]", ""],
            Provider.OpenAIResponses => [.. OpenAIResponses(reply).SelectMany(Event)],
            Provider.Gemini => [.. Gemini(reply).SelectMany(Data)],
            Provider.GeminiInteractions => [.. GeminiInteractions(reply).SelectMany(item => (string[])[$"event: {item["event_type"]}", .. Data(item)]), "event: done", "data: [DONE]", ""],
            Provider.Bedrock => [.. Bedrock(reply).Select(item => item.ToJsonString())],
            _ => [.. Ollama(reply).Select(item => item.ToJsonString())],
        };
    }

    /// <summary>The lines of an error in the middle of a stream.</summary>
    public static IReadOnlyList<string> Error(Provider provider, JsonNode error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return provider switch
        {
            Provider.Anthropic => [.. Event(error)],
            Provider.OpenAIResponses => [.. Event(new JsonObject
            {
                ["type"] = "error", ["sequence_number"] = 9, ["code"] = "server_error", ["message"] = "The stub was asked for this.", ["param"] = null,
            })],
            Provider.GeminiInteractions => [.. Data(new JsonObject { ["event_type"] = "error", ["error"] = new JsonObject { ["code"] = "internal", ["message"] = "The stub was asked for this." } })],
            Provider.Bedrock => [new JsonObject { ["modelStreamErrorException"] = new JsonObject { ["message"] = "The stub was asked for this." } }.ToJsonString()],
            Provider.Ollama => [error.ToJsonString()],
            _ => [.. Data(error)],
        };
    }

    private static IEnumerable<string> Data(JsonNode item) => [$"data: {item.ToJsonString()}", ""];

    private static IEnumerable<string> Event(JsonNode item) => [$"event: {item["type"]}", .. Data(item)];

    private static IEnumerable<string> Pieces(string text)
    {
        for (int at = 0; at < text.Length; at += Piece)
        {
            yield return text[at..Math.Min(at + Piece, text.Length)];
        }
    }

    private static JsonObject Copy(JsonNode node, params string[] but)
    {
        var copy = (JsonObject)node.DeepClone();
        foreach (string name in but)
        {
            copy.Remove(name);
        }

        return copy;
    }

    private static IEnumerable<JsonNode> Anthropic(JsonNode reply)
    {
        JsonObject start = Copy(reply);
        start["content"] = new JsonArray();
        start["stop_reason"] = null;
        start["usage"]!["output_tokens"] = 1;
        yield return new JsonObject { ["type"] = "message_start", ["message"] = start };
        int index = 0;
        foreach (JsonNode? block in (JsonArray)reply["content"]!)
        {
            JsonObject begun = Copy(block!);
            var deltas = new List<JsonObject>();
            switch (block!["type"]!.GetValue<string>())
            {
                case "tool_use":
                    begun["input"] = new JsonObject();
                    deltas.AddRange(Pieces(block["input"]!.ToJsonString()).Select(piece => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece }));
                    break;
                case "thinking":
                    begun["thinking"] = "";
                    begun["signature"] = "";
                    deltas.AddRange(Pieces(block["thinking"]!.GetValue<string>()).Select(piece => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = piece }));
                    deltas.Add(new JsonObject { ["type"] = "signature_delta", ["signature"] = block["signature"]!.DeepClone() });
                    break;
                default:
                    begun["text"] = "";
                    deltas.AddRange(Pieces(block["text"]!.GetValue<string>()).Select(piece => new JsonObject { ["type"] = "text_delta", ["text"] = piece }));
                    break;
            }

            yield return new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = begun };
            foreach (JsonObject delta in deltas)
            {
                yield return new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta };
            }

            yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = index++ };
        }

        yield return new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = reply["stop_reason"]!.DeepClone(), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = reply["usage"]!["output_tokens"]!.DeepClone() },
        };
        yield return new JsonObject { ["type"] = "message_stop" };
    }

    private static IEnumerable<JsonNode> OpenAIChat(JsonNode reply)
    {
        JsonNode message = reply["choices"]![0]!["message"]!;
        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = message["content"] is null ? null : "" });
        foreach (string piece in Pieces(message["content"]?.GetValue<string>() ?? ""))
        {
            yield return Chunk(new JsonObject { ["content"] = piece });
        }

        int index = 0;
        foreach (JsonNode? call in message["tool_calls"] as JsonArray ?? [])
        {
            JsonObject begun = Copy(call!);
            begun["index"] = index;
            begun["function"]!["arguments"] = "";
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(begun) });
            foreach (string piece in Pieces(call!["function"]!["arguments"]!.GetValue<string>()))
            {
                yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }) });
            }

            index++;
        }

        yield return Chunk([], reply["choices"]![0]!["finish_reason"]!.GetValue<string>());
        JsonObject last = Copy(reply, "choices");
        last["object"] = "chat.completion.chunk";
        last["choices"] = new JsonArray();
        yield return last;

        JsonObject Chunk(JsonObject delta, string? finish = null)
        {
            JsonObject chunk = Copy(reply, "choices", "usage");
            chunk["object"] = "chat.completion.chunk";
            chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
            return chunk;
        }
    }

    private static IEnumerable<JsonNode> OpenAIResponses(JsonNode reply)
    {
        JsonObject begun = Copy(reply, "usage", "incomplete_details");
        begun["status"] = "in_progress";
        begun["output"] = new JsonArray();
        yield return new JsonObject { ["type"] = "response.created", ["response"] = begun };
        int index = 0;
        foreach (JsonNode? item in (JsonArray)reply["output"]!)
        {
            JsonObject added = Copy(item!);
            if (item!["type"]!.GetValue<string>() == "message")
            {
                added["content"] = new JsonArray();
                yield return Of("output_item.added", index, added);
                yield return new JsonObject
                {
                    ["type"] = "response.content_part.added", ["output_index"] = index, ["content_index"] = 0, ["item_id"] = item["id"]!.DeepClone(),
                    ["part"] = new JsonObject { ["type"] = "output_text", ["text"] = "", ["annotations"] = new JsonArray() },
                };
                foreach (string piece in Pieces(item["content"]![0]!["text"]!.GetValue<string>()))
                {
                    yield return new JsonObject
                    {
                        ["type"] = "response.output_text.delta", ["output_index"] = index, ["content_index"] = 0, ["item_id"] = item["id"]!.DeepClone(), ["delta"] = piece,
                    };
                }
            }
            else
            {
                yield return Of("output_item.added", index, added);
            }

            yield return Of("output_item.done", index++, Copy(item));
        }

        string end = reply["status"]!.GetValue<string>() == "incomplete" ? "incomplete" : "completed";
        yield return new JsonObject { ["type"] = $"response.{end}", ["response"] = Copy(reply) };

        static JsonObject Of(string type, int index, JsonObject item) =>
            new() { ["type"] = $"response.{type}", ["output_index"] = index, ["item"] = item };
    }

    private static IEnumerable<JsonNode> Gemini(JsonNode reply)
    {
        JsonNode candidate = reply["candidates"]![0]!;
        List<JsonNode> parts =
        [
            .. ((JsonArray)candidate["content"]!["parts"]!).SelectMany(part => part!["text"] is { } text
                ? Pieces(text.GetValue<string>()).Select(piece => (JsonNode)new JsonObject { ["text"] = piece })
                : [part.DeepClone()]),
        ];
        for (int i = 0; i < parts.Count; i++)
        {
            JsonObject chunk = Copy(reply);
            JsonNode one = chunk["candidates"]![0]!;
            one["content"]!["parts"] = new JsonArray(parts[i]);
            if (i < parts.Count - 1)
            {
                ((JsonObject)one).Remove("finishReason");
            }

            yield return chunk;
        }
    }

    private static IEnumerable<JsonNode> GeminiInteractions(JsonNode reply)
    {
        JsonObject begun = Copy(reply, "steps", "usage");
        begun["status"] = "in_progress";
        yield return new JsonObject { ["interaction"] = begun, ["event_type"] = "interaction.created" };
        int index = 0;
        foreach (JsonNode? step in (JsonArray)reply["steps"]!)
        {
            JsonObject started = Copy(step!, "signature", "content");
            IEnumerable<JsonNode> deltas = step!["type"]!.GetValue<string>() switch
            {
                "function_call" => Pieces(step["arguments"]!.ToJsonString()).Select(piece => new JsonObject { ["type"] = "arguments_delta", ["arguments"] = piece }),
                "thought" => [new JsonObject { ["type"] = "thought_signature", ["signature"] = step["signature"]!.DeepClone() }],
                _ => Pieces(step["content"]![0]!["text"]!.GetValue<string>()).Select(piece => new JsonObject { ["type"] = "text", ["text"] = piece }),
            };
            if (started.ContainsKey("arguments"))
            {
                started["arguments"] = new JsonObject();
            }

            yield return new JsonObject { ["index"] = index, ["step"] = started, ["event_type"] = "step.start" };
            foreach (JsonNode delta in deltas)
            {
                yield return new JsonObject { ["index"] = index, ["delta"] = delta, ["event_type"] = "step.delta" };
            }

            yield return new JsonObject { ["index"] = index++, ["event_type"] = "step.stop" };
        }

        yield return new JsonObject { ["interaction"] = Copy(reply, "steps"), ["event_type"] = "interaction.completed" };
    }

    private static IEnumerable<JsonNode> Bedrock(JsonNode reply)
    {
        yield return new JsonObject { ["messageStart"] = new JsonObject { ["role"] = "assistant" } };
        int index = 0;
        foreach (JsonNode? block in (JsonArray)reply["output"]!["message"]!["content"]!)
        {
            var deltas = new List<JsonNode>();
            if (block!["toolUse"] is { } use)
            {
                yield return Named("contentBlockStart", new JsonObject { ["start"] = new JsonObject { ["toolUse"] = Copy(use, "input") } });
                deltas.AddRange(Pieces(use["input"]!.ToJsonString()).Select(piece => new JsonObject { ["toolUse"] = new JsonObject { ["input"] = piece } }));
            }
            else if (block["reasoningContent"]?["reasoningText"] is { } thinking)
            {
                deltas.AddRange(Pieces(thinking["text"]!.GetValue<string>()).Select(piece => new JsonObject { ["reasoningContent"] = new JsonObject { ["text"] = piece } }));
                deltas.Add(new JsonObject { ["reasoningContent"] = new JsonObject { ["signature"] = thinking["signature"]!.DeepClone() } });
            }
            else
            {
                deltas.AddRange(Pieces(block["text"]!.GetValue<string>()).Select(piece => new JsonObject { ["text"] = piece }));
            }

            foreach (JsonNode delta in deltas)
            {
                yield return Named("contentBlockDelta", new JsonObject { ["delta"] = delta });
            }

            yield return Named("contentBlockStop", []);
            index++;
        }

        yield return new JsonObject { ["messageStop"] = new JsonObject { ["stopReason"] = reply["stopReason"]!.DeepClone() } };
        yield return new JsonObject { ["metadata"] = new JsonObject { ["usage"] = reply["usage"]!.DeepClone(), ["metrics"] = new JsonObject { ["latencyMs"] = 5 } } };

        JsonObject Named(string name, JsonObject data)
        {
            data["contentBlockIndex"] = index;
            return new JsonObject { [name] = data };
        }
    }

    private static IEnumerable<JsonNode> Ollama(JsonNode reply)
    {
        foreach (string piece in Pieces(reply["message"]!["content"]!.GetValue<string>()))
        {
            yield return new JsonObject
            {
                ["model"] = reply["model"]?.DeepClone(),
                ["created_at"] = reply["created_at"]!.DeepClone(),
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = piece },
                ["done"] = false,
            };
        }

        JsonObject last = Copy(reply);
        last["message"]!["content"] = "";
        if (reply["message"]!["tool_calls"] is { } calls)
        {
            yield return new JsonObject
            {
                ["model"] = reply["model"]?.DeepClone(),
                ["created_at"] = reply["created_at"]!.DeepClone(),
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "", ["tool_calls"] = calls.DeepClone() },
                ["done"] = false,
            };
            ((JsonObject)last["message"]!).Remove("tool_calls");
        }

        yield return last;
    }
}
