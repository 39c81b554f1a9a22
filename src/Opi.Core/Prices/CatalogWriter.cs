using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opi;

/// <summary>Writes a catalogue in the form that <see cref="Catalog"/> reads. The same catalogue gives the same bytes.</summary>
internal static class CatalogWriter
{
    private static JsonWriterOptions Options => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole catalogue as bytes.</summary>
    public static byte[] ToBytes(CatalogDraft catalog)
    {
        using var stream = new MemoryStream();
        Write(stream, catalog);
        return stream.ToArray();
    }

    /// <summary>Writes a catalogue.</summary>
    public static void Write(Stream stream, CatalogDraft catalog)
    {
        WriteLine(stream, writer => WriteHeader(writer, catalog));
        foreach (ProviderDraft provider in catalog.Providers)
        {
            WriteLine(stream, writer => WriteProvider(writer, provider));
            foreach (CatalogModel model in provider.Models)
            {
                WriteLine(stream, writer => WriteModel(writer, model, catalog.Sources));
            }
        }
    }

    private static void WriteHeader(Utf8JsonWriter writer, CatalogDraft catalog)
    {
        writer.WriteNumber("format", Catalog.Format);
        writer.WriteStartArray("sources");
        foreach (CatalogSource source in catalog.Sources)
        {
            writer.WriteStartObject();
            writer.WriteString("name", source.Name);
            writer.WriteString("version", source.Version);
            writer.WriteString("licence", source.Licence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("bare");
        foreach ((string name, string provider) in catalog.BareNames)
        {
            writer.WriteString(name, provider);
        }

        writer.WriteEndObject();
    }

    private static void WriteProvider(Utf8JsonWriter writer, ProviderDraft provider)
    {
        writer.WriteString("provider", provider.Id);
        WriteRule(writer, "names", provider.ProviderRule);
        WriteRule(writer, "maker", provider.MakerRule);
        if (provider.Fallbacks.Count > 0)
        {
            writer.WriteStartArray("fallbacks");
            foreach (string fallback in provider.Fallbacks)
            {
                writer.WriteStringValue(fallback);
            }

            writer.WriteEndArray();
        }

        if (provider.IsGateway)
        {
            writer.WriteBoolean("gateway", true);
        }
    }

    private static void WriteModel(Utf8JsonWriter writer, CatalogModel model, List<CatalogSource> sources)
    {
        writer.WriteString("model", model.Id);
        string[] names = [.. model.ExactNames.Where(name => name != model.Id)];
        if (names.Length > 0)
        {
            writer.WriteStartArray("is");
            foreach (string name in names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        WriteRule(writer, "match", model.Rule?.WithoutExactNames);
        WriteSource(writer, model.Origin, sources);
        WriteCount(writer, "window", model.ContextWindow);
        WriteCount(writer, "maxOutput", model.MaxOutputTokens);
        if (model.Prices.Count > 0)
        {
            writer.WriteStartArray("prices");
            foreach (ModelPricing price in model.Prices)
            {
                writer.WriteStartObject();
                WritePrice(writer, price);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

    private static void WritePrice(Utf8JsonWriter writer, ModelPricing price)
    {
        if (price.ValidFrom is { } from)
        {
            writer.WriteString("from", from.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (price is { DailyFrom: { } start, DailyUntil: { } end })
        {
            writer.WriteStartArray("daily");
            writer.WriteStringValue(start.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.WriteStringValue(end.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.WriteEndArray();
        }

        if (price.WeekdaysOnly)
        {
            writer.WriteBoolean("weekdays", true);
        }

        WriteTier(writer, price.ListPrices);
        WriteAmount(writer, "search", price.SearchPrice);
        WriteAmount(writer, "us", price.UsInferenceFactor);
        WriteAmount(writer, "audioIn", price.AudioInputPrice);
        WriteAmount(writer, "audioOut", price.AudioOutputPrice);
        WriteAmount(writer, "audioRead", price.AudioCacheReadPrice);
        WriteAmount(writer, "imageIn", price.ImageInputPrice);
        WriteAmount(writer, "imageOut", price.ImageOutputPrice);
        if (price.Tiers.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tiers");
        foreach (PriceTier tier in price.Tiers)
        {
            writer.WriteStartObject();
            if (tier.Tier != ServiceTier.Standard)
            {
                writer.WriteString("rate", LowerCase.Of(tier.Tier.ToString()));
            }

            WriteCount(writer, "above", tier.AboveInputTokens is 0 ? null : tier.AboveInputTokens);
            WriteTier(writer, tier);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTier(Utf8JsonWriter writer, PriceTier tier)
    {
        WriteAmount(writer, "input", tier.InputPrice);
        WriteAmount(writer, "output", tier.OutputPrice);
        WriteAmount(writer, "cacheRead", tier.CacheReadPrice);
        WriteAmount(writer, "cacheWrite", tier.CacheWritePrice);
        WriteAmount(writer, "cacheWrite1h", tier.CacheWrite1hPrice);
    }

    private static void WriteSource(Utf8JsonWriter writer, CatalogSource? source, List<CatalogSource> sources)
    {
        if (source is not null && sources.IndexOf(source) is > 0 and int index)
        {
            writer.WriteNumber("source", index);
        }
    }

    private static void WriteCount(Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteAmount(Utf8JsonWriter writer, string name, decimal? amount)
    {
        if (amount is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteRule(Utf8JsonWriter writer, string name, ModelRule? rule)
    {
        if (rule is not null)
        {
            writer.WritePropertyName(name);
            rule.Write(writer);
        }
    }

    private static void WriteLine(Stream stream, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }
}
