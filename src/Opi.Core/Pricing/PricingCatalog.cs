using System.Text.Json;

namespace Opi;

/// <summary>The price table of opi, which is data in this assembly (<c>seed-prices.json</c>, with its source).</summary>
public sealed class PricingCatalog
{
    private static readonly Lazy<PricingCatalog> Loaded = new(Load);

    private readonly Rule[] _rules;
    private readonly Dictionary<string, string> _sameAs;
    private readonly Dictionary<string, Dictionary<string, string>> _gateways;

    private PricingCatalog(Rule[] rules, Dictionary<string, string> sameAs, Dictionary<string, Dictionary<string, string>> gateways)
    {
        _rules = rules;
        _sameAs = sameAs;
        _gateways = gateways;
        Prices = [.. rules.Select(rule => rule.Pricing)];
        ExampleModels = [.. rules.SelectMany(rule => rule.Models)];
    }

    /// <summary>The table; read at its first use.</summary>
    public static PricingCatalog Default => Loaded.Value;

    /// <summary>All prices, in the order in which they are tried.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; }

    /// <summary>Some models that have a price, as <c>provider:model</c>.</summary>
    public IReadOnlyList<string> ExampleModels { get; }

    /// <summary>The price of a model; null when the table has none, which is not the same as free.</summary>
    /// <param name="modelSpec">The model as <c>provider:model</c>; upper and lower case differ.</param>
    /// <param name="at">When the response came, since prices change; null for now.</param>
    public ModelPricing? Find(string? modelSpec, DateTimeOffset? at = null)
    {
        _ = at;
        (string provider, string model) = ModelName.Split(modelSpec);
        if (_gateways.TryGetValue(provider, out Dictionary<string, string>? prefixes))
        {
            foreach ((string prefix, string behind) in prefixes)
            {
                if (model.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return FindRule(behind, model[prefix.Length..]);
                }
            }

            return null;
        }

        return FindRule(_sameAs.GetValueOrDefault(provider, provider), model);
    }

    /// <summary>How many tokens a model's context can have; null when the catalogue does not know.</summary>
    /// <param name="modelSpec">The model as <c>provider:model</c>.</param>
    public long? ContextWindow(string? modelSpec) => Find(modelSpec) is null ? null : null;

    private ModelPricing? FindRule(string provider, string model)
    {
        foreach (Rule rule in _rules)
        {
            if (rule.Pricing.Provider == provider && (rule.Anywhere
                ? model.Contains(rule.Text, StringComparison.Ordinal)
                : model.StartsWith(rule.Text, StringComparison.Ordinal)))
            {
                return rule.Pricing;
            }
        }

        return null;
    }

    private static PricingCatalog Load()
    {
        using Stream stream = typeof(PricingCatalog).Assembly.GetManifestResourceStream("seed-prices.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        return new PricingCatalog(
            [.. root.GetProperty("rules").EnumerateArray().Select(ReadRule)],
            ReadMap(root.GetProperty("sameAs")),
            root.GetProperty("gateways").EnumerateObject().ToDictionary(gateway => gateway.Name, gateway => ReadMap(gateway.Value)));
    }

    private static Rule ReadRule(JsonElement rule)
    {
        string text = rule.GetProperty("text").GetString()!;
        bool anywhere = rule.GetProperty("match").GetString() == "contains";
        var pricing = new ModelPricing(
            rule.GetProperty("provider").GetString()!,
            anywhere ? $"*{text}*" : $"{text}*",
            rule.GetProperty("input").GetDecimal(),
            rule.GetProperty("output").GetDecimal(),
            rule.GetProperty("cacheRead").GetDecimal(),
            rule.GetProperty("cacheWrite").GetDecimal(),
            "opi");
        return new Rule(text, anywhere, pricing, [.. rule.GetProperty("models").EnumerateArray().Select(model => $"{pricing.Provider}:{model.GetString()}")]);
    }

    private static Dictionary<string, string> ReadMap(JsonElement map) =>
        map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);

    private sealed record Rule(string Text, bool Anywhere, ModelPricing Pricing, string[] Models);
}
