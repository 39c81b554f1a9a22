using System.Globalization;
using System.Text.Json;

namespace Opi.Benchmarks;

/// <summary>The first price that a new process looks up: the catalogue is loaded for it.</summary>
internal static class CatalogBenchmark
{
    private const int Rounds = 15;
    private const int Lookups = 1_000_000;
    private static readonly string[] Models = ["anthropic:claude-opus-4-8", "gpt-5.3-codex", "claude-haiku-4-5-20251001", "gemini-2.5-pro"];

    public static void Run()
    {
        // Before anything else has touched it, so that all it holds is counted.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        FirstPrice();
        long first = GC.GetTotalMemory(forceFullCollection: true);
        int all = PricingCatalog.Default.PricesAt().Count;
        long whole = GC.GetTotalMemory(forceFullCollection: true);
        double lookup = (first - before) / 1e6, list = (whole - before) / 1e6;
        Comparison.Line($"after the first lookup the heap holds {lookup:0.00} MB more; after listing all {all} prices {list:0.00} MB");

        new Comparison(
            FreshProcess.Contender("load the catalogue and find a price", nameof(FirstPrice)),
            FreshProcess.Contender("parse one such price as JSON (JsonDocument)", nameof(FirstParse))).Run(Rounds, "a start", 1);
        new Comparison(
            Contender.Of("find a price again", () =>
            {
                PricingCatalog catalog = PricingCatalog.Default;
                var at = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
                for (int i = 0; i < Lookups; i++)
                {
                    GC.KeepAlive(catalog.Find(Models[i % Models.Length], at));
                }
            }),
            Contender.Of("format a number (for scale)", () =>
            {
                for (int i = 0; i < Lookups; i++)
                {
                    GC.KeepAlive(i.ToString(CultureInfo.InvariantCulture));
                }
            })).Run(Rounds, "a lookup", Lookups);
    }

    public static void FirstPrice() =>
        _ = PricingCatalog.Default.Find(Models[0])?.InputPrice ?? throw new InvalidDataException("the catalogue lacks a model");

    public static void FirstParse()
    {
        using JsonDocument document = JsonDocument.Parse("""
            { "model": "claude-opus-4-8", "prices": [{ "input": 5, "output": 25, "cacheRead": 0.5, "cacheWrite": 6.25 }] }
            """);
        decimal price = 0;
        foreach (JsonProperty amount in document.RootElement.GetProperty("prices")[0].EnumerateObject())
        {
            price += amount.Value.GetDecimal();
        }

        GC.KeepAlive(price);
    }
}
