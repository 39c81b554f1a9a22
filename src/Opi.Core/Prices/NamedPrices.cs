using System.Text.Json;

namespace Opi;

/// <summary>
/// Reads the lists that have providers, and in each the models with a <c>cost</c>: models.dev's <c>api.json</c>, and pi-ai's data, in one
/// file or in its file for each provider. Their amounts are USD for a million tokens.
/// </summary>
internal static class NamedPrices
{
    public const string ModelsDev = "models.dev";

    public const string PiAi = "pi-ai";

    private const int Deepest = 4;
    private const long OldSize = 200_000;

    // What these lists call a provider that the catalogue has under another name.
    private static readonly Dictionary<string, string> Ids = new()
    {
        ["alibaba"] = "dashscope",
        ["amazon-bedrock"] = "aws",
        ["azure-cognitive-services"] = "azure",
        ["cloudflare-workers-ai"] = "cloudflare",
        ["fireworks-ai"] = "fireworks",
        ["google-vertex"] = "google",
        ["google-vertex-anthropic"] = "google",
        ["openai-codex"] = "openai",
        ["togetherai"] = "together",
        ["vercel"] = "vercel-ai-gateway",
        ["xai"] = "x-ai",
    };

    /// <summary>Which of these lists a file is; null when it is not one of them.</summary>
    public static string? KindOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? kind = null;
        Walk(root, null, null, 0, (_, _, model) => kind ??= IsModelsDev(model.GetProperty("cost")) ? ModelsDev : PiAi);
        return kind;
    }

    /// <summary>Reads all models that are paid by tokens.</summary>
    public static List<ListedModel> Read(JsonElement root, EntryReader entries)
    {
        var models = new List<ListedModel>();
        Walk(root, null, null, 0, (provider, id, json) =>
        {
            if (PriceFile.Text(json, "type") is null or "chat")
            {
                entries.Read($"{provider}:{id}", () => models.Add(ReadModel(json, provider, id)));
            }
        });
        return models;
    }

    /// <summary>
    /// Finds the models: objects with a cost. A model's provider and name are in it, or are the names of the objects around it.
    /// </summary>
    private static void Walk(JsonElement json, string? provider, string? id, int depth, Action<string, string, JsonElement> found)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            bool isFrame = property.Name is "providers" or "models";
            if (property.Value.TryGetProperty("cost", out JsonElement cost) && cost.ValueKind == JsonValueKind.Object)
            {
                found(
                    PriceFile.Text(property.Value, "provider") ?? id ?? provider ?? "",
                    PriceFile.Text(property.Value, "id") ?? property.Name,
                    property.Value);
            }
            else if (depth < Deepest)
            {
                Walk(property.Value, id ?? provider, isFrame ? id : property.Name, depth + 1, found);
            }
        }
    }

    private static ListedModel ReadModel(JsonElement json, string provider, string id)
    {
        if (provider.Length == 0)
        {
            throw new FormatException("it names no provider");
        }

        JsonElement limit = json.TryGetProperty("limit", out JsonElement limits) && limits.ValueKind == JsonValueKind.Object ? limits : json;
        return new ListedModel(
            Ids.GetValueOrDefault(LowerCase.Of(provider), LowerCase.Of(provider)),
            id,
            PriceFile.Count(limit, "context") ?? PriceFile.Count(json, "contextWindow"),
            PriceFile.Count(limit, "output") ?? PriceFile.Count(json, "maxTokens"),
            ReadPrice(json.GetProperty("cost"), id)) { HasId = true };
    }

    private static bool IsModelsDev(JsonElement cost) => !cost.TryGetProperty("cacheRead", out _) && !cost.TryGetProperty("cacheWrite", out _);

    /// <summary>
    /// The prices; null when there are none. 0 for input and output means a plan or an unknown price, except in a name that
    /// says that it is free. A cache price of 0 is unknown.
    /// </summary>
    private static ModelPricing? ReadPrice(JsonElement json, string id)
    {
        PriceTier list = ReadTier(json, 0);
        if (list is { InputPrice: 0, OutputPrice: 0 })
        {
            return IsFree(id) ? new ModelPricing("", "", 0, 0, 0, 0, "") { CacheWrite1hPrice = 0 } : null;
        }

        if (json.TryGetProperty("reasoning", out JsonElement reasoning) && PriceFile.Amount(json, "reasoning") is { } apart
            && apart != list.OutputPrice && apart != 0)
        {
            throw new FormatException(
                $"its reasoning costs {PriceFile.Shown(reasoning)} and its output {list.OutputPrice}; such prices are not supported");
        }

        return new ModelPricing("", "", list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, "")
        {
            AudioInputPrice = PriceFile.Amount(json, "input_audio"),
            AudioOutputPrice = PriceFile.Amount(json, "output_audio"),
            Tiers = ReadTiers(json),
        };
    }

    private static bool IsFree(string id) =>
        id.EndsWith("free", StringComparison.Ordinal) && id.Length > 4 && id[^5] is ':' or '-' or '/';

    private static List<PriceTier> ReadTiers(JsonElement json)
    {
        var tiers = new List<PriceTier>();
        if (json.TryGetProperty("tiers", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement tier in list.EnumerateArray())
            {
                long above = tier.TryGetProperty("tier", out JsonElement size)
                    ? PriceFile.Text(size, "type") is "context" ? PriceFile.CountOf(size.GetProperty("size"), "size")
                        : throw new FormatException($"its price depends on {PriceFile.Shown(size)}, which this Opi does not know")
                    : PriceFile.CountOf(tier.GetProperty("inputTokensAbove"), "inputTokensAbove");
                tiers.Add(ReadTier(tier, above));
            }
        }
        else if (json.TryGetProperty("context_over_200k", out JsonElement large) && large.ValueKind == JsonValueKind.Object)
        {
            tiers.Add(ReadTier(large, OldSize));
        }

        return tiers;
    }

    private static PriceTier ReadTier(JsonElement json, long above)
    {
        decimal? input = PriceFile.Amount(json, "input");
        decimal? output = PriceFile.Amount(json, "output");
        return input is null && output is null
            ? throw new FormatException("it has no price for input and output")
            : new PriceTier(
                ServiceTier.Standard,
                above,
                input ?? 0,
                output ?? 0,
                Known(json, "cacheRead") ?? Known(json, "cache_read"),
                Known(json, "cacheWrite") ?? Known(json, "cache_write"),
                null);
    }

    private static decimal? Known(JsonElement json, string name) => PriceFile.Amount(json, name) is { } price and not 0 ? price : null;
}
