using System.Text.Json;

namespace Opi;

/// <summary>
/// The price table of opi, which is data in this assembly (<c>seed-prices.json</c>, with its source). SessionCoordinator.CostSummary
/// follows it; elsewhere it prices the models that the catalogue does not have.
/// </summary>
internal sealed class SeedPricing
{
    private static readonly Lazy<SeedPricing> Loaded = new(Load);

    private readonly Rule[] _rules;
    private readonly Dictionary<string, string> _sameAs;
    private readonly Dictionary<string, Dictionary<string, string>> _gateways;

    private SeedPricing(Rule[] rules, Dictionary<string, string> sameAs, Dictionary<string, Dictionary<string, string>> gateways)
    {
        _rules = rules;
        _sameAs = sameAs;
        _gateways = gateways;
        Prices = [.. rules.Select(rule => rule.Pricing)];
    }

    /// <summary>The table; read at its first use.</summary>
    public static SeedPricing Default => Loaded.Value;

    /// <summary>All prices, in the order in which they are tried.</summary>
    public IReadOnlyList<ModelPricing> Prices { get; }

    /// <summary>The price of a model, named exactly as opi names it; null when the table has none.</summary>
    public ModelPricing? Find(string? modelSpec)
    {
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

    private static SeedPricing Load()
    {
        using Stream stream = typeof(SeedPricing).Assembly.GetManifestResourceStream("seed-prices.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        return new SeedPricing(
            [.. root.GetProperty("rules").EnumerateArray().Select(ReadRule)],
            ReadMap(root.GetProperty("sameAs")),
            root.GetProperty("gateways").EnumerateObject().ToDictionary(gateway => gateway.Name, gateway => ReadMap(gateway.Value)));
    }

    private static Rule ReadRule(JsonElement rule)
    {
        string text = rule.GetProperty("text").GetString()!;
        bool anywhere = rule.GetProperty("match").GetString() == "contains";
        decimal cacheWrite = rule.GetProperty("cacheWrite").GetDecimal();
        var pricing = new ModelPricing(
            rule.GetProperty("provider").GetString()!,
            anywhere ? $"*{text}*" : $"{text}*",
            rule.GetProperty("input").GetDecimal(),
            rule.GetProperty("output").GetDecimal(),
            rule.GetProperty("cacheRead").GetDecimal(),
            cacheWrite,
            "opi") { CacheWrite1hPrice = cacheWrite }; // opi has one price for all that is written
        return new Rule(text, anywhere, pricing);
    }

    private static Dictionary<string, string> ReadMap(JsonElement map) =>
        map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);

    private sealed record Rule(string Text, bool Anywhere, ModelPricing Pricing);
}
