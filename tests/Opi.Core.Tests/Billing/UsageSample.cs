using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>A line of usage-samples.jsonl: a recorded usage, and what is billed of it.</summary>
internal sealed class UsageSample(JsonElement line)
{
    private static readonly JsonElement MediaRates = JsonDocument.Parse(File.ReadAllText(Replies.Data("media-rates.json"))).RootElement;

    public static IReadOnlyList<UsageSample> All { get; } =
        [.. File.ReadLines(Replies.Data("usage-samples.jsonl")).Select(text => new UsageSample(JsonDocument.Parse(text).RootElement))];

    public string Id => Text("id")!;

    public string Provider => Text("provider")!;

    public string Model => Text("model")!;

    public string? WhyUnknown => Text("why_unknown");

    public decimal? Cost => line.GetProperty("cost_usd").ValueKind == JsonValueKind.Number ? line.GetProperty("cost_usd").GetDecimal() : null;

    public bool IsStated => Text("cost_basis")?.StartsWith("stated", StringComparison.Ordinal) == true;

    public decimal? Derived => line.TryGetProperty("derived_usd", out JsonElement derived) ? derived.GetDecimal() : null;

    public long? ContextTokens => line.TryGetProperty("context_tokens", out JsonElement context) ? context.GetInt64() : null;

    public (long Input, long Output, long Read, long Write, long OneHour) Tokens =>
        (Token("input"), Token("output"), Token("cache_read"), Token("cache_write_5m") + Token("cache_write_1h"), Token("cache_write_1h"));

    public decimal Fees => line.TryGetProperty("fees", out JsonElement fees)
        ? fees.EnumerateArray().Sum(fee => fee.GetProperty("count").GetDecimal() * fee.GetProperty("usd_per_1000").GetDecimal() / 1000)
        : 0;

    /// <summary>The rate at which it must have been billed, by its own statement.</summary>
    public ServiceTier Tier => IsBatch ? ServiceTier.Batch : Text("tier") switch
    {
        "batch" => ServiceTier.Batch,
        "flex" or "ON_DEMAND_FLEX" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        _ => ServiceTier.Standard,
    };

    private bool IsBatch => line.TryGetProperty("batch", out JsonElement batch) && batch.GetBoolean();

    private JsonElement Beside => line.TryGetProperty("beside", out JsonElement beside) ? beside : JsonDocument.Parse("{}").RootElement;

    public override string ToString() => $"{Id} {Provider} {Model}";

    /// <summary>
    /// The prices of the line as those of one model, for the rate it must have been billed at. The list price is another one where that is
    /// not the rate, so that a wrong rate gives a wrong cost.
    /// </summary>
    public ModelPricing? Pricing(int part = 0)
    {
        if (!line.TryGetProperty("rates_usd_per_mtok", out JsonElement rates))
        {
            return null;
        }

        JsonElement rate = rates[part];
        decimal times = line.TryGetProperty("multiplier", out JsonElement factor) ? factor.GetDecimal() : 1;
        decimal trap = Tier == ServiceTier.Standard ? 1 : 1000;
        decimal? Price(string name) => PriceIn(rate, name);
        JsonElement media = MediaRates.TryGetProperty(Model, out JsonElement known) ? known : default;
        decimal? Media(string name) => media.ValueKind == JsonValueKind.Object ? PriceIn(media, name) : null;
        decimal input = Price("input")!.Value;
        decimal output = Price("output")!.Value;
        return new ModelPricing("p", "m", input * trap, output * trap, Price("cr") * trap, Price("cw") * trap, "Test")
        {
            CacheWrite1hPrice = Price("cw1") * trap,
            SearchPrice = 0,
            AudioInputPrice = Media("audio_input"),
            AudioCacheReadPrice = Media("audio_cache_read"),
            AudioOutputPrice = Media("audio_output"),
            ImageOutputPrice = Media("image_output"),
            Tiers = Tier == ServiceTier.Standard ? []
                : [new PriceTier(Tier, 0, input * times, output * times, Price("cr") * times, Price("cw") * times, Price("cw1") * times)],
        };
    }

    /// <summary>Which of the line's prices is that of a pass: its parts are in the order of the prices.</summary>
    public int PartOf(UsagePass pass)
    {
        JsonElement[] parts = [.. line.GetProperty("parts").EnumerateArray()];
        return Array.FindIndex(
            parts, part => part.GetProperty("input").GetInt64() == pass.InputTokens && part.GetProperty("output").GetInt64() == pass.OutputTokens);
    }

    private static decimal? PriceIn(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement price) && price.ValueKind == JsonValueKind.Number ? price.GetDecimal() : null;

    /// <summary>The answer that is read of the smallest reply around the usage.</summary>
    public AssistantMessage Read()
    {
        JsonNode reply = Text("shape") switch
        {
            "anthropic" => Replies.Anthropic(Usage(), Model, Blocks()),
            "chat" or "completions" or "cohere" => Chat(),
            "responses" => Responses(),
            "gemini" => Gemini(),
            "bedrock" => Bedrock(),
            "ollama" => Replies.Ollama((JsonObject)Usage(), Model),
            _ => throw new InvalidOperationException(Text("shape")),
        };
        return Replies.Read(IsBatch ? Batch(reply) : reply, $"{Provider}:{Model}");
    }

    private JsonNode Usage() => JsonNode.Parse(line.GetProperty("usage").GetRawText())!;

    private JsonNode[] Blocks() =>
    [
        .. Names("blocks").Select(block => block.Split(':')).Select(block =>
        {
            var json = new JsonObject { ["type"] = block[0] };
            if (block.Length > 1)
            {
                (json["id"], json["name"], json["input"]) = ("srvtoolu_1", block[1], new JsonObject());
            }

            return json;
        }),
    ];

    private JsonNode Chat()
    {
        JsonObject reply = Replies.Chat(Usage(), Model);
        if (!reply["usage"]!.AsObject().ContainsKey("service_tier"))
        {
            reply["service_tier"] = Text("tier");
        }

        if (Provider == "openrouter")
        {
            reply["provider"] = Beside.TryGetProperty("upstream", out JsonElement upstream) ? upstream.GetString() : null;
        }

        reply["choices"]![0]!["message"]!["executed_tools"] = new JsonArray(
            [.. Names("executed_tools").Select(tool => new JsonObject { ["type"] = tool })]);
        if (Beside.TryGetProperty("usage_breakdown", out JsonElement models))
        {
            reply["usage_breakdown"] = new JsonObject { ["models"] = JsonNode.Parse(models.GetRawText()) };
        }

        if (!Beside.TryGetProperty("usage_at", out _))
        {
            return reply;
        }

        var chunk = new JsonObject
        {
            ["object"] = "chat.completion.chunk",
            ["id"] = "c",
            ["model"] = Model,
            ["choices"] = new JsonArray(new JsonObject { ["delta"] = reply["choices"]![0]!["message"]!.DeepClone(), ["finish_reason"] = "stop" }),
            ["x_groq"] = new JsonObject { ["id"] = "req_1", ["usage"] = reply["usage"]!.DeepClone() },
        };
        return new JsonArray(chunk);
    }

    private JsonObject Responses()
    {
        var actions = new Queue<string>(Names("webSearchActions"));
        JsonNode[] items = [.. Names("items").Select(type => Item(type, actions))];
        JsonObject reply = Replies.Responses(Usage(), Model, items);
        reply["service_tier"] = Text("tier");
        if (Beside.TryGetProperty("tool_usage", out JsonElement tools))
        {
            reply["tool_usage"] = JsonNode.Parse(tools.GetRawText());
        }

        if (Beside.TryGetProperty("tools", out JsonElement given))
        {
            reply["tools"] = new JsonArray([.. given.EnumerateArray().Select(tool => new JsonObject { ["type"] = tool.GetString() })]);
        }

        return reply;
    }

    private static JsonObject Item(string type, Queue<string> actions)
    {
        var item = new JsonObject { ["type"] = type, ["id"] = "i", ["name"] = "n", ["call_id"] = "c" };
        if (type == "web_search_call" && actions.TryDequeue(out string? action) && action != "None")
        {
            item["action"] = new JsonObject { ["type"] = action };
        }

        return item;
    }

    private JsonObject Gemini()
    {
        JsonObject reply = Replies.Gemini(Usage(), Model);
        if (Beside.TryGetProperty("groundingChunks", out JsonElement chunks))
        {
            reply["candidates"]![0]!["groundingMetadata"] = new JsonObject
            {
                ["webSearchQueries"] = new JsonArray(
                    [.. Enumerable.Range(0, Beside.GetProperty("webSearchQueries").GetInt32()).Select(i => JsonValue.Create($"q{i}"))]),
                ["groundingChunks"] = new JsonArray(
                    [.. chunks.EnumerateArray().Select(chunk => new JsonObject { [chunk.GetString()!] = new JsonObject { ["uri"] = "u" } })]),
            };
        }

        return reply;
    }

    private JsonObject Bedrock()
    {
        JsonObject reply = Replies.Bedrock(Usage());
        if (Beside.TryGetProperty("performanceConfig", out JsonElement performance))
        {
            reply["performanceConfig"] = JsonNode.Parse(performance.GetRawText());
        }

        if (Beside.TryGetProperty("guardrail", out _))
        {
            reply["trace"] = JsonNode.Parse(
                """{"guardrail":{"inputAssessment":{"g":{"invocationMetrics":{"usage":{"topicPolicyUnits":1,"wordPolicyUnits":1}}}}}}""");
        }

        return reply;
    }

    private JsonObject Batch(JsonNode reply) => Text("shape") switch
    {
        "anthropic" => new JsonObject { ["custom_id"] = "1", ["result"] = new JsonObject { ["type"] = "succeeded", ["message"] = reply } },
        "gemini" => new JsonObject { ["response"] = reply },
        _ => new JsonObject { ["custom_id"] = "1", ["response"] = new JsonObject { ["status_code"] = 200, ["body"] = reply }, ["error"] = null },
    };

    /// <summary>The names of an object of counts, each as often as its count.</summary>
    private IEnumerable<string> Names(string member) => Beside.TryGetProperty(member, out JsonElement counts)
        ? counts.EnumerateObject().SelectMany(count => Enumerable.Repeat(count.Name, count.Value.GetInt32()))
        : [];

    private long Token(string name) => line.GetProperty("tokens").GetProperty(name).GetInt64();

    private string? Text(string name) => line.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
}
