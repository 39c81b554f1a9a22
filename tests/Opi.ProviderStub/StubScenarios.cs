using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.ProviderStub;

/// <summary>
/// Answers by a scenario: a name, and steps of which each request takes the next; when they are used up, as ever. Steps: ok; a status such as
/// 429 or 529, with @2 behind it for Retry-After in seconds or @date for a date; drop (the connection closes at once); torn (it breaks in the
/// middle); silent (a stream ends in the middle); error (a stream has the provider's error in the middle); overflow; pause; refusal; length;
/// parallel (two calls of the first tool); hang.
/// </summary>
public sealed class StubScenarios
{
    private readonly ConcurrentDictionary<string, int> _places = new();

    /// <summary>The answer to the next request of a scenario; null for the usual one.</summary>
    /// <param name="scenario">The name, a colon, and the steps with commas between them.</param>
    /// <param name="request">The request.</param>
    /// <param name="text">The text of answers.</param>
    public StubAnswer? Next(string scenario, StubRequest request, string text)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        string[] steps = scenario[(scenario.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',');
        int place = _places.AddOrUpdate(scenario, 0, (_, before) => before + 1);
        return place < steps.Length ? Of(steps[place], request, text) : null;
    }

    /// <summary>The usual answer: by lines where the request asks for a stream.</summary>
    public static StubAnswer Whole(StubRequest request, string text) => Wrap(
        request, StubReply.For(request.Provider, request.Body, text, StubReply.ModelAt(request.Path)));

    /// <summary>The answer of one step.</summary>
    public static StubAnswer? Of(string step, StubRequest request, string text)
    {
        ArgumentNullException.ThrowIfNull(step);
        string[] parts = step.Split('@');
        if (int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            return new StubAnswer(status, Error(request.Provider, status))
            {
                RetryAfter = parts.Length < 2 ? null
                    : parts[1] == "date" ? DateTimeOffset.UtcNow.AddSeconds(1).ToString("R", CultureInfo.InvariantCulture)
                    : parts[1],
            };
        }

        StubAnswer whole = Whole(request, text);
        return step switch
        {
            "ok" => null,
            "drop" => whole with { TornAt = 0 },
            "torn" => whole with { TornAt = 0.6 },
            "silent" => whole.Lines is { } lines ? whole with { Lines = [.. lines.Take(lines.Count * 6 / 10)] } : whole with { TornAt = 0.6 },
            "error" => whole.Lines is { } some
                ? whole with { Lines = [.. some.Take(some.Count * 6 / 10), .. StubLines.Error(request.Provider, Error(request.Provider, 529))] }
                : new StubAnswer(529, Error(request.Provider, 529)),
            "overflow" => new StubAnswer(400, Overflow(request.Provider)),
            "hang" => whole with { Hangs = true },
            "pause" or "refusal" or "length" => Wrap(request, Stopped(step, request, text)),
            "parallel" => Wrap(request, Twice(StubReply.For(request.Provider, request.Body, text, StubReply.ModelAt(request.Path)), request.Provider)),
            _ => throw new ArgumentException($"There is no step '{step}'.", nameof(step)),
        };
    }

    private static StubAnswer Wrap(StubRequest request, JsonNode reply) =>
        new(200, reply) { Lines = StubLines.IsWanted(request) ? StubLines.Lines(request.Provider, reply) : null };

    private static JsonNode Stopped(string step, StubRequest request, string text)
    {
        JsonNode reply = StubReply.For(request.Provider, WithoutTools(request.Body), text, StubReply.ModelAt(request.Path));
        (string member, string value) = (step, request.Provider) switch
        {
            ("pause", Provider.Anthropic) => ("stop_reason", "pause_turn"),
            ("refusal", Provider.Anthropic) => ("stop_reason", "refusal"),
            ("length", Provider.Anthropic) => ("stop_reason", "max_tokens"),
            ("refusal", Provider.Bedrock) => ("stopReason", "guardrail_intervened"),
            ("length", Provider.Bedrock) => ("stopReason", "max_tokens"),
            ("refusal", Provider.OpenAIChat) => ("choices.0.finish_reason", "content_filter"),
            ("length", Provider.OpenAIChat) => ("choices.0.finish_reason", "length"),
            ("refusal", Provider.Gemini) => ("candidates.0.finishReason", "SAFETY"),
            ("length", Provider.Gemini) => ("candidates.0.finishReason", "MAX_TOKENS"),
            ("refusal", Provider.GeminiInteractions) => ("status", "failed"),
            ("length", Provider.GeminiInteractions) => ("status", "incomplete"),
            ("refusal", Provider.OpenAIResponses) => ("incomplete_details", "content_filter"),
            ("length", Provider.OpenAIResponses) => ("incomplete_details", "max_output_tokens"),
            ("length", Provider.Ollama) => ("done_reason", "length"),
            ("refusal", Provider.Ollama) => ("done_reason", "content_filter"),
            _ => ("", ""),
        };
        if (member == "incomplete_details")
        {
            reply["status"] = "incomplete";
            reply[member] = new JsonObject { ["reason"] = value };
        }
        else if (member.Length > 0)
        {
            string[] path = member.Split('.');
            JsonNode at = path.Length == 1 ? reply : reply[path[0]]![int.Parse(path[1], CultureInfo.InvariantCulture)]!;
            at[path[^1]] = value;
        }

        return reply;
    }

    private static JsonElement WithoutTools(JsonElement body)
    {
        JsonObject request = JsonObject.Create(body.Clone())!;
        request.Remove("tools");
        request.Remove("toolConfig");
        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>The same with its call twice.</summary>
    private static JsonNode Twice(JsonNode reply, Provider provider)
    {
        JsonArray? list = provider switch
        {
            Provider.Anthropic => reply["content"] as JsonArray,
            Provider.OpenAIChat => reply["choices"]![0]!["message"]!["tool_calls"] as JsonArray,
            Provider.OpenAIResponses => reply["output"] as JsonArray,
            Provider.Gemini => reply["candidates"]![0]!["content"]!["parts"] as JsonArray,
            Provider.GeminiInteractions => reply["steps"] as JsonArray,
            Provider.Bedrock => reply["output"]!["message"]!["content"] as JsonArray,
            _ => reply["message"]!["tool_calls"] as JsonArray,
        };
        if (list is null || !reply.ToJsonString().Contains("arguments", StringComparison.Ordinal) && !reply.ToJsonString().Contains("\"name\"", StringComparison.Ordinal))
        {
            return reply;
        }

        JsonNode again = list[^1]!.DeepClone();
        foreach (string id in (string[])["id", "call_id"])
        {
            if (again is JsonObject call && call[id] is JsonValue known)
            {
                call[id] = known.GetValue<string>() + "b";
            }
        }

        if (again["toolUse"] is JsonObject use)
        {
            use["toolUseId"] = use["toolUseId"]!.GetValue<string>() + "b";
        }

        list.Add(again);
        return reply;
    }

    /// <summary>A provider's error of a status.</summary>
    public static JsonNode Error(Provider provider, int status)
    {
        const string Words = "The stub was asked for this.";
        string kind = status switch
        {
            429 => "rate_limit_error",
            529 => "overloaded_error",
            408 => "timeout_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };
        return provider switch
        {
            Provider.Anthropic => new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = kind, ["message"] = Words } },
            Provider.Gemini or Provider.GeminiInteractions => new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = status,
                    ["message"] = Words,
                    ["status"] = status switch { 429 => "RESOURCE_EXHAUSTED", 529 or 503 => "UNAVAILABLE", >= 500 => "INTERNAL", 408 => "DEADLINE_EXCEEDED", _ => "INVALID_ARGUMENT" },
                },
            },
            Provider.Bedrock => new JsonObject { ["message"] = Words },
            Provider.Ollama => new JsonObject { ["error"] = Words },
            _ => new JsonObject
            {
                ["error"] = new JsonObject { ["message"] = Words, ["type"] = status >= 500 ? "server_error" : kind, ["param"] = null, ["code"] = status == 429 ? "rate_limit_exceeded" : null },
            },
        };
    }

    private static JsonNode Overflow(Provider provider) => provider switch
    {
        Provider.Anthropic => StubReply.Error(provider, 400, "prompt is too long: 210000 tokens > 200000 maximum"),
        Provider.Gemini or Provider.GeminiInteractions => StubReply.Error(provider, 400, "The input token count (210000) exceeds the maximum number of tokens allowed (200000)."),
        Provider.Bedrock => StubReply.Error(provider, 400, "Input is too long for requested model."),
        Provider.Ollama => StubReply.Error(provider, 400, "prompt too long; exceeded max context length by 10000 tokens"),
        _ => new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens.",
                ["type"] = "invalid_request_error",
                ["param"] = "messages",
                ["code"] = "context_length_exceeded",
            },
        },
    };
}
