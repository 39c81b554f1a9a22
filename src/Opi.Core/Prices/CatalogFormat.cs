using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>
/// The form of a catalogue in a file: a JSON object a line. The first has the sources; then each provider is followed by its models. Loading
/// finds the lines and reads those of the providers; those of models are read when their provider is asked.
/// </summary>
internal static class CatalogFormat
{
    private const int Version = 1;
    private static JsonWriterOptions Options => new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a catalogue. The same catalogue gives the same bytes.</summary>
    public static void Write(Stream stream, Catalog catalog)
    {
        WriteLine(stream, writer =>
        {
            writer.WriteNumber("format", Version);
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
            foreach ((string name, string provider) in catalog.BareNames.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, provider);
            }

            writer.WriteEndObject();
        });
        foreach (CatalogProvider provider in catalog.Providers)
        {
            WriteLine(stream, writer => WriteProvider(writer, provider));
            foreach (CatalogModel model in provider.Models)
            {
                WriteLine(stream, writer => WriteModel(writer, model, catalog));
            }
        }
    }

    /// <summary>Reads a catalogue.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="source">What <see cref="ModelPricing.Source"/> is to say.</param>
    /// <exception cref="FormatException">It is none, or of a later format.</exception>
    public static Catalog Read(ReadOnlyMemory<byte> bytes, string source)
    {
        try
        {
            // This runs at the first price of a process, and most of its time is the compiler's: no LINQ over JSON, no lists of structs.
            int at = 0;
            using JsonDocument first = JsonDocument.Parse(NextLine(bytes, ref at));
            JsonElement header = first.RootElement;
            if (header.GetProperty("format").GetInt32() != Version)
            {
                throw new FormatException("it is from a later version of Opi");
            }

            var sources = new List<CatalogSource>();
            foreach (JsonElement item in header.GetProperty("sources").EnumerateArray())
            {
                sources.Add(
                    new CatalogSource(
                        item.GetProperty("name").GetString()!, item.GetProperty("version").GetString()!, item.GetProperty("licence").GetString()!));
            }

            var bare = new Dictionary<string, string>();
            foreach (JsonProperty pair in header.GetProperty("bare").EnumerateObject())
            {
                bare.Add(pair.Name, pair.Value.GetString()!);
            }

            var providers = new List<CatalogProvider>();
            while (at < bytes.Length)
            {
                ReadOnlyMemory<byte> line = NextLine(bytes, ref at);
                int start = at;
                int models = bytes.Span[at..].IndexOf("{\"provider\""u8);
                at = models < 0 ? bytes.Length : at + models;
                providers.Add(ReadProvider(line, bytes[start..at], sources, source));
            }

            return new Catalog(sources, providers, bare);
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException("it is not a catalogue", error);
        }
    }

    private static ReadOnlyMemory<byte> NextLine(ReadOnlyMemory<byte> bytes, ref int at)
    {
        ReadOnlyMemory<byte> rest = bytes[at..];
        int end = rest.Span.IndexOf((byte)'\n');
        end = end < 0 ? rest.Length : end;
        at = Math.Min(at + end + 1, bytes.Length);
        return rest[..end];
    }

    private static CatalogProvider ReadProvider(ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> models, List<CatalogSource> sources, string source)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        var fallbacks = new List<string>();
        if (json.TryGetProperty("fallbacks", out JsonElement others))
        {
            foreach (JsonElement other in others.EnumerateArray())
            {
                fallbacks.Add(other.GetString()!);
            }
        }

        return new CatalogProvider(json.GetProperty("provider").GetString()!, provider => ReadModels(models, provider.Id, sources, source))
        {
            ProviderRule = json.TryGetProperty("names", out JsonElement names) ? ModelRule.Read(names) : null,
            MakerRule = json.TryGetProperty("maker", out JsonElement maker) ? ModelRule.Read(maker) : null,
            Fallbacks = fallbacks,
        };
    }

    private static List<CatalogModel> ReadModels(ReadOnlyMemory<byte> lines, string provider, List<CatalogSource> sources, string source)
    {
        var models = new List<CatalogModel>();
        for (int at = 0; at < lines.Length;)
        {
            models.Add(ReadModel(NextLine(lines, ref at), provider, sources, source));
        }

        return models;
    }

    private static void WriteProvider(Utf8JsonWriter writer, CatalogProvider provider)
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
    }

    private static CatalogModel ReadModel(ReadOnlyMemory<byte> line, string provider, List<CatalogSource> sources, string source)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        string id = json.GetProperty("model").GetString()!;
        CatalogSource origin = sources[(int)(ReadCount(json, "source") ?? 0)];
        var prices = new List<ModelPricing>();
        var model = new CatalogModel(
            provider, id, json.TryGetProperty("match", out JsonElement rule) ? ModelRule.Read(rule) : ModelRule.For(id), origin.ToString())
        {
            ContextWindow = ReadCount(json, "window"),
            MaxOutputTokens = ReadCount(json, "maxOutput"),
            Prices = prices,
        };
        if (json.TryGetProperty("prices", out JsonElement list))
        {
            foreach (JsonElement price in list.EnumerateArray())
            {
                prices.Add(ReadPrice(price, model, source));
            }
        }

        return model;
    }

    private static void WriteModel(Utf8JsonWriter writer, CatalogModel model, Catalog catalog)
    {
        writer.WriteString("model", model.Id);
        if (!model.Rule.Equals(LowerCase.Of(model.Id)))
        {
            WriteRule(writer, "match", model.Rule);
        }

        int source = catalog.Sources.ToList().FindIndex(item => item.ToString() == model.Origin);
        if (source > 0)
        {
            writer.WriteNumber("source", source);
        }

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

    /// <summary>Reads the prices that <see cref="WritePrice"/> wrote.</summary>
    private static ModelPricing ReadPrice(JsonElement json, CatalogModel model, string source)
    {
        PriceTier list = ReadTier(json, ServiceTier.Standard, 0);
        return new ModelPricing(model.Provider, model.Id, list.InputPrice, list.OutputPrice, list.CacheReadPrice, list.CacheWritePrice, source)
        {
            CacheWrite1hPrice = list.CacheWrite1hPrice,
            SearchPrice = ReadAmount(json, "search"),
            ContextWindow = model.ContextWindow,
            MaxOutputTokens = model.MaxOutputTokens,
            ValidFrom = json.TryGetProperty("from", out JsonElement from) ? ReadDate(from.GetString()!) : null,
            DailyFrom = json.TryGetProperty("daily", out JsonElement daily) ? ReadTime(daily[0].GetString()!) : null,
            DailyUntil = json.TryGetProperty("daily", out daily) ? ReadTime(daily[1].GetString()!) : null,
            Tiers = ReadTiers(json),
        };
    }

    private static List<PriceTier> ReadTiers(JsonElement json)
    {
        var tiers = new List<PriceTier>();
        if (json.TryGetProperty("tiers", out JsonElement list))
        {
            foreach (JsonElement tier in list.EnumerateArray())
            {
                tiers.Add(
                    ReadTier(
                        tier,
                        tier.TryGetProperty("rate", out JsonElement rate) ? ReadRate(rate.GetString()!) : ServiceTier.Standard,
                        ReadCount(tier, "above") ?? 0));
            }
        }

        return tiers;
    }

    private static ServiceTier ReadRate(string text) => text switch
    {
        "batch" => ServiceTier.Batch,
        "flex" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        "fast" => ServiceTier.Fast,
        _ => throw new FormatException($"there is no rate '{text}'"),
    };

    private static void WritePrice(Utf8JsonWriter writer, ModelPricing price)
    {
        if (price.ValidFrom is { } from)
        {
            writer.WriteString("from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (price is { DailyFrom: { } start, DailyUntil: { } end })
        {
            writer.WriteStartArray("daily");
            writer.WriteStringValue(start.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.WriteStringValue(end.ToString("HH:mm", CultureInfo.InvariantCulture));
            writer.WriteEndArray();
        }

        WriteTier(writer, price.ListPrices);
        WriteAmount(writer, "search", price.SearchPrice);
        if (price.Tiers.Count > 0)
        {
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
    }

    private static PriceTier ReadTier(JsonElement json, ServiceTier tier, long above) =>
        new(
            tier,
            above,
            ReadAmount(json, "input") ?? 0,
            ReadAmount(json, "output") ?? 0,
            ReadAmount(json, "cacheRead"),
            ReadAmount(json, "cacheWrite"),
            ReadAmount(json, "cacheWrite1h"));

    private static void WriteTier(Utf8JsonWriter writer, PriceTier tier)
    {
        WriteAmount(writer, "input", tier.InputPrice);
        WriteAmount(writer, "output", tier.OutputPrice);
        WriteAmount(writer, "cacheRead", tier.CacheReadPrice);
        WriteAmount(writer, "cacheWrite", tier.CacheWritePrice);
        WriteAmount(writer, "cacheWrite1h", tier.CacheWrite1hPrice);
    }

    // By hand, because the framework's way loads the calendars of all cultures.
    private static DateTimeOffset ReadDate(string text) =>
        new((Digits(text, 0) * 100) + Digits(text, 2), Digits(text, 5), Digits(text, 8), 0, 0, 0, TimeSpan.Zero);

    private static TimeOnly ReadTime(string text) => new(Digits(text, 0), Digits(text, 3));

    private static int Digits(string text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';

    private static long? ReadCount(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : null;

    private static decimal? ReadAmount(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetDecimal() : null;

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
