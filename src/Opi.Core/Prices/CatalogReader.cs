using System.Buffers.Text;

namespace Opi;

/// <summary>
/// Reads the lines of a catalogue. The first price of a process comes through here, and most of its time is the just-in-time compiler's: so
/// there is no JSON document, no LINQ and no generic type over a struct in it.
/// </summary>
internal static class CatalogReader
{
    /// <summary>Reads the line of a model.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    /// <exception cref="WireException">It is not JSON.</exception>
    public static CatalogModel ReadModel(ReadOnlySpan<byte> line, CatalogProvider provider)
    {
        string id = "";
        List<ModelRule>? rules = null;
        int source = 0;
        long? window = null;
        long? maxOutput = null;
        List<ModelPricing>? prices = null;
        var json = new JsonCursor(line);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("model"u8))
            {
                id = json.ReadString().ToString();
            }
            else if (name.Is("is"u8))
            {
                rules ??= [];
                json.BeginArray();
                while (json.NextElement())
                {
                    rules.Add(ModelRule.For(json.ReadString().ToString()));
                }
            }
            else if (name.Is("match"u8))
            {
                (rules ??= []).Add(ModelRule.Read(ref json));
            }
            else if (name.Is("source"u8))
            {
                source = (int)json.ReadCount();
            }
            else if (name.Is("window"u8))
            {
                window = json.ReadCount();
            }
            else if (name.Is("maxOutput"u8))
            {
                maxOutput = json.ReadCount();
            }
            else if (name.Is("prices"u8))
            {
                prices = [];
                json.BeginArray();
                while (json.NextElement())
                {
                    prices.Add(ReadPrice(ref json));
                }
            }
            else
            {
                json.Skip();
            }
        }

        CatalogSource? origin = source < provider.Sources.Count ? provider.Sources[source] : null;
        var model = new CatalogModel(provider.Id, id, rules is null ? null : ModelRule.AnyOf(rules))
        {
            Origin = origin,
            ContextWindow = window,
            MaxOutputTokens = maxOutput,
            Prices = prices is null ? [] : prices,
        };
        for (int i = 0; prices is not null && i < prices.Count; i++)
        {
            prices[i] = prices[i] with
            {
                Provider = provider.Id,
                Model = id,
                Source = provider.SourceName,
                Origin = origin?.Name,
                PriceDate = origin?.Version,
                ContextWindow = window,
                MaxOutputTokens = maxOutput,
            };
        }

        return model;
    }

    /// <summary>Reads a list of texts.</summary>
    public static List<string> ReadTexts(ref JsonCursor json)
    {
        var texts = new List<string>();
        json.BeginArray();
        while (json.NextElement())
        {
            texts.Add(json.ReadString().ToString());
        }

        return texts;
    }

    private static ModelPricing ReadPrice(ref JsonCursor json)
    {
        var price = new ModelPricing("", "", 0, 0, null, null, "");
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("input"u8))
            {
                price = price with { InputPrice = ReadAmount(ref json) };
            }
            else if (name.Is("output"u8))
            {
                price = price with { OutputPrice = ReadAmount(ref json) };
            }
            else if (name.Is("cacheRead"u8))
            {
                price = price with { CacheReadPrice = ReadAmount(ref json) };
            }
            else if (name.Is("cacheWrite"u8))
            {
                price = price with { CacheWritePrice = ReadAmount(ref json) };
            }
            else if (name.Is("cacheWrite1h"u8))
            {
                price = price with { CacheWrite1hPrice = ReadAmount(ref json) };
            }
            else if (name.Is("tiers"u8))
            {
                price = price with { Tiers = ReadTiers(ref json) };
            }
            else
            {
                price = ReadOther(ref json, name, price);
            }
        }

        return price;
    }

    /// <summary>What few prices have; apart, because what is not used is not compiled.</summary>
    private static ModelPricing ReadOther(ref JsonCursor json, JsonString name, ModelPricing price)
    {
        if (name.Is("search"u8))
        {
            return price with { SearchPrice = ReadAmount(ref json) };
        }

        if (name.Is("us"u8))
        {
            return price with { UsInferenceFactor = ReadAmount(ref json) };
        }

        if (name.Is("from"u8))
        {
            return price with { ValidFrom = ReadDate(json.ReadString().Raw) };
        }

        return ReadRare(ref json, name, price);
    }

    private static ModelPricing ReadRare(ref JsonCursor json, JsonString name, ModelPricing price)
    {
        if (name.Is("weekdays"u8))
        {
            return price with { WeekdaysOnly = json.ReadBoolean() };
        }

        if (name.Is("audioIn"u8))
        {
            return price with { AudioInputPrice = ReadAmount(ref json) };
        }

        if (name.Is("audioOut"u8))
        {
            return price with { AudioOutputPrice = ReadAmount(ref json) };
        }

        if (name.Is("audioRead"u8))
        {
            return price with { AudioCacheReadPrice = ReadAmount(ref json) };
        }

        if (name.Is("imageIn"u8))
        {
            return price with { ImageInputPrice = ReadAmount(ref json) };
        }

        if (name.Is("imageOut"u8))
        {
            return price with { ImageOutputPrice = ReadAmount(ref json) };
        }

        if (name.Is("daily"u8))
        {
            List<string> times = ReadTexts(ref json);
            return price with { DailyFrom = ReadTime(times[0]), DailyUntil = ReadTime(times[1]) };
        }

        json.Skip();
        return price;
    }

    private static List<PriceTier> ReadTiers(ref JsonCursor json)
    {
        var tiers = new List<PriceTier>();
        json.BeginArray();
        while (json.NextElement())
        {
            tiers.Add(ReadTier(ref json));
        }

        return tiers;
    }

    private static PriceTier ReadTier(ref JsonCursor json)
    {
        ServiceTier rate = ServiceTier.Standard;
        long above = 0;
        decimal input = 0;
        decimal output = 0;
        decimal? cacheRead = null;
        decimal? cacheWrite = null;
        decimal? cacheWrite1h = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("rate"u8))
            {
                rate = ReadRate(json.ReadString());
            }
            else if (name.Is("above"u8))
            {
                above = json.ReadCount();
            }
            else if (name.Is("input"u8))
            {
                input = ReadAmount(ref json);
            }
            else if (name.Is("output"u8))
            {
                output = ReadAmount(ref json);
            }
            else if (name.Is("cacheRead"u8))
            {
                cacheRead = ReadAmount(ref json);
            }
            else if (name.Is("cacheWrite"u8))
            {
                cacheWrite = ReadAmount(ref json);
            }
            else if (name.Is("cacheWrite1h"u8))
            {
                cacheWrite1h = ReadAmount(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new PriceTier(rate, above, input, output, cacheRead, cacheWrite, cacheWrite1h);
    }

    private static ServiceTier ReadRate(JsonString text)
    {
        if (text.Is("batch"u8))
        {
            return ServiceTier.Batch;
        }

        if (text.Is("flex"u8))
        {
            return ServiceTier.Flex;
        }

        if (text.Is("priority"u8))
        {
            return ServiceTier.Priority;
        }

        return text.Is("fast"u8) ? ServiceTier.Fast : throw new FormatException($"there is no rate '{text.ToString()}'");
    }

    private static decimal ReadAmount(ref JsonCursor json)
    {
        ReadOnlySpan<byte> number = json.Skip();
        return Utf8Parser.TryParse(number, out decimal amount, out int used) && used == number.Length
            ? amount
            : throw new FormatException("a price is not a number");
    }

    // By hand, because the framework's way loads the calendars of all cultures.
    private static DateTimeOffset ReadDate(ReadOnlySpan<byte> text) =>
        text.Length == 10
            ? new((Digits(text, 0) * 100) + Digits(text, 2), Digits(text, 5), Digits(text, 8), 0, 0, 0, TimeSpan.Zero)
            : throw new FormatException("a date is not yyyy-MM-dd");

    private static int Digits(ReadOnlySpan<byte> text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';

    private static TimeOnly ReadTime(string text) => new(((text[0] - '0') * 10) + text[1] - '0', ((text[3] - '0') * 10) + text[4] - '0');
}
