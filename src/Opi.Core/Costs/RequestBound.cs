using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>The most that a request can cost, seen before it is sent.</summary>
/// <param name="Cost">It, in USD; null where that is not known.</param>
/// <param name="Why">Why not, as the end of a sentence; null where it is.</param>
internal readonly record struct RequestBound(decimal? Cost, string? Why)
{
    /// <summary>How many more tokens than estimated a text may have: tokenizers differ by a third.</summary>
    private const double TextMargin = 1.5;

    /// <summary>What an image or a page of a document takes at the model that takes the most.</summary>
    private const long MostOfImage = 5_000;

    private const int LongestText = 1_000;

    private static readonly SearchValues<char> OfData =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private static readonly string[] Outputs =
        ["max_completion_tokens", "max_output_tokens", "max_tokens", "maxOutputTokens", "maxTokens", "num_predict"];

    private static readonly string[] OutputPlaces = ["generationConfig", "generation_config", "inferenceConfig", "options"];

    /// <summary>The bound of a request.</summary>
    /// <param name="provider">Whose shape it has.</param>
    /// <param name="model">The model as <c>provider:model</c>; null when not known.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="context">The context that it was made of, for its images and documents.</param>
    /// <param name="now">When it is sent.</param>
    public static RequestBound Of(Provider provider, string? model, JsonElement body, IReadOnlyList<AgentMessage> context, DateTimeOffset now)
    {
        PricingCatalog catalog = PricingCatalog.Default;
        (string vendor, string name) = ModelName.Split(model);
        if (name.Length == 0)
        {
            return new RequestBound(null, "its model is not known");
        }

        if (HostedTool(provider, body) is { } tool)
        {
            return new RequestBound(null, $"the provider itself runs '{tool}', whose fees and tokens are not known in advance");
        }

        ModelPricing? entry = catalog.Find(model, now);
        (long media, int files) = Media(context);
        long input = Tokens(body, files) + media;
        if (catalog.ContextWindow(model) is { } window)
        {
            input = Math.Min(input, window);
        }

        long? output = OutputOf(body) ?? entry?.MaxOutputTokens;
        if (output is null)
        {
            return new RequestBound(null, "it says no limit of its answer, and none is known of its model");
        }

        output *= Math.Max(1, body.Count("n") ?? 1) * Math.Max(1, (body.Get("generationConfig") ?? default).Count("candidateCount") ?? 1);
        int passes = body.Get("context_management") is null ? 1 : 2; // the provider may compact first, with the model
        decimal most = 0;
        var pricer = new UsagePricer(catalog);
        foreach (ServiceTier tier in TiersOf(body))
        {
            decimal? cost = CostAt(pricer, vendor, name, new Usage(input, output.Value, 0, 0), body, tier, now);
            if (cost is null)
            {
                string rate = tier == ServiceTier.Standard ? "" : " at the rate it asks for";
                return new RequestBound(null, $"the model '{model}' has no price{rate}");
            }

            most = Math.Max(most, cost.Value);
            if (MayWriteCache(provider, body))
            {
                Usage written = new(0, output.Value, 0, input) { CacheWrite1hTokens = HasText(body, "1h") ? input : null };
                most = Math.Max(most, CostAt(pricer, vendor, name, written, body, tier, now) ?? 0); // without its own price it is billed as input
            }
        }

        return new RequestBound(most * passes, null);
    }

    private static decimal? CostAt(
        UsagePricer pricer, string provider, string model, Usage usage, JsonElement body, ServiceTier tier, DateTimeOffset now)
    {
        UsageCost cost = pricer.CostOf(new OpiUsage
        {
            Timestamp = now,
            Provider = provider.Length == 0 ? null : provider,
            Model = model,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            CacheWriteTokens = usage.CacheWriteTokens,
            CacheWrite1hTokens = usage.CacheWrite1hTokens,
            TotalTokens = usage.TotalTokens,
            Tier = tier,
            Billing = new BillingDetails(tier) { UsInference = body.Is("inference_geo", "us") },
        });
        return cost.IsComplete ? cost.Known : null;
    }

    /// <summary>The rates that it may be billed at: a provider that cannot serve the one asked for may serve the ordinary one.</summary>
    private static IReadOnlyList<ServiceTier> TiersOf(JsonElement body)
    {
        string[] asked =
        [
            .. new[]
            {
                body.Text("service_tier"),
                body.Get("serviceTier") is { ValueKind: JsonValueKind.String } text ? text.GetString() : body.Get("serviceTier")?.Text("type"),
                body.Text("speed"),
                body.Get("performanceConfig")?.Text("latency"),
            }.OfType<string>(),
        ];
        ServiceTier[] others =
        [
            .. asked.Select(name => name.ToLowerInvariant() switch
            {
                "" or "auto" or "default" or "standard" or "standard_only" or "on_demand" or "none" => ServiceTier.Standard,
                "batch" => ServiceTier.Batch,
                "flex" => ServiceTier.Flex,
                "priority" => ServiceTier.Priority,
                "fast" => ServiceTier.Fast,
                _ => ServiceTier.Other,
            }),
        ];
        return [.. others.Prepend(ServiceTier.Standard).Distinct()];
    }

    private static long? OutputOf(JsonElement body) =>
        OutputPlaces.Select(place => body.Get(place) ?? default).Prepend(body)
            .SelectMany(place => Outputs.Select(name => place.ValueKind == JsonValueKind.Object ? place.Count(name) : null))
            .FirstOrDefault(count => count > 0);

    /// <summary>A tool that the provider runs, and bills in its own way; null for none.</summary>
    private static string? HostedTool(Provider provider, JsonElement body)
    {
        if (body.Get("web_search_options") is not null)
        {
            return "web search";
        }

        if (provider == Provider.GeminiInteractions && body.Get("agent") is not null)
        {
            return "an agent";
        }

        IEnumerable<JsonElement> tools = body.Items("tools").Concat((body.Get("toolConfig") ?? default).Items("tools"));
        foreach (JsonElement tool in tools.Where(tool => tool.ValueKind == JsonValueKind.Object))
        {
            string? type = tool.Text("type");
            string? hosted = provider switch
            {
                Provider.Anthropic => type is null or "custom" || IsOfClient(type) ? null : type,
                Provider.OpenAIChat or Provider.OpenAIResponses =>
                    type is null or "function" or "custom" or "local_shell" or "apply_patch"
                        || type.StartsWith("computer", StringComparison.Ordinal) ? null : type,
                Provider.Gemini => tool.EnumerateObject().Select(member => member.Name)
                    .FirstOrDefault(name => name is not ("functionDeclarations" or "function_declarations")),
                Provider.GeminiInteractions => type is null or "function" or "computer_use" ? null : type,
                Provider.Bedrock => tool.Get("systemTool")?.Text("name"),
                _ => null,
            };
            if (hosted is not null)
            {
                return hosted;
            }
        }

        return null;
    }

    private static bool IsOfClient(string type) =>
        Array.Exists(["bash_", "text_editor_", "computer_", "memory_"], kind => type.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>Whether the provider may write the prompt to its cache, which can cost more than reading it: at OpenAI without being asked.</summary>
    private static bool MayWriteCache(Provider provider, JsonElement body) =>
        provider is Provider.OpenAIChat or Provider.OpenAIResponses || HasMember(body, "cache_control") || HasMember(body, "cachePoint");

    private static bool HasMember(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => member.Name == name || HasMember(member.Value, name)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasMember(item, name)),
        _ => false,
    };

    private static bool HasText(JsonElement value, string text) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member =>
            member.Name == "ttl" ? member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals(text) : HasText(member.Value, text)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasText(item, text)),
        _ => false,
    };

    /// <summary>The tokens of all that the body says, names and numbers among it.</summary>
    /// <param name="value">The body.</param>
    /// <param name="files">
    /// How many images and files it has, which are counted elsewhere: as many texts of base64 are skipped, and no more.
    /// </param>
    private static long Tokens(JsonElement value, int files)
    {
        long bytes = 0;
        double tokens = 0;
        Add(value);
        return (long)Math.Min(bytes, Math.Ceiling(tokens * TextMargin)); // no tokenizer makes more tokens than there are bytes

        void Add(JsonElement at)
        {
            switch (at.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (JsonProperty member in at.EnumerateObject())
                    {
                        Count(member.Name);
                        Add(member.Value);
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in at.EnumerateArray())
                    {
                        Add(item);
                    }

                    break;
                case JsonValueKind.String:
                    string text = JsonHalves.TextOf(at);
                    if (files > 0 && IsData(text))
                    {
                        files--;
                    }
                    else
                    {
                        Count(text);
                    }

                    break;
                default:
                    Count(at.GetRawText());
                    break;
            }
        }

        void Count(string text)
        {
            const int Frame = 2;
            bytes += System.Text.Encoding.UTF8.GetByteCount(text) + Frame;
            tokens += TokenEstimator.CountText(text) + 1;
        }
    }

    /// <summary>Whether a text is the bytes of a file: long, and base64 throughout, or behind the head of a data: address.</summary>
    private static bool IsData(string text)
    {
        const string Head = ";base64,";
        int start = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(Head, StringComparison.Ordinal) + Head.Length : 0;
        return text.Length - start > LongestText && !text.AsSpan(start).ContainsAnyExcept(OfData);
    }

    private static (long Tokens, int Files) Media(IReadOnlyList<AgentMessage> context)
    {
        long tokens = 0;
        int files = 0;
        foreach (IInputContent block in context.SelectMany(InputOf))
        {
            files += block is ImageContent or DocumentContent { Source: not null } ? 1 : 0;
            tokens += block switch
            {
                ImageContent => MostOfImage,
                DocumentContent { Text: null } document => 2 * DocumentTokens.Count(document),
                _ => 0,
            };
        }

        return (tokens, files);

        static IEnumerable<IInputContent> InputOf(AgentMessage message) => message switch
        {
            UserMessage user => user.Content,
            SystemMessage system => system.Content,
            ToolResultMessage result => result.Content,
            _ => [],
        };
    }

    /// <summary>The bound, for a message.</summary>
    public override string ToString() => Cost is { } cost ? cost.ToString(CultureInfo.InvariantCulture) : Why ?? "";
}
